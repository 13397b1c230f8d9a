"""Pictures that are no whole face, planted among real faces: how early each way of looking finds them.

    python benchmarks/not_faces.py TRAIN.npz [--share 0.02] [--seed 0]

TRAIN.npz holds `images` (N, 48, 48) uint8. Planted are, in equal parts: blank pictures, noise on a plain gray, text,
drawings (outlines, and faces in two tones), half faces (shifted by 20 to 28 pixels), faces of which a side of 21 to 26
pixels is filled (with black, white, their mean gray, the line at its edge, or the mirrored rest; every third saved as
JPEG), several faces in one picture, and textures. Printed are the recall within the first 2 % and 5 % and the average
precision of each kind and of all of them, by a random order, by plain statistics (contrast and sharpness, the more
unusual of the two), and by the audit. Average precision by kind leaves the other planted kinds out. The source's own
pictures without a face count as false here, so that no way can reach 1; its plainest, those of one gray, are counted as
a part of them.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fercore.curation.not_faces import search
from fercore.faces import quality

SIDE, LARGE = 48, 192
Pictures = npt.NDArray[np.uint8]
Scores = npt.NDArray[np.float64]
Random = np.random.Generator


def blank(faces: Pictures, random: Random) -> Pictures:
    """One gray."""
    return np.full((SIDE, SIDE), random.integers(256), np.uint8)


def noise(faces: Pictures, random: Random) -> Pictures:
    """One gray with the noise of a sensor."""
    values = random.integers(10, 245) + random.normal(0, random.uniform(1, 12), (SIDE, SIDE))
    return np.clip(values, 0, 255).astype(np.uint8)


def text(faces: Pictures, random: Random) -> Pictures:
    """Lines of letters in one of five fonts, dark on light or light on dark."""
    paper, ink = (250, 20) if random.random() < 0.7 else (15, 235)
    sheet = np.full((LARGE, LARGE), paper, np.uint8)
    size = random.uniform(0.5, 2.0)
    at = int(random.integers(5, 40))
    while at < LARGE + 18:
        letters = "".join(chr(random.integers(97, 123)) if random.random() < 0.85 else " " for _ in range(24))
        start = (int(random.integers(-60, 10)), at)
        cv2.putText(sheet, letters, start, int(random.integers(5)), size, ink, max(1, int(2 * size)), cv2.LINE_AA)
        at += int(34 * size + 10)
    return _shrunk(sheet)


def drawing(faces: Pictures, random: Random) -> Pictures:
    """A face in two tones, or the outlines of one."""
    if random.random() < 0.5:
        soft = cv2.GaussianBlur(faces[0], (0, 0), 1)
        return np.where(soft > np.median(soft) + random.integers(-10, 10), 245, 10).astype(np.uint8)
    sheet = np.full((LARGE, LARGE), int(random.integers(200, 256)), np.uint8)
    middle = (int(random.integers(80, 112)), int(random.integers(80, 112)))
    line = int(random.integers(3, 7))
    head = (int(random.integers(55, 85)), int(random.integers(65, 92)))
    cv2.ellipse(sheet, middle, head, 0, 0, 360, 20, line)
    for across in (-28, 28):
        eye = (middle[0] + across, middle[1] - 20)
        cv2.circle(sheet, eye, int(random.integers(5, 14)), 20, int(random.choice([-1, line])))
    mouth, end = (30, int(random.integers(5, 25))), int(random.choice([180, 360]))
    cv2.ellipse(sheet, (middle[0], middle[1] + 30), mouth, 0, 0, end, 20, line)
    return _shrunk(sheet)


def half_face(faces: Pictures, random: Random) -> Pictures:
    """A face shifted by about half of it; behind it, its edge, a plain gray or a blurred picture."""
    shift = int(random.integers(20, 29))
    right, down = ((shift, 0), (-shift, 0), (0, shift), (0, -shift))[random.integers(4)]
    move = np.array([[1, 0, right], [0, 1, down]], np.float32)
    background = random.integers(3)
    if background == 0:
        return np.asarray(cv2.warpAffine(faces[0], move, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE))
    if background == 1:
        return np.asarray(cv2.warpAffine(faces[0], move, (SIDE, SIDE), borderValue=int(np.median(faces[0][0]))))
    inside = cv2.warpAffine(np.ones((SIDE, SIDE), np.uint8), move, (SIDE, SIDE))
    return np.where(inside, cv2.warpAffine(faces[0], move, (SIDE, SIDE)), cv2.GaussianBlur(faces[1], (0, 0), 4))


def filled_half(faces: Pictures, random: Random) -> Pictures:
    """A face of which one side is filled: with one gray, the line where it begins, or the mirrored rest."""
    turns, side = int(random.integers(4)), int(random.integers(21, 27))
    picture = np.rot90(faces[0], turns).copy()
    filling = random.integers(5)
    if filling < 3:
        picture[:, :side] = (0, 255, int(faces[0].mean()))[filling]
    elif filling == 3:
        picture[:, :side] = picture[:, side : side + 1]
    else:
        seen = picture[:, side : 2 * side][:, ::-1]  # what lies beyond the picture repeats the line at its edge
        picture[:, side - seen.shape[1] : side] = seen
        picture[:, : side - seen.shape[1]] = seen[:, :1]
    picture = np.rot90(picture, -turns)
    if random.random() < 1 / 3:
        coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
        picture = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)
    return np.ascontiguousarray(picture)


def several_faces(faces: Pictures, random: Random) -> Pictures:
    """The middles of two faces side by side, four small faces, or two small ones on a plain gray."""
    arrangement = random.integers(3)
    if arrangement == 0:
        return np.hstack([faces[0][:, 12:36], faces[1][:, 12:36]])
    small = [_shrunk(face, SIDE // 2) for face in faces]
    if arrangement == 1:
        return np.vstack([np.hstack(small[:2]), np.hstack(small[2:])])
    picture = np.full((SIDE, SIDE), int(faces[1].mean()), np.uint8)
    top = int(random.integers(4, 20))
    picture[top : top + SIDE // 2, : SIDE // 2] = small[0]
    low = SIDE // 2 - top // 2
    picture[low : low + SIDE // 2, SIDE // 2 :] = small[1]
    return picture


def texture(faces: Pictures, random: Random) -> Pictures:
    """Stripes, clouds, a noisy chessboard or blurred noise."""
    down, right = np.mgrid[:SIDE, :SIDE]
    sort = random.integers(4)
    if sort == 0:
        angle = random.uniform(0, np.pi)
        values = np.sin((right * np.cos(angle) + down * np.sin(angle)) * random.uniform(0.2, 1.5))
    elif sort == 1:
        frequency = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.fftfreq(SIDE))
        frequency[0, 0] = 1
        waves = np.fft.fft2(random.normal(size=(SIDE, SIDE)))
        values = np.fft.ifft2(waves / frequency ** random.uniform(0.5, 1.8)).real
    elif sort == 2:
        values = np.sign(np.sin(right * random.uniform(0.3, 1.2)) * np.sin(down * random.uniform(0.3, 1.2)))
        values = values + random.normal(0, 0.2, (SIDE, SIDE))
    else:
        values = cv2.GaussianBlur(random.normal(size=(SIDE, SIDE)), (0, 0), random.uniform(1, 5))
    values = (values - values.mean()) / values.std()
    return np.clip(random.uniform(90, 160) + values * random.uniform(25, 60), 0, 255).astype(np.uint8)


def _shrunk(picture: Pictures, side: int = SIDE) -> Pictures:
    return np.asarray(cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


KINDS: dict[str, Callable[[Pictures, Random], Pictures]] = {
    "blank": blank,
    "noise": noise,
    "text": text,
    "drawing": drawing,
    "half face": half_face,
    "filled half": filled_half,
    "several faces": several_faces,
    "texture": texture,
}


def planted(faces: Pictures, share: float, random: Random) -> tuple[Pictures, npt.NDArray[np.int64]]:
    """The faces with some replaced, and (N,) the kind of each, -1 for a face of the source."""
    each = int(len(faces) * share) // len(KINDS)
    places = random.permutation(len(faces))[: each * len(KINDS)].reshape(len(KINDS), each)
    pictures, kind = faces.copy(), np.full(len(faces), -1)
    for number, (make, chosen) in enumerate(zip(KINDS.values(), places, strict=True)):
        for place in chosen:
            others = faces[random.integers(len(faces), size=3)]
            pictures[place] = make(np.concatenate([faces[place : place + 1], others]), random)
            kind[place] = number
    return pictures, kind


def unusual(values: Scores) -> Scores:
    """The distance from the median in median absolute deviations."""
    logs = np.log1p(values)
    middle = np.median(logs)
    return np.asarray(np.abs(logs - middle) / np.median(np.abs(logs - middle)))


def ways(pictures: Pictures, seed: int) -> Iterator[tuple[str, Scores]]:
    """(name, (N,) suspicion) of each way of looking."""
    yield "random order", np.random.default_rng(seed + 1).random(len(pictures))
    yield (
        "contrast and sharpness",
        np.maximum(unusual(quality.contrast(pictures)), unusual(quality.sharpness(pictures))),
    )
    result = search.find(len(pictures), lambda places: pictures[places], seed)
    ranked = np.empty(len(pictures))
    ranked[result.order] = np.arange(len(pictures), 0, -1)
    yield "the audit", ranked


def figures(scores: Scores, kind: npt.NDArray[np.int64], number: int | None) -> tuple[float, float, float]:
    """Recall within the first 2 % and 5 % of all, and average precision, of one kind or of all of them."""
    from sklearn.metrics import average_precision_score

    wanted = kind == number if number is not None else kind >= 0
    first = np.argsort(-scores, kind="stable")
    recall = [float(wanted[first[: int(len(kind) * share)]].sum() / wanted.sum()) for share in (0.02, 0.05)]
    looked_at = wanted | (kind < 0)
    return recall[0], recall[1], float(average_precision_score(wanted[looked_at], scores[looked_at]))


def main() -> None:
    """Print the figures of each way of looking, by kind."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--share", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    faces = np.load(given.data)["images"]
    pictures, kind = planted(faces, given.share, np.random.default_rng(given.seed))
    own = kind < 0
    plain = int((pictures[own].reshape(own.sum(), -1).std(1) == 0).sum())
    print(f"{(~own).sum():,} of {len(faces):,} pictures are planted; of the source's own, {plain} are of one gray")
    for name, scores in _timed(ways(pictures, given.seed)):
        rows = [("all", figures(scores, kind, None))]
        rows += [(known, figures(scores, kind, number)) for number, known in enumerate(KINDS)]
        print(f"  {name}")
        for row, (first, more, precision) in rows:
            print(f"    {row:14} first 2 % {first:.3f}, first 5 % {more:.3f}, average precision {precision:.3f}")
    result = search.find(len(pictures), lambda places: pictures[places], given.seed)
    true = int((result.is_finding & ~own).sum())
    print(f"  findings: {result.is_finding.sum():,}, planted {true:,}; named by kind:")
    for number, known in enumerate(KINDS):
        named = np.bincount(result.kind[(kind == number) & result.is_finding], minlength=len(search.KINDS))
        words = ", ".join(f"{word} {count}" for word, count in zip(search.KINDS, named, strict=True) if count)
        print(f"    {known:14} found {named.sum()} of {(kind == number).sum()}: {words}", flush=True)


def _timed(results: Iterator[tuple[str, Scores]]) -> Iterator[tuple[str, Scores]]:
    started = time.monotonic()
    for name, scores in results:
        yield f"{name} ({time.monotonic() - started:.0f} s)", scores
        started = time.monotonic()


if __name__ == "__main__":
    main()

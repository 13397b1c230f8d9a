"""Extraction against the plain loop, on big JPEGs with known faces, in the same run.

The plain loop decodes each photo whole, turns it gray and calls `detectMultiScale(1.1, 5)` in one process
with OpenCV's own threads. Pictures of 9 to 24 megapixels are made: drawn people, and real photos enlarged
where a folder of them is given, before a textured ground. Both ways look at the same files in turn.

    python benchmarks/extract.py [--photos 24] [--real FOLDER]
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np
from PIL import Image, ImageOps

from fercore.drawing.photos import portrait
from fercore.faces.boxes import Box, same_face

SIZES = ((3464, 2598), (4000, 3000), (4896, 3264), (6000, 4000))
ROUNDS = 2


@dataclass(frozen=True)
class Score:
    """What one way found in all photos."""

    seconds: float
    hits: int
    known: int
    false: int


def texture(size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    """A ground of light and dark at every scale, which tempts a cascade as leaves and bookshelves do."""
    width, height = size
    ground = np.zeros((height, width), np.float32)
    for cell in (16, 40, 96, 240, 600):
        small = rng.normal(0, 1, (height // cell + 2, width // cell + 2)).astype(np.float32)
        ground += np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)) * cell**0.35
    gray = np.clip(128 + 22 * ground / ground.std(), 0, 255).astype(np.uint8)
    return ImageOps.colorize(Image.fromarray(gray), "#2d3a2e", "#d9cfb8")


Known = tuple[Image.Image, list[Box]]


def pasted(part: Image.Image, boxes: list[Box], size: tuple[int, int], rng: np.random.Generator) -> Known:
    """A picture in the middle of a textured ground, filling most of its height; its boxes move along."""
    ground = texture(size, rng)
    scale = 0.8 * min(size[0] / part.width, size[1] / part.height)
    enlarged = part.resize((round(part.width * scale), round(part.height * scale)), Image.Resampling.LANCZOS)
    x, y = (size[0] - enlarged.width) // 2, (size[1] - enlarged.height) // 2
    ground.paste(enlarged, (x, y))
    moved = [(a * scale + x, b * scale + y, w * scale, h * scale) for a, b, w, h in boxes]
    return ground, [(round(a), round(b), round(w), round(h)) for a, b, w, h in moved]


def made(count: int, real: Path | None) -> Iterator[Known]:
    """Drawn people and real photos by turns, each with the boxes of its faces."""
    rng = np.random.default_rng(0)
    photos = sorted(real.iterdir()) if real and real.is_dir() else []
    for number in range(count):
        size = SIZES[number % len(SIZES)]
        if photos and number % 2:
            part = ImageOps.exif_transpose(Image.open(photos[number // 2 % len(photos)])).convert("RGB")
            yield pasted(part, plain_boxes(np.asarray(part.convert("L"))), size, rng)
        else:
            people = [(("west", "east")[number % 2], int(rng.integers(7))) for _ in range(1 + number % 3 // 2)]
            part, boxes = portrait(people, number, (1200, 900))
            yield pasted(part, boxes, size, rng)


def plain_boxes(gray: "np.ndarray[tuple[int, int], np.dtype[np.uint8]]") -> list[Box]:
    """What the plain loop finds in one gray picture."""
    import cv2

    cascade = cv2.CascadeClassifier(f"{cv2.data.haarcascades}haarcascade_frontalface_default.xml")
    return [tuple(int(value) for value in box) for box in cascade.detectMultiScale(gray, 1.1, 5)]


def plain(folder: Path) -> dict[str, list[Box]]:
    """The plain loop over every photo."""
    import cv2

    boxes = {}
    for path in sorted(folder.iterdir()):
        boxes[path.name] = plain_boxes(cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2GRAY))
    return boxes


def ours(folder: Path) -> dict[str, list[Box]]:
    """A whole extraction into a store: crops, checks, surroundings, rows and all."""
    from sqlalchemy import select

    from fercore.services.datasets.extraction import ExtractRequest, extract
    from fercore.settings import Settings
    from fercore.store import open_store
    from fercore.store.tables import Face, Photo

    with tempfile.TemporaryDirectory() as data:
        store = open_store(Settings(data_dir=Path(data), models_dir=Path(data) / "models", user="bench"))
        extract(store, ExtractRequest(folder, "D"))
        boxes: dict[str, list[Box]] = {path.name: [] for path in folder.iterdir()}
        with store.database.reading() as session:
            for name, box in session.execute(select(Photo.name, Face.box).join(Photo, Photo.id == Face.photo_id)):
                boxes[name].append(tuple(box))
        store.database.close()
    return boxes


def score(seconds: float, by_photo: dict[str, list[Box]], known: dict[str, list[Box]]) -> Score:
    """A known face is hit by a box over it of about its size; a box that hits none is false."""
    hits = false = 0
    for name, boxes in known.items():
        hit = [any(same_face(box, face) for box in by_photo[name]) for face in boxes]
        hits += sum(hit)
        false += sum(not any(same_face(box, face) for face in boxes) for box in by_photo[name])
    return Score(seconds, hits, sum(map(len, known.values())), false)


def measured(way: str, folder: Path) -> tuple[float, dict[str, list[Box]]]:
    """One way in a process of its own; its seconds without Python's start."""
    import json

    answer = subprocess.run(
        [sys.executable, __file__, "--way", way, "--folder", str(folder)], capture_output=True, text=True, check=True
    )
    seconds, by_photo = json.loads(answer.stdout)
    return seconds, {name: [tuple(box) for box in boxes] for name, boxes in by_photo.items()}


def main() -> None:
    """Make the photos, measure both ways, print the comparison."""
    import json

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=24)
    parser.add_argument("--real", type=Path, default=ROOT.parent / "shared" / "data" / "photos")
    parser.add_argument("--way", choices=["plain", "ours"])
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.way:
        started = time.perf_counter()
        by_photo = {"plain": plain, "ours": ours}[given.way](given.folder)
        print(json.dumps([time.perf_counter() - started, by_photo]))
        return
    known: dict[str, list[Box]] = {}
    with tempfile.TemporaryDirectory() as name:
        for number, (picture, boxes) in enumerate(made(given.photos, given.real)):
            known[f"{number:03}.jpg"] = boxes
            picture.save(Path(name, f"{number:03}.jpg"), quality=92)
        best: dict[str, Score] = {}
        for _ in range(ROUNDS):
            for way in ("plain", "ours"):
                seconds, by_photo = measured(way, Path(name))
                if way not in best or seconds < best[way].seconds:
                    best[way] = score(seconds, by_photo, known)
    for way, result in best.items():
        rate = given.photos / result.seconds
        print(f"{way:6} {rate:6.2f} photos/s  recall {result.hits}/{result.known}  false faces {result.false}")
    print(f"ratio {best['plain'].seconds / best['ours'].seconds:.1f} (goal: at least 15)")


if __name__ == "__main__":
    main()

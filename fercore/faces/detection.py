"""Face detectors: each takes a decoded photo and returns boxes in the full picture's pixels with scores."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final, Protocol

from fercore.errors import InputError
from fercore.faces.boxes import Box, median_box, overlap
from fercore.faces.decoding import LONG_SIDE, DecodedPhoto, decode_finer, reach
from fercore.faces.opencv import opencv
from fercore.faces.pixels import Gray
from fercore.language.sentences import sentence

# The cascade knows nothing below 24 pixels of what it is shown; less than 30 full pixels make no 48 x 48 face.
MIN_FACE: Final = 30
_CASCADE: Final = "haarcascade_frontalface_default.xml"
_CASCADE_SIDE: Final = 24
_SCALE_STEP: Final = 1.1
# Reduced pictures give a few more false hits at five neighbours; six keep the true ones, eight lose some.
_NEIGHBOURS: Final = 5
_NEIGHBOURS_REDUCED: Final = 6
_REDUCED_SIDE: Final = 28
YUNET_FILE: Final = "face_detection_yunet_2023mar.onnx"
YUNET_URL: Final = "https://github.com/opencv/opencv_zoo/tree/main/models/face_detection_yunet"
_YUNET_SCORE: Final = 0.6
# Longer sides, as far as they count, at which a photo is looked at: the next one only where the one before showed
# no face, or faces so small that smaller ones may have been missed.
_LOOKS: Final = (LONG_SIDE, 2 * LONG_SIDE, 4 * LONG_SIDE)
# A picture of more of its shorter sides is looked at part by part, so that memory stays that of an ordinary photo.
_PART_SHAPE: Final = 4
_SMALL: Final = 48  # pixels of what was looked at
_SAME: Final = 0.3  # intersection over union


@dataclass(frozen=True, slots=True)
class Detection:
    """One face: its box, and the detector's own score (higher is surer); None where no detector found it."""

    box: Box
    score: float | None


class Detector(Protocol):
    """A detector of faces in a photo, biggest first; a face whose score is under `weak` needs other signs."""

    weak: float

    def detect(self, photo: DecodedPhoto) -> list[Detection]:
        """The faces of a photo, biggest first; an empty list where there is none."""
        ...


class Haar:
    """OpenCV's frontal Haar cascade, as the paper used it (Viola and Jones 2001)."""

    # On real photos, true faces mostly weighed 5 to 12 and false ones under 4.
    weak = 4.0

    def __init__(self) -> None:
        cv2 = opencv()
        path = Path(cv2.data.haarcascades, _CASCADE)
        if not path.is_file():
            raise InputError(
                sentence(
                    "This OpenCV ({version}) ships no '{cascade}'. Install one that does: pip "
                    "install 'opencv-python>=4.14,<5'",
                    version=cv2.__version__,
                    cascade=_CASCADE,
                )
            )
        self._cascade: Any = cv2.CascadeClassifier(str(path))
        self._lock = Lock()  # a cascade keeps its scratch images: one thread at a time

    def detect(self, photo: DecodedPhoto) -> list[Detection]:
        """Faces, biggest first; the score is the last stage's sum. Big photos are looked at reduced first."""
        detections: list[Detection] = []
        longest = reach(photo.size)
        for side in _LOOKS:
            shrunk = max(1.0, longest / side)
            photo = decode_finer(photo, min(side, longest))
            finer = self._look(photo, shrunk)
            detections = finer + [old for old in detections if all(overlap(old.box, new.box) < _SAME for new in finer)]
            smallest = min((face.box[2] for face in detections), default=0)
            if shrunk == 1 or smallest >= _SMALL * shrunk:
                break
        return sorted(detections, key=lambda face: (-face.box[2] * face.box[3], face.box))

    def _look(self, photo: DecodedPhoto, shrunk: float) -> list[Detection]:
        """The faces of a photo looked at `shrunk` times smaller than full."""
        width, height = (max(1, round(side / shrunk)) for side in photo.size)
        gray = photo.gray
        if gray.shape != (height, width):
            gray = opencv().resize(gray, (width, height), interpolation=opencv().INTER_AREA)
        detections = [
            Detection(_full_box((left + box[0], top + box[1], box[2], box[3]), shrunk, photo.size), weight)
            for left, top, right, bottom in _parts(width, height)
            for box, weight in self._cascaded(gray[top:bottom, left:right], shrunk)
        ]
        return _each_once(detections) if max(width, height) > _PART_SHAPE * min(width, height) else detections

    def _cascaded(self, gray: Gray, shrunk: float) -> Iterator[tuple[Any, float]]:
        side = max(_CASCADE_SIDE if shrunk == 1 else _REDUCED_SIDE, round(MIN_FACE / shrunk))
        if min(gray.shape) < side:
            return
        with self._lock:
            boxes, _, weights = self._cascade.detectMultiScale3(
                gray,
                scaleFactor=_SCALE_STEP,
                minNeighbors=_NEIGHBOURS if shrunk == 1 else _NEIGHBOURS_REDUCED,
                minSize=(side, side),
                outputRejectLevels=True,
            )
        yield from ((box, float(weight)) for box, weight in zip(boxes, weights, strict=True))


def _parts(width: int, height: int) -> Iterator[Box]:
    """Left, top, right, bottom of the parts of a picture: one for an ordinary shape.

    Parts of a long one share a square with the next, so that each face is whole in one of them.
    """
    short, long = sorted((width, height))
    length = max(_PART_SHAPE * short, _LOOKS[0])
    starts = range(0, max(1, long - short), length - short) if long > length else range(1)
    for start in starts:
        end = min(long, start + length)
        yield (start, 0, end, height) if width >= height else (0, start, width, end)


def _each_once(detections: Sequence[Detection]) -> list[Detection]:
    """Of boxes that two parts of a picture found, the surer ones."""
    distinct: list[Detection] = []
    for detection in sorted(detections, key=lambda face: (-(face.score or 0), face.box)):
        if all(overlap(detection.box, other.box) < _SAME for other in distinct):
            distinct.append(detection)
    return distinct


def _full_box(box: Any, shrunk: float, size: tuple[int, int]) -> Box:
    """A box of the reduced picture in full pixels, kept inside the full picture."""
    x, y, width, height = (round(float(value) * shrunk) for value in box)
    return x, y, min(width, size[0] - x), min(height, size[1] - y)


class YuNet:
    """OpenCV's YuNet (Wu et al. 2023), a small network; its file is not part of OpenCV."""

    weak = 0.75

    def __init__(self, model: Path | None) -> None:
        if model is None or not model.is_file():
            what = "FERCORE_YUNET names no file" if model is None else f"'{model}' does not exist"
            raise InputError(
                sentence(
                    "The detector YuNet needs its model: {what}. Get {yunet_file} from {yunet_url}",
                    what=what,
                    yunet_file=YUNET_FILE,
                    yunet_url=YUNET_URL,
                )
            )
        cv2 = opencv()
        try:
            self._network: Any = cv2.FaceDetectorYN.create(str(model), "", (LONG_SIDE, LONG_SIDE), _YUNET_SCORE)
        except cv2.error as error:
            raise InputError(
                sentence(
                    "'{name}' is not a YuNet model. Get {yunet_file} from {yunet_url}",
                    name=model.name,
                    yunet_file=YUNET_FILE,
                    yunet_url=YUNET_URL,
                )
            ) from error
        self._lock = Lock()

    def detect(self, photo: DecodedPhoto) -> list[Detection]:
        """Faces, biggest first; the score is the network's confidence, 0 to 1."""
        photo = decode_finer(photo, 2 * LONG_SIDE)
        height, width = photo.gray.shape
        detections: list[Detection] = []
        for left, top, right, bottom in _parts(width, height):
            part = opencv().cvtColor(photo.colour[top:bottom, left:right], opencv().COLOR_RGB2BGR)
            with self._lock:
                self._network.setInputSize((right - left, bottom - top))
                rows = self._network.detect(part)[1]
            detections += [] if rows is None else [_yunet_face(row, photo, (left, top)) for row in rows]
        if max(width, height) > _PART_SHAPE * min(width, height):
            detections = _each_once(detections)
        return sorted(detections, key=lambda face: (-face.box[2] * face.box[3], face.box))


def _yunet_face(row: Any, photo: DecodedPhoto, corner: tuple[int, int]) -> Detection:
    x, y, width, height = (float(value) for value in row[:4])
    x, y = x + corner[0], y + corner[1]
    box = median_box([(x, y, x + width, y + height)], photo.gray.shape[::-1])
    left, top, side, _ = box or (0, 0, 1, 1)
    return Detection(_full_box((left, top, side, side), photo.scale, photo.size), float(row[14]))


# Each detector by the name that people type, made from its model's file where it has one.
_MADE_BY: Final[dict[str, Callable[[Path | None], Detector]]] = {"haar": lambda _: Haar(), "yunet": YuNet}
DETECTORS: Final = tuple(_MADE_BY)


def detector(name: str = "haar", yunet: Path | None = None) -> Detector:
    """A new detector by its name; raises `InputError` naming the known ones, or what YuNet lacks."""
    if name not in _MADE_BY:
        raise InputError(
            sentence("There is no detector '{name}'. Choose one of {known}.", name=name, known=", ".join(DETECTORS))
        )
    return _MADE_BY[name](yunet)

"""Face detectors: each takes a decoded photo and returns boxes in the full picture's pixels with scores."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final, Protocol

from fercore.errors import InputError
from fercore.faces.decoding import Photo
from fercore.faces.opencv import opencv

Box = tuple[int, int, int, int]  # x, y, width, height in pixels of the full upright picture

# Sides of faces in full pixels; the cascade itself knows nothing below 24 pixels of what it is shown.
MIN_FACE: Final = 30
_CASCADE: Final = "haarcascade_frontalface_default.xml"
_CASCADE_SIDE: Final = 24
_SCALE_STEP: Final = 1.1
# Reduced pictures give more false hits at five neighbours; eight keep the true ones.
_NEIGHBOURS: Final = 5
_NEIGHBOURS_REDUCED: Final = 8


@dataclass(frozen=True, slots=True)
class Detection:
    """One face found: its box, and the detector's own score (higher is surer)."""

    box: Box
    score: float


class Detector(Protocol):
    """Whatever finds faces in a photo, biggest first."""

    def detect(self, photo: Photo) -> list[Detection]:
        """The faces of a photo, biggest first; an empty list where there is none."""
        ...


class Haar:
    """OpenCV's frontal Haar cascade, as the paper used it (Viola and Jones 2001)."""

    def __init__(self) -> None:
        cv2 = opencv()
        path = Path(cv2.data.haarcascades, _CASCADE)
        if not path.is_file():
            raise InputError(
                f"This OpenCV ({cv2.__version__}) ships no '{_CASCADE}'. "
                "Install one that does: pip install 'opencv-python>=4.14,<5'"
            )
        self._cascade: Any = cv2.CascadeClassifier(str(path))
        self._lock = Lock()  # a cascade keeps its scratch images: one thread at a time

    def detect(self, photo: Photo) -> list[Detection]:
        """Faces of at least `MIN_FACE` pixels, biggest first; the score is the last stage's sum."""
        side = max(_CASCADE_SIDE, round(MIN_FACE / photo.scale))
        with self._lock:
            boxes, _, weights = self._cascade.detectMultiScale3(
                photo.gray,
                scaleFactor=_SCALE_STEP,
                minNeighbors=_NEIGHBOURS if photo.scale == 1 else _NEIGHBOURS_REDUCED,
                minSize=(side, side),
                outputRejectLevels=True,
            )
        found = [Detection(_full_box(box, photo), float(weight)) for box, weight in zip(boxes, weights, strict=True)]
        return sorted(found, key=lambda face: (-face.box[2] * face.box[3], face.box))


def _full_box(box: Any, photo: Photo) -> Box:
    """A box of the reduced picture in full pixels, kept inside the full picture."""
    x, y, width, height = (int(value) * photo.scale for value in box)
    full_width, full_height = photo.size
    return x, y, min(width, full_width - x), min(height, full_height - y)


DETECTORS: Final[dict[str, Callable[[], Detector]]] = {"haar": Haar}


def detector(name: str = "haar") -> Detector:
    """A new detector by its name; raises `InputError` naming the known ones."""
    if name not in DETECTORS:
        raise InputError(f"There is no detector '{name}'. There is: {', '.join(DETECTORS)}.")
    return DETECTORS[name]()

"""OpenCV's frontal Haar cascade, as the paper used it (Viola and Jones 2001)."""

from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any, Final

from fercore.errors import InputError
from fercore.faces.boxes import overlap
from fercore.faces.decoding import BIG, LONG_SIDE, DecodedPhoto, alone, decode_finer, reach
from fercore.faces.looks import SAME, Detection, biggest_first, each_once, full_box, is_long, parts
from fercore.faces.opencv import opencv
from fercore.faces.pixels import Gray
from fercore.language.sentences import sentence

# The cascade knows nothing below 24 pixels of what it is shown; less than 30 full pixels make no 48 x 48 face.
MIN_FACE: Final = 30
_CASCADE: Final = "haarcascade_frontalface_default.xml"
_CASCADE_SIDE: Final = 24
_REDUCED_SIDE: Final = 28
_SCALE_STEP: Final = 1.1
# Reduced pictures give a few more false hits at five neighbours; six keep the true ones, eight lose some.
_NEIGHBOURS: Final = 5
_NEIGHBOURS_REDUCED: Final = 6
# Longer sides, as far as they count, at which a photo is looked at: the next one only where the one before showed
# no face, or faces so small that smaller ones may have been missed.
_LOOKS: Final = (LONG_SIDE, 2 * LONG_SIDE, 4 * LONG_SIDE)
_SMALL: Final = 48  # pixels of what was looked at
_SCRATCH_BYTES: Final = 50  # for each pixel that is searched


class Haar:
    """The cascade; one search at a time."""

    # On real photos, true faces mostly weighed 5 to 12 and false ones under 4.
    weak = 4.0
    version = "haar"

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
        self._path = str(path)
        self._cascade: Any = cv2.CascadeClassifier(self._path)
        self._lock = Lock()  # a cascade keeps its scratch images: one thread at a time

    def detect(self, photo: DecodedPhoto) -> list[Detection]:
        """Faces, biggest first; the score is the last stage's sum. Big photos are looked at reduced first."""
        detections: list[Detection] = []
        longest = reach(photo.size)
        for side in _LOOKS:
            shrunk = max(1.0, longest / side)
            photo = decode_finer(photo, min(side, longest))
            finer = self._look(photo, shrunk)
            detections = finer + [old for old in detections if all(overlap(old.box, new.box) < SAME for new in finer)]
            smallest = min((face.box[2] for face in detections), default=0)
            if shrunk == 1 or smallest >= _SMALL * shrunk:
                break
        return biggest_first(detections)

    def _look(self, photo: DecodedPhoto, shrunk: float) -> list[Detection]:
        """The faces of a photo looked at `shrunk` times smaller than full."""
        width, height = (max(1, round(side / shrunk)) for side in photo.size)
        gray = photo.gray
        if gray.shape != (height, width):
            gray = opencv().resize(gray, (width, height), interpolation=opencv().INTER_AREA)
        detections = [
            Detection(full_box((left + box[0], top + box[1], box[2], box[3]), shrunk, photo.size), weight)
            for left, top, right, bottom in parts(width, height)
            for box, weight in self._found(gray[top:bottom, left:right], shrunk)
        ]
        return each_once(detections) if is_long(width, height) else detections

    def _found(self, gray: Gray, shrunk: float) -> Iterator[tuple[Any, float]]:
        """Boxes of one part in its own pixels, with their weights."""
        side = max(_CASCADE_SIDE if shrunk == 1 else _REDUCED_SIDE, round(MIN_FACE / shrunk))
        if min(gray.shape) < side:
            return
        scratch = gray.size * _SCRATCH_BYTES
        with self._lock, alone(scratch):
            boxes, _, weights = self._fitting(scratch).detectMultiScale3(
                gray,
                scaleFactor=_SCALE_STEP,
                minNeighbors=_NEIGHBOURS if shrunk == 1 else _NEIGHBOURS_REDUCED,
                minSize=(side, side),
                outputRejectLevels=True,
            )
        yield from ((box, float(weight)) for box, weight in zip(boxes, weights, strict=True))

    def _fitting(self, scratch: int) -> Any:
        """The cascade; for a big picture one of its own, whose scratch images do not stay."""
        return self._cascade if scratch <= BIG else opencv().CascadeClassifier(self._path)

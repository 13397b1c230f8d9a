"""Photo bytes in, faces out: what extraction jobs and prediction do with each picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fercore.errors import UnreadableImageError
from fercore.faces.boxes import (
    Box,
    BoxOrigin,
    Corners,
    FaceSelection,
    Fallback,
    agreed_box,
    inside_picture,
    median_box,
    middle_box,
)
from fercore.faces.checks import Checker, Checks
from fercore.faces.cropping import context, crop, finer
from fercore.faces.decoding import DecodedPhoto, decode
from fercore.faces.detection import Detection, Detector, detector
from fercore.faces.pixels import Gray, pixel_hash
from fercore.language.sentences import sentence


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which faces of a photo, the boxes that annotators drew (none: ask the detector), and what to take
    where no face is found: nothing, or the middle square. `most` of the detector's faces are taken, biggest first."""

    which: FaceSelection = FaceSelection.ALL
    boxes: tuple[Corners, ...] = ()
    fallback: Fallback = Fallback.NONE
    most: int | None = None


ALL: Final = Wanted()


@dataclass(frozen=True, slots=True)
class ExtractedFace:
    """One face of a photo: box in full pixels, the detector's score, who drew the box (a detector's
    version, "annotators", "middle" or "hand"), (48, 48) uint8 gray, its hash, surroundings as JPEG, and the checks."""

    box: Box
    score: float | None
    source: str
    pixels: Gray
    pixel_hash: str
    context_jpeg: bytes
    checks: Checks


@dataclass(frozen=True, slots=True)
class Extracted:
    """A photo's full upright size (w, h), the hash of its bytes and its faces, biggest first; `left_out` more of them
    were found than were wanted."""

    size: tuple[int, int]
    sha256: str
    faces: list[ExtractedFace]
    left_out: int = 0


class Extractor:
    """A detector and the checks that follow it; one for each process."""

    def __init__(self, name: str, finder: Detector) -> None:
        self.name = name
        self._finder = finder
        self._checker = Checker()

    def extract(self, data: bytes, wanted: Wanted = ALL) -> Extracted:
        """The wanted faces of a picture file's bytes; raises `UnreadableImageError`."""
        photo = decode(data)
        faces: list[ExtractedFace] = []
        found = self._boxes(photo, wanted)
        boxes = found[: wanted.most]
        for source, detection in boxes:
            # Biggest first: a finer picture, once decoded, serves the smaller faces that follow.
            photo = finer(photo, detection.box)
            surer = [other.box for _, other in boxes if _rank(other) > _rank(detection)]
            faces.append(self._face(photo, source, detection, surer))
        return Extracted(photo.size, photo.sha256, faces, len(found) - len(boxes))

    def attempt(self, data: bytes, wanted: Wanted = ALL) -> Extracted | UnreadableImageError:
        """The same, or the reason why there is nothing: one strange picture must not end the work on others."""
        try:
            return self.extract(data, wanted)
        except UnreadableImageError as error:
            return error
        except Exception as error:  # OpenCV and Pillow raise many types for a picture that they do not expect
            why = " ".join(str(error).split())[:200]
            return UnreadableImageError(
                sentence("It could not be checked ({name}: {why}).", name=type(error).__name__, why=why)
            )

    def look(self, photo: DecodedPhoto) -> list[Box]:
        """The boxes of a decoded photo's faces, biggest first."""
        return [detection.box for detection in self._finder.detect(photo)]

    def cut(self, photo: DecodedPhoto, box: Box) -> ExtractedFace:
        """The face in a box that somebody drew on a photo; raises `UnreadableImageError`."""
        return self._face(finer(photo, box), BoxOrigin.HAND, Detection(box, None), [])

    def _boxes(self, photo: DecodedPhoto, wanted: Wanted) -> list[tuple[str, Detection]]:
        boxes = inside_picture(wanted.boxes, photo.size)
        agreed = agreed_box(boxes, photo.size)
        if agreed is not None:
            return [(BoxOrigin.ANNOTATORS, Detection(agreed, None))]
        detections = self._finder.detect(photo)
        if detections:
            return [
                (self.name, detection)
                for detection in (detections if wanted.which == FaceSelection.ALL else detections[:1])
            ]
        drawn = median_box(boxes, photo.size)
        if drawn is not None:
            return [(BoxOrigin.ANNOTATORS, Detection(drawn, None))]
        return (
            [(BoxOrigin.MIDDLE, Detection(middle_box(photo.size), None))] if wanted.fallback == Fallback.MIDDLE else []
        )

    def _face(self, photo: DecodedPhoto, source: str, detection: Detection, surer: Sequence[Box]) -> ExtractedFace:
        box = detection.box
        pixels = crop(photo, box)
        unsure = detection.score is not None and detection.score < self._finder.weak
        checks = self._checker.check(photo, box, pixels, surer, unsure)
        surroundings = context(photo, box)
        return ExtractedFace(box, detection.score, source, pixels, pixel_hash(pixels), surroundings, checks)


def _rank(detection: Detection) -> tuple[float, Box]:
    return (detection.score or 0.0, detection.box)


def extractor(name: str = "haar", yunet: Path | None = None) -> Extractor:
    """An extractor with the named detector, whose faces keep its version; raises `InputError`."""
    finder = detector(name, yunet)
    return Extractor(finder.version, finder)

"""Photo bytes in, faces out: what extraction jobs and prediction do with each picture."""

from dataclasses import dataclass
from typing import Final, Literal

from fercore.faces.cropping import context, crop, finer
from fercore.faces.decoding import decode
from fercore.faces.detection import Box, Detector
from fercore.faces.pixels import Gray, pixel_hash

Which = Literal["all", "largest"]
WHICH: Final[tuple[Which, ...]] = ("all", "largest")


@dataclass(frozen=True, slots=True)
class Found:
    """One face of a photo: box in full pixels, score, (48, 48) uint8 gray, its hash, surroundings as JPEG."""

    box: Box
    score: float
    pixels: Gray
    pixel_hash: str
    context_jpeg: bytes


@dataclass(frozen=True, slots=True)
class Extracted:
    """A photo's full upright size (w, h), the hash of its bytes and its faces, biggest first."""

    size: tuple[int, int]
    sha256: str
    faces: list[Found]


def faces_of(data: bytes, detector: Detector, which: Which = "all") -> Extracted:
    """All faces of a picture file's bytes, or the largest; raises `UnreadableImageError`."""
    photo = decode(data)
    detections = detector.detect(photo)
    if which == "largest":
        detections = detections[:1]
    faces: list[Found] = []
    for detection in detections:
        # Biggest first: a finer picture, once decoded, serves the smaller faces that follow.
        photo = finer(photo, detection.box)
        pixels = crop(photo, detection.box)
        surroundings = context(photo, detection.box)
        faces.append(Found(detection.box, detection.score, pixels, pixel_hash(pixels), surroundings))
    return Extracted(photo.size, photo.sha256, faces)

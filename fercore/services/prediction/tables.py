"""Batches and clips as tables: a row for each face, and for each photo without one."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fercore.emotions import EMOTIONS
from fercore.services.prediction.batch import Batch
from fercore.services.prediction.clip import ClipReading

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class BatchSummary:
    """Counts of a batch: photos, their faces, photos without one and those that cannot be read; faces by emotion."""

    photos: int
    faces: int
    without_face: int
    unreadable: int
    emotions: Mapping[str, int]


@dataclass(frozen=True)
class BatchRow:
    """A face of a batch with its number in its photo (from 1), or a photo without one; `pixels` is the place of the
    face's pixels in the batch, None where they are not kept.
    """

    photo: int
    name: str
    number: int | None
    pixels: int | None
    face: Mapping[str, Any]
    error: str


def summary(batch: Batch) -> BatchSummary:
    """The counts of a batch."""
    faces = [face for photo in batch.photos for face in photo["faces"]]
    unreadable = sum("error" in photo for photo in batch.photos)
    without = sum(not photo["faces"] for photo in batch.photos) - unreadable
    counted = Counter(face["emotion"] for face in faces)
    return BatchSummary(
        len(batch.photos), len(faces), without, unreadable, {emotion: counted[emotion] for emotion in EMOTIONS}
    )


def rows(batch: Batch) -> Iterator[BatchRow]:
    """The rows of a batch, photo by photo."""
    place = 0
    for photo, read in enumerate(batch.photos):
        if not read["faces"]:
            yield BatchRow(photo, read["photo"], None, None, {}, read.get("error", ""))
        for number, face in enumerate(read["faces"], start=1):
            pixels = place if place < len(batch.pixels) else None
            yield BatchRow(photo, read["photo"], number, pixels, face, "")
            place += 1


def batch_frame(batch: Batch) -> "pd.DataFrame":
    """A batch as CSV has it: places in the photo's pixels, probabilities, remarks and errors."""
    import pandas as pd

    empty: Mapping[str, Any] = {"box": [None] * 4, "probabilities": {}, "remarks": []}
    lines = []
    for row in rows(batch):
        face = row.face or empty
        lines.append(
            {
                "photo": row.name,
                "face": row.number,
                **dict(zip(("x", "y", "width", "height"), face["box"], strict=True)),
                "emotion": face.get("emotion"),
                **{emotion: face["probabilities"].get(emotion) for emotion in EMOTIONS},
                "remarks": " ".join(face["remarks"]),
                "error": row.error,
            }
        )
    whole = ("face", "x", "y", "width", "height")
    return pd.DataFrame(lines).astype(dict.fromkeys(whole, "Int64")) if lines else pd.DataFrame()


def clip_frame(clip: ClipReading) -> "pd.DataFrame":
    """A clip as CSV has it: a row for each sighting of each followed face."""
    import pandas as pd

    return pd.DataFrame([line for number, face in enumerate(clip.faces, start=1) for line in _sightings(number, face)])


def _sightings(number: int, face: Any) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "face": number,
            "seconds": round(float(seconds), 3),
            **dict(zip(("x", "y", "width", "height"), box, strict=True)),
            "emotion": EMOTIONS[int(row.argmax())],
            **{emotion: float(p) for emotion, p in zip(EMOTIONS, row, strict=True)},
        }
        for seconds, box, row in zip(face.seconds, face.boxes, face.probabilities, strict=True)
    ]

"""The record for every writer: one face with all that is known of it, and its picture as a PNG."""

from dataclasses import dataclass

import numpy as np

from fercore.emotions import EMOTIONS
from fercore.faces.attributes import CropOrigin, PersonInfo
from fercore.faces.opencv import opencv
from fercore.faces.pixels import SIDE

UNLABELLED = "unlabelled"


@dataclass(frozen=True, slots=True)
class ExportVote:
    """The vote of one reviewer on a face: the last decision that counts, with its number."""

    decision: int
    reviewer: str
    kind: str
    emotion: int | None
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class ExportFace(PersonInfo, CropOrigin):
    """One face on its way out; `gray` is its 2,304 bytes row by row, `number` its number in the store.

    `label` is an index into EMOTIONS, None while the face has none. `state` and `reason` are None where
    they are not told, as in a snapshot, which freezes labels, splits and weights only. So are flags and `notes`,
    one of each person in `noted_by`. `weight` is that in a training, None for 1.
    """

    number: int
    gray: bytes
    label: int | None
    split: str
    dataset: str
    identity: str
    pixel_hash: str
    source_word: str
    source_emotion: int | None
    state: str | None = None
    reason: str | None = None
    sharpness: float | None = None
    brightness: float | None = None
    contrast: float | None = None
    weight: float | None = None
    photo: str | None = None
    flagged: bool | None = None
    notes: list[str] | None = None
    noted_by: list[str] | None = None
    votes: tuple[ExportVote, ...] = ()

    @property
    def place(self) -> str:
        """Its picture's path inside an export, such as `train/angry/000123.png`."""
        return f"{self.split}/{folder_of(self.label)}/{self.number:06}.png"


def folder_of(label: int | None) -> str:
    """The lower-case folder of an emotion."""
    return UNLABELLED if label is None else EMOTIONS[label].lower()


def png(gray: bytes) -> bytes:
    """2,304 gray bytes to a 48x48 8-bit PNG: the same bytes for the same pixels, without metadata."""
    _, encoded = opencv().imencode(".png", np.frombuffer(gray, np.uint8).reshape(SIDE, SIDE))
    return bytes(encoded)

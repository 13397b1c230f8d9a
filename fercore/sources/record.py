"""What every reader yields: one face as its source has it, or the fault that makes it unusable."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

from fercore.errors import Fault
from fercore.faces.pixels import SIDE, Gray, pixel_hash

__all__ = ["SIDE", "SPLITS", "FaceRecord", "OnProgress", "Reader", "Split", "pixel_hash"]

Split = Literal["train", "validation", "test"]
SPLITS: Final[tuple[Split, ...]] = ("train", "validation", "test")

# Called with how much is done and how much there is, in bytes or files; the total may be 0 (unknown).
OnProgress = Callable[[int, int], None]


@dataclass(frozen=True)  # without slots, which make pickling several times slower in Python 3.11
class FaceRecord:
    """One face of a source; `identity` is unique inside its dataset and the same at every import."""

    identity: str
    split: Split
    emotion: int | None
    word: str  # the source's own word for the emotion
    pixels: Gray  # (48, 48) uint8
    pixel_hash: str
    where: str  # "line 17", or the file's relative path
    subject: str | None = None


class Reader(Protocol):
    """A source's reader: yields records and faults lazily; `UnreadableSourceError` for a wrong form."""

    def __call__(
        self, path: Path, default_split: Split = "train", on_progress: OnProgress | None = None
    ) -> Iterator[FaceRecord | Fault]:
        """Read a file, folder or zip; `default_split` is for pictures in no train or test folder."""
        ...

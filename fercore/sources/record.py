"""Records of every reader: faces and photos as their source has them, faults, and notices of what it left out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Protocol

from fercore.errors import Fault, visible
from fercore.faces.attributes import NOBODY, PersonInfo
from fercore.faces.boxes import FaceSelection, Fallback
from fercore.faces.files import Listed
from fercore.faces.pixels import SIDE, Gray, pixel_hash
from fercore.language import counts
from fercore.language.sentences import sentence
from fercore.sources.emotion_map import WordMap
from fercore.sources.provenance import NOTHING, Provenance
from fercore.splits import Split, SplitChoice, named_split

__all__ = [
    "AS_IT_IS",
    "NEUTRALS",
    "SIDE",
    "Corners",
    "FaceRecord",
    "Item",
    "NeutralFrames",
    "Notice",
    "OnProgress",
    "Options",
    "PhotoRecord",
    "Reader",
    "WordMap",
    "left_out",
    "pixel_hash",
]


class NeutralFrames(StrEnum):
    """The sequences of CK+ whose first frames are read as neutral faces: all (the paper), labelled ones, none."""

    ALL = "all"
    LABELLED = "labelled"
    NONE = "none"


NEUTRALS: Final = tuple(NeutralFrames)

Corners = tuple[float, float, float, float]

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
    about: PersonInfo = NOBODY
    known: Provenance = NOTHING


@dataclass(frozen=True)
class PhotoRecord:
    """One picture in which the face must still be found; its file can be read while its reader runs.

    `boxes` are the annotators' (left, top, right, bottom) in pixels of the upright picture. `fallback`
    says what to take where no face is found: nothing, or the middle square of the picture. `identity` is
    unique inside its dataset and the same wherever the picture lies, in a zip or unpacked.
    """

    identity: str
    file: Listed
    split: Split
    emotion: int | None
    word: str
    about: PersonInfo = NOBODY
    boxes: tuple[Corners, ...] = ()
    which: FaceSelection = FaceSelection.ALL
    fallback: Fallback = Fallback.NONE


@dataclass(frozen=True, slots=True)
class Notice:
    """Something of a source that was left out or is odd: to be listed, never a reason to refuse the rest.

    A `Fault` is what is wrong in a source, and a strict import refuses it; a notice is what belongs to a
    source as it is used: a picture of a part not downloaded, a class that is none of the seven.
    """

    where: str
    why: str
    files: tuple[str, ...] = ()  # the first of those that it is about, where it is about several

    def __post_init__(self) -> None:
        object.__setattr__(self, "where", visible(self.where))
        object.__setattr__(self, "why", visible(self.why))
        object.__setattr__(self, "files", tuple(map(visible, self.files)))

    def __str__(self) -> str:
        return f"{self.where}: {self.why}"

    def entry(self) -> dict[str, Any]:
        """The notice as reports keep it."""
        return {"where": self.where, "why": self.why, **({"files": list(self.files)} if self.files else {})}


def left_out(where: str, word: str, count: int) -> Notice:
    """The notice that faces of an emotion which is none of the seven were not read."""
    return Notice(
        where,
        sentence("Left out, not one of the seven emotions: '{word}' ({faces}).", word=word, faces=counts.faces(count)),
    )


Item = FaceRecord | PhotoRecord | Fault | Notice


@dataclass(frozen=True)
class Options:
    """Options of a source's reader; None means as its reader thinks best.

    `words` maps AI Hub's words to emotions; None is the map that fercore ships. With `skip_unknown`, pictures of a
    word that is no emotion are a fault of their folder, and do not refuse the whole source.
    """

    split: SplitChoice | None = None
    seed: int = 0
    neutral: NeutralFrames = NeutralFrames.ALL
    words: WordMap | None = None
    skip_unknown: bool = False

    def split_or(self, default: Split) -> Split:
        """The split of faces whose source names none."""
        return named_split(self.split) or default


AS_IT_IS: Final = Options()


class Reader(Protocol):
    """A source's reader: yields items lazily; `UnreadableSourceError` for a wrong form."""

    def __call__(
        self, path: Path, options: Options = AS_IT_IS, on_progress: OnProgress | None = None
    ) -> Iterator[Item]:
        """Read a file, folder or zip."""
        ...

"""Everything that can go wrong in a way fercore foresees.

FercoreError
├── InputError                 the user can mend it: exit code 2, a calm message on the page
│   ├── UnknownEmotionError    a word for no known emotion
│   ├── UnreadableSourceError  a file or folder that is not what the reader expects
│   ├── RowFaultsError         a file with rows that cannot be used; nothing of it was stored
│   │   └── BadRowsError       a source of such rows, which can be skipped
│   ├── UnreadableImageError   a picture that cannot be decoded, or is too big to be safe
│   ├── NotFoundError          a dataset, snapshot, run or job that does not exist
│   ├── InUseError             something that cannot be removed or renamed while it is used
│   ├── RuleError              a team's rule on audits that is exceeded: exit code 3
│   └── MissingWeightsError    pre-trained weights that are not on this machine
├── StoredDataError            what is on disk or in the database is wrong or gone
│   └── MovedDatabaseError     the database's file was removed or replaced while it was open
├── TrainingError              a training that could not go on
│   └── OutOfMemoryError       the device's or the machine's memory did not hold a batch
└── Cancelled                  long work that somebody asked to stop
"""

import errno
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fercore.language.sentences import Sentence, sentence, words

_DISK: Final = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
# Control characters, marks that turn the direction of text, halves of characters, and breaks of lines.
_UNSEEN: Final = ("Cc", "Cf", "Cs", "Zl", "Zp")
_JOINERS: Final = "\u200c\u200d"  # which emoji and some scripts are written with


def visible(text: str) -> str:
    """Text from outside as one line in which nothing acts on a terminal or hides: "\\x1b" in place of escape."""
    if text.isprintable():
        return text
    return "".join(
        _escaped(char) if unicodedata.category(char) in _UNSEEN and char not in _JOINERS else char for char in text
    )


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode()


class FercoreError(Exception):
    """Any failure that fercore foresees; its text is written for the person who reads it, in their language.

    `code` is the English sentence before its names were filled in with `values`; both are empty where the text came
    from elsewhere.
    """

    def __init__(self, message: object = "") -> None:
        super().__init__(visible(str(message)))
        self._sentence = message if isinstance(message, Sentence) else None

    @property
    def code(self) -> str:
        """The catalogue's key of the message."""
        return self._sentence.code if self._sentence else ""

    @property
    def values(self) -> Mapping[str, object]:
        """The values that are filled into the code."""
        return self._sentence.values if self._sentence else {}

    def __str__(self) -> str:
        return visible(words(self._sentence or self.args[0]))


class InputError(FercoreError):
    """Input that cannot be used; the message says what came, what was expected and how to fix it."""


class UnknownEmotionError(InputError):
    """A word that names no emotion in any known vocabulary; `where` says where it was found."""

    def __init__(self, word: str, known: str, where: str = "") -> None:
        if where:
            message = sentence(
                "'{where}': '{word}' is not a known emotion. Rename it, move it out of the source, "
                "or skip bad rows. Known words are: {known}.",
                where=where,
                word=word,
                known=known,
            )
        else:
            message = sentence("'{word}' is not a known emotion. Known words are: {known}.", word=word, known=known)
        super().__init__(message)
        self.word = word


class UnreadableSourceError(InputError):
    """A file or folder that does not have the form its reader expects."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a source: where it is and why it cannot be used."""

    where: str
    why: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "where", visible(self.where))
        object.__setattr__(self, "why", visible(self.why))

    def __str__(self) -> str:
        return f"{self.where}: {self.why}"


def disk_error(message: str, error: OSError) -> FercoreError:
    """The error for what could not be written: a user's mistake, or a disk that is full or broken."""
    return StoredDataError(message) if error.errno in _DISK else UnreadableSourceError(message)


class RowFaultsError(InputError):
    """Rows of a file that cannot be used; nothing of the file was stored. `option` is that which skips them."""

    option: str = ""

    def __init__(self, faults: Sequence[Fault], message: Sentence | None = None) -> None:
        self.faults = tuple(faults)
        first, why, more = self.faults[0].where, self.faults[0].why, len(self.faults) - 1
        if more > 1:
            plain = sentence(
                "{where}: {why}, and {count} more faults. Nothing was stored.", where=first, why=why, count=more
            )
        elif more:
            plain = sentence(
                "{where}: {why}, and {count} more fault. Nothing was stored.", where=first, why=why, count=more
            )
        else:
            plain = sentence("{where}: {why}. Nothing was stored.", where=first, why=why)
        super().__init__(message or plain)


class BadRowsError(RowFaultsError):
    """Rows of a source that cannot be used; nothing of the source was imported."""

    option = "--skip-bad"

    def __init__(self, faults: Sequence[Fault]) -> None:
        more = len(faults) - 1
        first, why = faults[0].where, faults[0].why
        if more > 1:
            message = sentence(
                "{where}: {why}, and {count} more faults. Nothing was imported: correct the source, or skip bad rows.",
                where=first,
                why=why,
                count=more,
            )
        elif more:
            message = sentence(
                "{where}: {why}, and {count} more fault. Nothing was imported: correct the source, or skip bad rows.",
                where=first,
                why=why,
                count=more,
            )
        else:
            message = sentence(
                "{where}: {why}. Nothing was imported: correct the source, or skip bad rows.", where=first, why=why
            )
        super().__init__(faults, message)


class UnreadableImageError(InputError):
    """A picture that cannot be decoded."""


class NotFoundError(InputError):
    """Something was named that does not exist."""

    def __init__(self, kind: str, name: object, known: Sequence[str] = (), renamed: Sequence[str] = ()) -> None:
        """`known` are the names that there are, `renamed` the present ones of what was named so before."""
        message = sentence("There is no {kind} '{name}'.", kind=kind, name=name)
        if renamed:
            message = sentence("{missing} It was renamed: {names}.", missing=message, names=", ".join(renamed))
        elif known:
            message = sentence("{missing} Choose one of {names}.", missing=message, names=", ".join(known))
        super().__init__(message)


class InUseError(InputError):
    """Something cannot be changed because something else stands on it."""


class RuleError(InputError):
    """A team's rule on audits that is exceeded, and no exception was asked for."""


class MissingWeightsError(InputError):
    """Pre-trained weights that are not on this machine and cannot be fetched."""


class StoredDataError(FercoreError):
    """Data on disk or in the database that is wrong or gone."""


class MovedDatabaseError(StoredDataError):
    """The file of an open database is not at its path any more, or is another one."""


class ArtifactStoreError(FercoreError):
    """The place that machines without a common disk share cannot be used."""


class TrainingError(FercoreError):
    """A training that could not go on."""


class OutOfMemoryError(TrainingError):
    """A batch of `faces` did not fit into memory; `parts` is into how many a batch should be cut instead."""

    def __init__(self, faces: int, parts: int) -> None:
        self.faces, self.parts = faces, parts
        half = faces // 2
        if half:
            message = sentence(
                "Batches of {faces} faces at a time do not fit into memory. Try {half} at a time: {parts} such parts "
                "are added up before the weights change, so that the training stays the same. "
                "Other programs on the same device take memory, too.",
                faces=faces,
                half=half,
                parts=parts,
            )
        else:
            message = sentence(
                "Not even one face at a time fits into memory. Close other programs on the device, "
                "choose a smaller backbone, or a smaller input_px in the recipe."
            )
        super().__init__(message)


class Cancelled(FercoreError):
    """Long work stopped because somebody asked for it."""

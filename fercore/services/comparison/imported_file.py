"""The file in which the predictions of a model from elsewhere came."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ImportedFile:
    """A file of predictions: its rows, those that named no face of the split, and the labelled faces of the split then.

    `words_only`: it named one emotion for each face, so that its probabilities are 1 and 0 and say nothing of
    calibration. `others` are classes beside the seven, whose probabilities were left out.
    """

    file: str
    sha256: str
    rows: int
    unmatched: int
    labelled: int
    words_only: bool
    others: tuple[str, ...] = ()


def imported_file(stored: dict[str, Any] | None) -> ImportedFile | None:
    """As it is stored with an evaluation; None for predictions that were made here."""
    return None if stored is None else ImportedFile(**{**stored, "others": tuple(stored["others"])})

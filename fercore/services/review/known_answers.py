"""Answers of a reviewer to faces whose label is known."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.curation import votes
from fercore.curation.votes import DecisionKind
from fercore.emotions import EMOTIONS
from fercore.evaluation.intervals import Interval, by_person

Ints = npt.NDArray[np.int64]
REJECTED: Final = len(EMOTIONS)
UNSURE: Final = REJECTED + 1
ANSWERS: Final = (*EMOTIONS, DecisionKind.REJECTED, votes.UNSURE)


@dataclass(frozen=True)
class KnownAnswers:
    """Answers of a person, and the known ones: (n,) numbers of ANSWERS; `people` are those on the faces."""

    faces: Ints
    voted: Ints
    known: Ints
    people: tuple[str | None, ...]

    @property
    def n(self) -> int:
        """The number of faces."""
        return len(self.faces)

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """(n,) True where the person said what is known."""
        flags: npt.NDArray[np.bool_] = self.voted == self.known
        return flags

    @property
    def accuracy(self) -> float | None:
        """The share of faces on which the person said what is known; None without a face."""
        return float(self.right.mean()) if self.n else None

    @property
    def interval(self) -> Interval | None:
        """The 95 % interval of the accuracy; None without a face."""
        return by_person(self.right, self.people) if self.n else None

    @property
    def confusion(self) -> list[list[int]]:
        """7×7 counts, rows what is known, columns what the person said; rejected and unsure faces are left out."""
        counts = np.zeros((UNSURE + 1, UNSURE + 1), np.int64)
        np.add.at(counts, (self.known, self.voted), 1)
        cells: list[list[int]] = counts[:REJECTED, :REJECTED].tolist()
        return cells

    def outside(self) -> dict[tuple[int, int], int]:
        """The number of faces outside of the 7×7 cells, by (known, said)."""
        pairs = Counter(zip(self.known.tolist(), self.voted.tolist(), strict=True))
        return {cell: count for cell, count in sorted(pairs.items()) if max(cell) >= REJECTED}

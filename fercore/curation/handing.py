"""How the faces of a review task are laid out: their order, how many people see each, and control faces among them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fercore.errors import InputError
from fercore.language import tr


@dataclass(frozen=True, slots=True)
class Overlap:
    """The shares of faces that two and three people see, each without the others' answers; the rest is seen by one."""

    twice: float = 0.0
    thrice: float = 0.0

    def __post_init__(self) -> None:
        if min(self.twice, self.thrice) < 0 or self.twice + self.thrice > 1:
            raise InputError(
                tr(
                    "The shares of faces seen by two ({twice:.0%}) and three people ({thrice:.0%}) go from 0 to 100 % "
                    "and make 100 % at most together.",
                    twice=self.twice,
                    thrice=self.thrice,
                )
            )

    @property
    def people(self) -> int:
        """How many people it takes."""
        return 3 if self.thrice else 2 if self.twice else 1


@dataclass(frozen=True, slots=True)
class Layout:
    """The faces of a task in the order in which they are handed out, one entry each in all three."""

    faces: npt.NDArray[np.int64]
    people: npt.NDArray[np.int64]
    control: npt.NDArray[np.bool_]


def lay_out(
    faces: Sequence[int], others: Sequence[int], overlap: Overlap, control: float, shuffle: bool, seed: int
) -> Layout:
    """Where each face of a task lies, and how many people see it.

    `faces` come in the order that was asked for, or in a random one with `shuffle`. Control faces are drawn from
    `others`, as many as make the share `control` of all, and lie at random places between them. The shares are
    kept to the face: n faces at a share of s are round(n * s). Raises InputError for a share that is none.
    """
    if not 0 <= control < 1:
        raise InputError(tr("The share of control faces goes from 0 to below 100 %; got {share:.0%}.", share=control))
    random = np.random.default_rng(seed)
    order = np.asarray(faces, np.int64)
    if shuffle:
        order = random.permutation(order)
    rest = np.setdiff1d(np.asarray(others, np.int64), order)
    wanted = min(len(rest), round(len(order) * control / (1 - control)))
    drawn = random.choice(rest, wanted, replace=False) if wanted else rest[:0]
    places = np.sort(random.integers(0, len(order) + 1, wanted))
    mixed = np.insert(order, places, drawn)
    is_control = np.insert(np.zeros(len(order), bool), places, True)
    return Layout(mixed, _people(len(mixed), overlap, random), is_control)


def _people(count: int, overlap: Overlap, random: np.random.Generator) -> npt.NDArray[np.int64]:
    """How many people see each face; which ones see more than one is drawn."""
    people = np.ones(count, np.int64)
    drawn = random.permutation(count)
    three = round(count * overlap.thrice)
    people[drawn[:three]] = 3
    people[drawn[three : three + round(count * overlap.twice)]] = 2
    return people

"""Layout of a review task's faces: their order, how many people see each, and control faces among them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fercore.curation.task_faces import TaskFaceKind
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
        """The number of people it takes."""
        return 3 if self.thrice else 2 if self.twice else 1


@dataclass(frozen=True, slots=True)
class MixedIn:
    """Faces to be mixed in: drawn from a pool, as many as make a share of all, each seen by so many people.

    With `people` None they are seen by as many as any other face.
    """

    kind: TaskFaceKind
    pool: Sequence[int]
    share: float
    people: int | None = None


@dataclass(frozen=True, slots=True)
class TaskLayout:
    """The faces of a task in the order in which they are handed out, one entry each in all three.

    `kinds` holds indices into `names`, of which the first is that of the faces that were asked for.
    """

    faces: npt.NDArray[np.int64]
    people: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.int64]
    names: tuple[str, ...]


def task_layout(
    faces: Sequence[int], overlap: Overlap, extras: Sequence[MixedIn], shuffle: bool, seed: int
) -> TaskLayout:
    """The place of each face of a task, and the number of people who see it.

    `faces` come in the order that was asked for, or in a random one with `shuffle`; extras lie at random places
    between them, no face twice, and fewer where a pool has no more. The shares are kept to the face: n faces at a share
    of s are round(n * s). Raises InputError for shares that are none.
    """
    shares = sum(extra.share for extra in extras)
    if shares >= 1 or any(extra.share < 0 for extra in extras):
        words = ", ".join(f"{extra.kind} {extra.share:.0%}" for extra in extras)
        raise InputError(tr("Faces that are mixed in make less than 100 % of all; got {shares}.", shares=words))
    random = np.random.default_rng(seed)
    laid = np.asarray(faces, np.int64)
    if shuffle:
        laid = random.permutation(laid)
    count = len(laid)
    kinds = np.zeros(count, np.int64)
    for number, extra in enumerate(extras, start=1):
        rest = np.setdiff1d(np.asarray(extra.pool, np.int64), laid)
        wanted = min(len(rest), round(count * extra.share / (1 - shares)))
        places = np.sort(random.integers(0, len(laid) + 1, wanted))
        laid = np.insert(laid, places, random.choice(rest, wanted, replace=False) if wanted else rest[:0])
        kinds = np.insert(kinds, places, number)
    people = _people(len(laid), overlap, random)
    for number, extra in enumerate(extras, start=1):
        if extra.people is not None:
            people[kinds == number] = extra.people
    return TaskLayout(laid, people, kinds, (TaskFaceKind.PLAIN, *(extra.kind for extra in extras)))


def _people(count: int, overlap: Overlap, random: np.random.Generator) -> npt.NDArray[np.int64]:
    """The number of people who see each face; which ones see more than one is drawn."""
    people = np.ones(count, np.int64)
    drawn = random.permutation(count)
    three = round(count * overlap.thrice)
    people[drawn[:three]] = 3
    people[drawn[three : three + round(count * overlap.twice)]] = 2
    return people

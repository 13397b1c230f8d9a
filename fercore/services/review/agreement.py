"""Agreement of the people who decided the same faces of a dataset."""

from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np

from fercore.curation import agreement
from fercore.curation.agreement import CATEGORIES, NOBODY, REJECTED, Coefficient, Estimate, Ints
from fercore.curation.votes import DecisionKind, FaceState
from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.evaluation.intervals import by_person
from fercore.language import tr, trn
from fercore.store import Store
from fercore.store.datasets import datasets
from fercore.store.review import adjudications, labels

CATEGORY_NAMES: Final = (*EMOTIONS, FaceState.REJECTED)
OVERALL: Final[dict[str, Coefficient]] = {
    "agreeing pairs": agreement.observed,
    "Fleiss' kappa": agreement.fleiss_kappa,
    "Krippendorff's alpha": agreement.krippendorff_alpha,
    "Gwet's AC1": agreement.gwet_ac1,
}


@dataclass(frozen=True)
class Agreement:
    """Coefficients over all people, Cohen's kappa by pair, alpha by category (itself or not), pairs of words said.

    `unsure` counts faces that two people or more answered and that are in no coefficient: all of the answers but one,
    or all of them, are "not sure".
    """

    people: list[str]
    overall: dict[str, Estimate]
    pairs: dict[tuple[str, str], Estimate]
    by_category: dict[str, Estimate]
    confused: list[list[int]]
    unsure: int = 0


@dataclass(frozen=True)
class _Rated:
    """(faces, people) ratings of the faces that anybody has answered, and (faces,) numbers of "not sure"."""

    faces: list[int]
    people: list[str]
    ratings: Ints
    unsure: Ints

    @property
    def left_out(self) -> int:
        """Faces that at least two people answered, and fewer than two decided."""
        decided = (self.ratings != NOBODY).sum(axis=1)
        return int(((decided < 2) & (decided + self.unsure >= 2)).sum())


def agree(store: Store, dataset: str) -> Agreement:
    """Measure a dataset; raises InputError while no face was decided by two people."""
    rated = _rated(store, dataset)
    people, ratings = rated.people, rated.ratings
    counts = agreement.counts_of(ratings)
    if not len(counts):
        nothing = tr("No face of '{dataset}' was decided by two people yet.", dataset=dataset)
        raise InputError(" ".join([nothing, *left_out(rated.left_out)]))
    alpha = agreement.krippendorff_alpha
    return Agreement(
        people,
        {name: agreement.estimate(coefficient, counts) for name, coefficient in OVERALL.items()},
        {
            (people[person], people[other]): agreement.cohen_kappa(ratings[:, person], ratings[:, other])
            for person, other in combinations(range(len(people)), 2)
        },
        {
            name: agreement.estimate(alpha, agreement.for_category(counts, category))
            for category, name in enumerate(CATEGORY_NAMES)
            if counts[:, category].any()
        },
        agreement.confused(ratings).tolist(),
        rated.left_out,
    )


def left_out(unsure: int) -> list[str]:
    """The sentence on faces that do not count because of a "not sure"; none where there are none."""
    if not unsure:
        return []
    return [
        trn(
            "{count} more face was answered by at least two people, but left out because of a “not sure”.",
            "{count} more faces were answered by at least two people, but left out because of a “not sure”.",
            unsure,
        )
    ]


@dataclass(frozen=True)
class Gold:
    """The share of gold faces that a person answered rightly, with a 95 % interval, over all and day by day."""

    reviewer: str
    right: int
    faces: int
    interval: tuple[float, float]
    days: dict[str, tuple[int, int]]  # day → (right, faces)


def gold(store: Store, dataset: str) -> list[Gold]:
    """Everybody's accuracy on the gold faces of a dataset's tasks, by name."""
    with store.database.reading() as session:
        answers = adjudications.tried(session, datasets.named(session, dataset).id)
    everybody = []
    for name in sorted({answer.reviewer for answer in answers}):
        mine = [answer for answer in answers if answer.reviewer == name]
        days: dict[str, tuple[int, int]] = {}
        for answer in mine:
            day = f"{answer.decided_at.astimezone():%Y-%m-%d}"
            right, faces = days.get(day, (0, 0))
            days[day] = (right + answer.right, faces + 1)
        right = sum(answer.right for answer in mine)
        interval = by_person(np.array([answer.right for answer in mine], bool), [answer.subject for answer in mine])
        everybody.append(Gold(name, right, len(mine), (interval.low, interval.high), days))
    return everybody


def faces_of_cell(store: Store, dataset: str, first: int, second: int) -> list[int]:
    """The faces of which one person said one category and another person the other; of the same one, two people."""
    rated = _rated(store, dataset)
    counts = [(rated.ratings == category).sum(axis=1) for category in (first, second)]
    pairs = counts[0] > 1 if first == second else (counts[0] > 0) & (counts[1] > 0)
    return [face for face, chosen in zip(rated.faces, pairs.tolist(), strict=True) if chosen]


def _rated(store: Store, dataset: str) -> _Rated:
    with store.database.reading() as session:
        votes = labels.votes_in(session, datasets.named(session, dataset).id)
    people = sorted({reviewer for _, reviewer, _, _ in votes})
    rows = {face: row for row, face in enumerate(dict.fromkeys(face for face, _, _, _ in votes))}
    ratings = np.full((len(rows), len(people)), NOBODY, np.int64)
    unsure = np.zeros(len(rows), np.int64)
    for face, reviewer, kind, emotion in votes:
        unsure[rows[face]] += kind == DecisionKind.UNSURE
        if kind == DecisionKind.REJECTED:
            ratings[rows[face], people.index(reviewer)] = REJECTED
        elif emotion is not None:
            ratings[rows[face], people.index(reviewer)] = emotion
    return _Rated(list(rows), people, ratings, unsure)


def as_json(result: Agreement) -> dict[str, Any]:
    """Agreement as the command line prints it."""
    return {
        "people": result.people,
        "overall": {name: asdict(estimate) for name, estimate in result.overall.items()},
        "pairs": [{"people": list(pair), **asdict(estimate)} for pair, estimate in result.pairs.items()],
        "by_category": {name: asdict(estimate) for name, estimate in result.by_category.items()},
        "categories": list(CATEGORY_NAMES[:CATEGORIES]),
        "confused": result.confused,
        "unsure": result.unsure,
    }

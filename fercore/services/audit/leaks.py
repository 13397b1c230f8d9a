"""Leaks: faces of a validation or test split, copies of them, or people on them, that stand in another split too."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.curation.duplicates.confirmation import DuplicateKind
from fercore.progress import Progress, silent
from fercore.services.audit import copies
from fercore.services.audit.copies import SearchedFaces
from fercore.splits import SPLITS, Split
from fercore.store import Store
from fercore.store.audit.audited_faces import NONE, AuditedFaces

_HELD_OUT: Final = {Split.TRAIN: 0, Split.VALIDATION: 1, Split.TEST: 2}
Places = npt.NDArray[np.int64]
Neighbours = dict[int, list[tuple[int, DuplicateKind, float]]]


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """A split of a dataset."""

    dataset: str
    split: str


@dataclass(frozen=True, slots=True)
class LeakedFace:
    """A held-out face and its closest copy on the other side, both by number."""

    face: int
    source: int
    kind: DuplicateKind
    similarity: float


@dataclass(frozen=True)
class SplitLeaks:
    """Leaks from a split into one that is held out: faces of `target` that `source` has pixel by pixel (`exact`), that
    only altered copies of are in `source` (`near`), and people in both.

    `leaked` are these faces; `sources` are all faces of `source` that leak: copies, and faces of the shared people.
    """

    source: Place
    target: Place
    exact: int
    near: int
    subjects: tuple[str, ...]
    leaked: tuple[LeakedFace, ...]
    sources: tuple[int, ...]


@dataclass(frozen=True)
class LeakAudit:
    """Leaks between each two splits of which one is held out, among `faces` faces; rejected ones were left out."""

    datasets: tuple[str, ...]
    pairs: tuple[SplitLeaks, ...]
    faces: int
    rejected: int


def audit(store: Store, datasets: Sequence[str], progress: Progress = silent) -> LeakAudit:
    """The leaks within and across datasets; raises NotFoundError, InputError where none is named."""
    return of_searched(copies.searched(store, datasets, progress))


def of_searched(searched: SearchedFaces) -> LeakAudit:
    """The leaks among faces that were searched already."""
    looked_at = searched.faces
    neighbours = _neighbours(searched)
    where = {place: np.flatnonzero(rows) for place, rows in _places(looked_at)}
    pairs = [
        _between(searched, neighbours, (source, where[source]), (target, where[target]))
        for source, target in _directed(list(where))
    ]
    return LeakAudit(looked_at.names, tuple(pairs), len(looked_at), searched.rejected)


def _places(looked_at: AuditedFaces) -> Iterator[tuple[Place, npt.NDArray[np.bool_]]]:
    """Each split that has faces, dataset by dataset, with its rows."""
    for at, name in enumerate(looked_at.names):
        for number, split in enumerate(SPLITS):
            rows = (looked_at.dataset == at) & (looked_at.split == number)
            if rows.any():
                yield Place(name, str(split)), rows


def _directed(places: Sequence[Place]) -> Iterator[tuple[Place, Place]]:
    """Each two splits of which one is held out, the one that is more so as the second."""
    for pair in combinations(places, 2):
        source, target = sorted(pair, key=lambda place: _HELD_OUT[Split(place.split)])
        if target.split != Split.TRAIN:
            yield source, target


def _neighbours(searched: SearchedFaces) -> Neighbours:
    """The altered copies of each picture, by the first face that has its pixels."""
    near: Neighbours = defaultdict(list)
    for pair in searched.copies.pairs:
        if pair.similarity is not None:  # blank pictures tell a model nothing
            near[pair.face].append((pair.other, pair.kind, pair.similarity))
            near[pair.other].append((pair.face, pair.kind, pair.similarity))
    return near


def _between(
    searched: SearchedFaces, neighbours: Neighbours, source: tuple[Place, Places], target: tuple[Place, Places]
) -> SplitLeaks:
    looked_at, picture = searched.faces, searched.copies.picture
    holders: dict[int, list[int]] = defaultdict(list)
    for place in source[1].tolist():
        holders[int(picture[place])].append(place)
    leaked: list[tuple[int, int, DuplicateKind, float]] = []
    leaking: set[int] = set()
    for place in target[1].tolist():
        own = int(picture[place])
        alike = sorted((each for each in neighbours.get(own, ()) if each[0] in holders), key=lambda each: -each[2])
        if own in holders:
            alike.insert(0, (own, DuplicateKind.EXACT, 1.0))
        if alike:
            closest, kind, similarity = alike[0]
            leaked.append((place, holders[closest][0], kind, similarity))
            leaking |= {face for other, *_ in alike for face in holders[other]}
    shared = _shared_subjects(looked_at, source[1], target[1])
    of_shared = source[1][np.isin(looked_at.subject[source[1]], shared)]
    exact = sum(kind == DuplicateKind.EXACT for *_, kind, _ in leaked)
    return SplitLeaks(
        source=source[0],
        target=target[0],
        exact=exact,
        near=len(leaked) - exact,
        subjects=tuple(looked_at.subjects[number] for number in shared.tolist()),
        leaked=tuple(
            LeakedFace(int(looked_at.ids[face]), int(looked_at.ids[other]), kind, similarity)
            for face, other, kind, similarity in leaked
        ),
        sources=tuple(int(looked_at.ids[place]) for place in sorted(leaking | set(of_shared.tolist()))),
    )


def _shared_subjects(looked_at: AuditedFaces, source: Places, target: Places) -> npt.NDArray[np.int32]:
    """Numbers of the people on both sides; the same name in two datasets is two people."""
    both = np.intersect1d(looked_at.subject[source], looked_at.subject[target])
    people: npt.NDArray[np.int32] = both[both != NONE]
    return people


def as_json(audit: LeakAudit) -> dict[str, Any]:
    """The audit as the command line prints it."""
    return {
        "pairs": [
            {
                "from": [pair.source.dataset, pair.source.split],
                "to": [pair.target.dataset, pair.target.split],
                "exact": pair.exact,
                "near": pair.near,
                "subjects": len(pair.subjects),
                "faces": [
                    {"face": each.face, "source": each.source, "kind": str(each.kind), "similarity": each.similarity}
                    for each in pair.leaked
                ],
            }
            for pair in audit.pairs
        ],
        "datasets": list(audit.datasets),
        "faces": audit.faces,
        "rejected": audit.rejected,
    }

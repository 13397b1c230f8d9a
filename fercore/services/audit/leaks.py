"""Leaks: faces of a validation or test split, copies of them, or people on them, that stand in another split too."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.curation.duplicates.kinds import DuplicateKind
from fercore.progress import Progress, silent
from fercore.services.audit import copies
from fercore.services.audit.copies import SearchedFaces
from fercore.splits import SPLITS, Split
from fercore.store import Store
from fercore.store.audit.audited_faces import NONE, AuditedFaces

_HELD_OUT: Final = {Split.TRAIN: 0, Split.VALIDATION: 1, Split.TEST: 2}
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """A split of a dataset."""

    dataset: str
    split: str


@dataclass(frozen=True, slots=True)
class LeakedFace:
    """A held-out face and its closest copy on the other side, both by number.

    `similarity` is None where a third copy says that the two are copies: they are shifted too far to be compared.
    """

    face: int
    source: int
    kind: DuplicateKind
    similarity: float | None


@dataclass(frozen=True, slots=True)
class SharedPerson:
    """A person on both sides: a held-out face and one of the other side, by number."""

    subject: str
    face: int
    source: int


@dataclass(frozen=True)
class SplitLeaks:
    """Leaks from a split into one that is held out: faces of `target` that `source` has pixel by pixel (`exact`), that
    only altered copies of are in `source` (`near`), and people in both.

    `leaked` are these faces; `sources` are all faces of `source` that leak: copies, and faces of the shared people;
    `targets` likewise those of `target`.
    """

    source: Place
    target: Place
    exact: int
    near: int
    people: tuple[SharedPerson, ...]
    leaked: tuple[LeakedFace, ...]
    sources: tuple[int, ...]
    targets: tuple[int, ...]


@dataclass(frozen=True)
class LeakAudit:
    """Leaks between each two splits of which one is held out, among `faces` faces, of which `held_out` are in
    validation and test splits; rejected ones were left out.
    """

    datasets: tuple[str, ...]
    pairs: tuple[SplitLeaks, ...]
    faces: int
    held_out: int
    rejected: int

    @property
    def leaked(self) -> frozenset[int]:
        """The held-out faces that leak, by number."""
        return frozenset(face for pair in self.pairs for face in pair.targets)


def audit(store: Store, datasets: Sequence[str], progress: Progress = silent) -> LeakAudit:
    """The leaks within and across datasets; raises NotFoundError, InputError where none is named."""
    return of_searched(copies.searched(store, datasets, progress))


def of_searched(searched: SearchedFaces) -> LeakAudit:
    """The leaks among faces that were searched already."""
    looked_at = searched.faces
    pictures = _Pictures(searched)
    where = {place: np.flatnonzero(rows) for place, rows in _places(looked_at)}
    pairs = [
        _between(looked_at, pictures, (source, where[source]), (target, where[target]))
        for source, target in _directed(list(where))
    ]
    held_out = int((looked_at.split != SPLITS.index(Split.TRAIN)).sum())
    return LeakAudit(looked_at.names, tuple(pairs), len(looked_at), held_out, searched.rejected)


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


class _Pictures:
    """Copies by picture, which is named by the first face with its pixels."""

    def __init__(self, searched: SearchedFaces) -> None:
        self._picture = searched.copies.picture
        self._near: dict[int, dict[int, _Copy]] = defaultdict(dict)
        for group in searched.groups:
            pictures = {int(self._picture[face]) for face in group.faces}
            if group.kind == DuplicateKind.BLANK:  # blank pictures tell a model nothing
                continue
            for one in pictures:
                self._near[one] = {other: _Copy(other, group.kind, None) for other in pictures if other != one}
        for pair in searched.copies.pairs:
            if pair.kind != DuplicateKind.BLANK:
                self._near[pair.face][pair.other] = _Copy(pair.other, pair.kind, pair.similarity)
                self._near[pair.other][pair.face] = _Copy(pair.face, pair.kind, pair.similarity)

    def of(self, places: Iterable[int]) -> dict[int, list[int]]:
        """The faces at these places by picture."""
        holders: dict[int, list[int]] = defaultdict(list)
        for place in places:
            holders[int(self._picture[place])].append(place)
        return holders

    def copies(self, place: int, holders: Mapping[int, list[int]]) -> list["_Copy"]:
        """The copies of a face among these pictures, the closest first."""
        own = int(self._picture[place])
        near = [copy for other, copy in self._near.get(own, {}).items() if other in holders]
        near.sort(key=lambda copy: (-(copy.similarity or 0), copy.picture))
        return [_Copy(own, DuplicateKind.EXACT, 1.0), *near] if own in holders else near


@dataclass(frozen=True, slots=True)
class _Copy:
    picture: int
    kind: DuplicateKind
    similarity: float | None


def _between(
    looked_at: AuditedFaces, pictures: _Pictures, source: tuple[Place, Places], target: tuple[Place, Places]
) -> SplitLeaks:
    holders = pictures.of(source[1].tolist())
    leaked, leaking = [], set()
    for place in target[1].tolist():
        alike = pictures.copies(place, holders)
        if alike:
            first = holders[alike[0].picture][0]
            number, other = int(looked_at.ids[place]), int(looked_at.ids[first])
            leaked.append(LeakedFace(number, other, alike[0].kind, alike[0].similarity))
            leaking |= {face for copy in alike for face in holders[copy.picture]}
    shared = _shared_subjects(looked_at, source[1], target[1])
    sides = [places[np.isin(looked_at.subject[places], shared)] for places in (source[1], target[1])]
    leaking |= set(sides[0].tolist())
    exact = sum(face.kind == DuplicateKind.EXACT for face in leaked)
    return SplitLeaks(
        source=source[0],
        target=target[0],
        exact=exact,
        near=len(leaked) - exact,
        people=tuple(_shared_people(looked_at, *sides)),
        leaked=tuple(leaked),
        sources=tuple(int(looked_at.ids[place]) for place in sorted(leaking)),
        targets=tuple(sorted({face.face for face in leaked} | set(looked_at.ids[sides[1]].tolist()))),
    )


def _shared_people(looked_at: AuditedFaces, source: Places, target: Places) -> Iterator[SharedPerson]:
    """Each person on both sides with the first face on either; all faces here are of such people."""
    numbers, first = np.unique(looked_at.subject[target], return_index=True)
    _, second = np.unique(looked_at.subject[source], return_index=True)
    pairs = zip(looked_at.ids[target[first]].tolist(), looked_at.ids[source[second]].tolist(), strict=True)
    for number, (face, other) in zip(numbers.tolist(), pairs, strict=True):
        yield SharedPerson(looked_at.subjects[number], face, other)


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
                "subjects": len(pair.people),
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

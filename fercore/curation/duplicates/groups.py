"""Copies as groups around one picture, with a face to keep."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fercore.curation.duplicates import alignment
from fercore.curation.duplicates.confirmation import DuplicatePair, Read
from fercore.curation.duplicates.kinds import KINDS, DuplicateKind
from fercore.curation.duplicates.search import Copies
from fercore.splits import Split

_SAME_AS_HUB: Final = 0.7  # least correlation with a group's middle, over wide offsets, of what hangs on it by a chain
# A copy is kept where its loss would cost most: results are counted on the test split.
_SPLIT_ORDER: Final = {Split.TEST: 0, Split.VALIDATION: 1, Split.TRAIN: 2}


@dataclass(frozen=True, slots=True)
class FaceFacts:
    """Facts about a face that decide which copy is kept; `quality` is higher for better pictures."""

    label: int | None
    split: str
    is_reviewed: bool
    quality: float


Facts = Callable[[int], FaceFacts]
"""Facts about the face at a place."""


@dataclass(frozen=True, slots=True)
class KindGroup:
    """Faces of a group that are copies by the same kind of change."""

    kind: DuplicateKind
    faces: tuple[int, ...]


@dataclass(frozen=True)
class DuplicateGroup:
    """Faces (places) that show one picture, the one to keep, and the pairs that say so, exact ones from the first."""

    faces: tuple[int, ...]
    keeper: int
    contradicts: bool  # labels differ
    pairs: tuple[DuplicatePair, ...]

    @property
    def kind(self) -> DuplicateKind:
        """The greatest change among the pairs."""
        return max((pair.kind for pair in self.pairs), key=KINDS.index)

    def by_kind(self) -> list[KindGroup]:
        """The group apart by kinds of change: sets with the same pixels, then sets of copies by each other kind."""
        same = _components((pair.face, pair.other) for pair in self.pairs if pair.kind == DuplicateKind.EXACT)
        copies = {members[0]: members for members in same}
        groups = [KindGroup(DuplicateKind.EXACT, tuple(members)) for members in same]
        for kind in KINDS[1:]:
            for members in _components((pair.face, pair.other) for pair in self.pairs if pair.kind == kind):
                faces = sorted(face for member in members for face in copies.get(member, [member]))
                groups.append(KindGroup(kind, tuple(faces)))
        return groups


def grouped(copies: Copies, facts: Facts, read: Read) -> list[DuplicateGroup]:
    """Groups of copies, those with contradicting labels first, then the largest.

    A chain of small changes can lead from one picture to another. A group has a middle, the face with most copies;
    a face that no pair joins to it must resemble it, or begins another group.
    """
    same = _same_pixels(copies)
    near: dict[int, list[DuplicatePair]] = defaultdict(list)
    for pair in copies.pairs:
        near[pair.face].append(pair)
        near[pair.other].append(pair)
    groups = []
    for members in _components((pair.face, pair.other) for pair in copies.pairs):
        for part in _around_hubs(members, near, read):
            pairs = [pair for face in sorted(part) for pair in near[face] if pair.face == face and pair.other in part]
            groups.append(_group(part, pairs, same, facts))
    joined = {face for group in groups for face in group.faces}
    groups += [_group({first}, [], same, facts) for first in same if first not in joined]
    return sorted(groups, key=lambda group: (not group.contradicts, -len(group.faces), group.faces))


def _same_pixels(copies: Copies) -> dict[int, list[int]]:
    """Faces with the same pixels, by the first of them; only where there are several."""
    order = np.argsort(copies.picture, kind="stable")
    firsts, starts, sizes = np.unique(copies.picture[order], return_index=True, return_counts=True)
    several = np.flatnonzero(sizes > 1)
    return {int(firsts[at]): order[starts[at] : starts[at] + sizes[at]].tolist() for at in several.tolist()}


def _components(edges: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Connected faces, each list ascending, by their first face."""
    parent: dict[int, int] = {}

    def root(face: int) -> int:
        parent.setdefault(face, face)
        while parent[face] != face:
            parent[face] = face = parent[parent[face]]
        return face

    for face, other in edges:
        low, high = sorted((root(face), root(other)))
        parent[high] = low
    members: dict[int, list[int]] = defaultdict(list)
    for face in sorted(parent):
        members[root(face)].append(face)
    return list(members.values())


def _around_hubs(members: Sequence[int], near: dict[int, list[DuplicatePair]], read: Read) -> list[set[int]]:
    """A connected part as groups around its faces with most copies."""
    left = set(members)
    groups = []
    while len(left) > 1:
        neighbours = {face: {_opposite(pair, face) for pair in near[face]} & left for face in left}
        hub = min(left, key=lambda face: (-len(neighbours[face]), face))
        if not neighbours[hub]:
            break
        group = {hub} | neighbours[hub]
        if len(group) < len(left):
            group |= _resembling(hub, sorted(left - group), read)
        groups.append(group)
        left -= group
    return groups


def _opposite(pair: DuplicatePair, face: int) -> int:
    return pair.other if pair.face == face else pair.face


def _resembling(hub: int, faces: Sequence[int], read: Read) -> set[int]:
    """Those faces that show the hub's picture, shifted or scaled further than a pair may be."""
    places = np.array(sorted([hub, *faces]))
    details = alignment.details(read(places)).astype(np.float32)
    middle = details[np.searchsorted(places, hub)]
    return {
        int(place)
        for place, picture in zip(places, details, strict=True)
        if place != hub and alignment.widest(picture, middle) >= _SAME_AS_HUB
    }


def _group(pictures: set[int], pairs: list[DuplicatePair], same: dict[int, list[int]], facts: Facts) -> DuplicateGroup:
    faces = sorted(face for first in pictures for face in same.get(first, [first]))
    exact = [
        DuplicatePair(first, other, DuplicateKind.EXACT, 1.0)
        for first in sorted(pictures)
        for other in same.get(first, [first])[1:]
    ]
    labels = {facts(face).label for face in faces} - {None}
    return DuplicateGroup(tuple(faces), keeper(faces, facts), len(labels) > 1, (*exact, *pairs))


def keeper(faces: Sequence[int], facts: Facts) -> int:
    """The copy to keep: reviewed before not, test before validation before train, then the better picture."""
    return min(
        faces,
        key=lambda face: (
            not facts(face).is_reviewed,
            _SPLIT_ORDER[Split(facts(face).split)],
            -facts(face).quality,
            face,
        ),
    )

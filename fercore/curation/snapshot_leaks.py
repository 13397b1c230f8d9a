"""Leaks of a frozen list of faces: what its held-out splits share with the splits that a model learns from."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from fercore.curation.snapshots import SnapshotRow
from fercore.splits import SPLITS


@dataclass(frozen=True, slots=True)
class SplitLeak:
    """Faces of `target` that are in `source`, too: `exact` pixel by pixel, `near` as altered copies (None: nobody
    searched for these), and `people` who are in both.
    """

    source: str
    target: str
    exact: int
    near: int | None
    people: int


@dataclass(frozen=True)
class LeakReport:
    """The leaks of each two splits, and the held-out faces that leak in any way, of all `held_out` ones."""

    pairs: tuple[SplitLeak, ...]
    leaked: int
    held_out: int


def report(
    rows: Sequence[SnapshotRow], people: Mapping[int, Hashable | None], copies: Mapping[int, int] | None
) -> LeakReport:
    """The leaks of rows of which `people` names the person on each face; `copies` the group of each face that has
    altered copies, None where nobody searched.
    """
    by_split: dict[str, list[SnapshotRow]] = defaultdict(list)
    for row in rows:
        by_split[row.split].append(row)
    pairs, leaked = [], set()
    for source, target in combinations(SPLITS, 2):
        pictures = {row.pixel_hash for row in by_split[source]}
        groups = {copies[row.face_id] for row in by_split[source] if row.face_id in copies} if copies else set()
        here = {people[row.face_id] for row in by_split[source]} - {None}
        exact = {row.face_id for row in by_split[target] if row.pixel_hash in pictures}
        near = {row.face_id for row in by_split[target] if copies and copies.get(row.face_id) in groups} - exact
        shown = {row.face_id: people[row.face_id] for row in by_split[target] if people[row.face_id] in here}
        pairs.append(
            SplitLeak(
                str(source), str(target), len(exact), None if copies is None else len(near), len({*shown.values()})
            )
        )
        leaked |= exact | near | set(shown)
    held_out = sum(len(by_split[split]) for split in SPLITS[1:])
    return LeakReport(tuple(pairs), len(leaked), held_out)

"""Contents of snapshots: hash, counts, and the difference of two."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from fercore.emotions import EMOTIONS
from fercore.splits import SPLITS


class SnapshotRow(NamedTuple):
    """One frozen face; `votes` counts those for each emotion, a byte each, where people did not agree; `weight` is that
    in a training, None for 1.
    """

    face_id: int
    pixel_hash: str
    label: int
    split: str
    votes: bytes | None = None
    weight: float | None = None


@dataclass(frozen=True)
class Difference:
    """Changes between two snapshots; `moves` counts faces by (old label, new label).

    `voted` counts those whose label stayed and whose votes did not, `reweighted` all those with another weight.
    """

    added: int
    removed: int
    moved_split: int
    moves: dict[tuple[int, int], int]
    voted: int = 0
    reweighted: int = 0


def content_hash(rows: Iterable[SnapshotRow]) -> str:
    """SHA-256 over the sorted (pixel hash, label, split, votes, weight): the same content has the same hash anywhere.

    A weight of 1 adds nothing, so that snapshots without weights keep the hash that they had before there were any.
    """
    digest = hashlib.sha256()
    for line in sorted(f"{row.pixel_hash} {row.label} {row.split}{_votes(row)}{_weight(row)}\n" for row in rows):
        digest.update(line.encode())
    return digest.hexdigest()


def _votes(row: SnapshotRow) -> str:
    return "" if row.votes is None else f" {row.votes.hex()}"


def _weight(row: SnapshotRow) -> str:
    return "" if weight_of(row) == 1 else f" weight {weight_of(row)!r}"


def weight_of(row: SnapshotRow) -> float:
    """The weight of a frozen face in a training."""
    return 1.0 if row.weight is None else float(row.weight)


def counts(rows: Iterable[SnapshotRow]) -> dict[str, dict[str, int]]:
    """Faces by split and emotion, every split and emotion present."""
    tally = Counter((row.split, row.label) for row in rows)
    return {split: {name: tally[split, index] for index, name in enumerate(EMOTIONS)} for split in SPLITS}


def changed(
    old: Iterable[SnapshotRow], new: Iterable[SnapshotRow]
) -> dict[tuple[str, int | None, int | None], list[int]]:
    """The faces of each change between two snapshots: ("added", "removed", "split", "votes", "weight") or a move."""
    before = {row.face_id: row for row in old}
    after = {row.face_id: row for row in new}
    changes: dict[tuple[str, int | None, int | None], list[int]] = {}

    def note(face: int, kind: str, was: int | None = None, now: int | None = None) -> None:
        changes.setdefault((kind, was, now), []).append(face)

    for face in sorted(before.keys() | after.keys()):
        earlier, later = before.get(face), after.get(face)
        if earlier is None or later is None:
            note(face, "added" if earlier is None else "removed")
            continue
        if earlier.label != later.label:
            note(face, "moved", earlier.label, later.label)
        elif earlier.votes != later.votes:
            note(face, "votes")
        if earlier.split != later.split:
            note(face, "split")
        if weight_of(earlier) != weight_of(later):
            note(face, "weight")
    return changes


def difference(old: Iterable[SnapshotRow], new: Iterable[SnapshotRow]) -> Difference:
    """Compare two snapshots face by face."""
    before = {row.face_id: row for row in old}
    after = {row.face_id: row for row in new}
    both = before.keys() & after.keys()
    moves = Counter((before[face].label, after[face].label) for face in both if before[face].label != after[face].label)
    return Difference(
        added=len(after.keys() - before.keys()),
        removed=len(before.keys() - after.keys()),
        moved_split=sum(before[face].split != after[face].split for face in both),
        moves=dict(moves),
        voted=sum(before[face].label == after[face].label and before[face].votes != after[face].votes for face in both),
        reweighted=sum(weight_of(before[face]) != weight_of(after[face]) for face in both),
    )

"""Duplicates: faces of one or several datasets that show the same picture, as groups with a face to keep."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fercore.curation.duplicates.confirmation import DuplicatePair
from fercore.curation.duplicates.groups import DuplicateGroup
from fercore.curation.duplicates.kinds import KINDS, DuplicateKind
from fercore.emotions import EMOTIONS
from fercore.progress import Progress, silent
from fercore.services.audit import copies
from fercore.services.audit.copies import SearchedFaces
from fercore.splits import SPLITS
from fercore.store import Store
from fercore.store.audit.audited_faces import NONE, AuditedFaces


@dataclass(frozen=True, slots=True)
class GroupedFace:
    """A face of a group; `pixels` is the SHA-256 in hex of its grays, `label` None where it has none."""

    face: int
    pixels: str
    dataset: str
    split: str
    label: str | None


@dataclass(frozen=True, slots=True)
class FacePair:
    """Two faces, by number, that show one picture; `similarity` is None for pictures without content."""

    face: int
    other: int
    kind: DuplicateKind
    similarity: float | None


@dataclass(frozen=True, slots=True)
class FacesOfKind:
    """Faces of a group, by number, that are copies by one kind of change."""

    kind: DuplicateKind
    faces: tuple[int, ...]


@dataclass(frozen=True)
class FaceGroup:
    """Faces that show one picture, the one to keep, the pairs that say so, and the faces by kind of change."""

    faces: tuple[GroupedFace, ...]
    keeper: int
    contradicts: bool
    pairs: tuple[FacePair, ...]
    kinds: tuple[FacesOfKind, ...]


@dataclass(frozen=True)
class DuplicateAudit:
    """Groups of duplicates, contradicting labels first, among `faces` faces; rejected ones were left out."""

    datasets: tuple[str, ...]
    groups: tuple[FaceGroup, ...]
    faces: int
    rejected: int

    @property
    def counts(self) -> dict[str, int]:
        """Sets of faces by kind of change; an exact one is a picture that several faces have."""
        counted = Counter(kind.kind for group in self.groups for kind in group.kinds)
        return {str(kind): counted[kind] for kind in KINDS}

    @property
    def superfluous(self) -> int:
        """The faces beyond one of each group."""
        return sum(len(group.faces) - 1 for group in self.groups)


def audit(store: Store, datasets: Sequence[str], progress: Progress = silent) -> DuplicateAudit:
    """The duplicates within and across datasets and splits; raises NotFoundError, InputError where none is named."""
    return of_searched(copies.searched(store, datasets, progress))


def of_searched(searched: SearchedFaces) -> DuplicateAudit:
    """The duplicates among faces that were searched already."""
    looked_at = searched.faces
    grouped = tuple(_group(looked_at, group) for group in searched.groups)
    return DuplicateAudit(looked_at.names, grouped, len(looked_at), searched.rejected)


def _group(looked_at: AuditedFaces, group: DuplicateGroup) -> FaceGroup:
    numbers = {face: int(looked_at.ids[face]) for face in group.faces}
    return FaceGroup(
        faces=tuple(_face(looked_at, face) for face in group.faces),
        keeper=numbers[group.keeper],
        contradicts=group.contradicts,
        pairs=tuple(_pair(looked_at, pair) for pair in group.pairs),
        kinds=tuple(FacesOfKind(each.kind, tuple(numbers[face] for face in each.faces)) for each in group.by_kind()),
    )


def _face(looked_at: AuditedFaces, place: int) -> GroupedFace:
    label = int(looked_at.label[place])
    return GroupedFace(
        face=int(looked_at.ids[place]),
        pixels=looked_at.pixels(place),
        dataset=looked_at.names[looked_at.dataset[place]],
        split=str(SPLITS[looked_at.split[place]]),
        label=None if label == NONE else EMOTIONS[label],
    )


def _pair(looked_at: AuditedFaces, pair: DuplicatePair) -> FacePair:
    return FacePair(int(looked_at.ids[pair.face]), int(looked_at.ids[pair.other]), pair.kind, pair.similarity)


def as_json(audit: DuplicateAudit) -> dict[str, Any]:
    """The audit as the command line prints it: a row for each kind of change in each group, numbered by `group`."""
    rows = [
        row
        for number, group in enumerate(audit.groups, start=1)
        for row in _rows(number, group, {face.face: face for face in group.faces})
    ]
    return {
        "groups": rows,
        "counts": audit.counts,
        "datasets": list(audit.datasets),
        "faces": audit.faces,
        "superfluous": audit.superfluous,
        "rejected": audit.rejected,
    }


def _rows(number: int, group: FaceGroup, by_number: dict[int, GroupedFace]) -> list[dict[str, Any]]:
    rows = []
    for each in group.kinds:
        members = [by_number[face] for face in each.faces]
        rows.append(
            {
                "kind": str(each.kind),
                "pixels": [face.pixels for face in members],
                "labels": [face.label for face in members],
                "faces": [face.face for face in members],
                "places": [[face.dataset, face.split] for face in members],
                "group": number,
                "keep": group.keeper,
                "contradicts": len({face.label for face in members} - {None}) > 1,
            }
        )
    return rows

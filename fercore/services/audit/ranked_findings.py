"""Findings of an audit by rank, as pages show them: faces, and pairs of faces side by side."""

from dataclasses import dataclass
from typing import Any

from fercore.curation.checks import Check
from fercore.curation.findings import face_is_right
from fercore.emotions import EMOTIONS
from fercore.store import Store
from fercore.store.audit import audits, findings
from fercore.store.audit.findings import FoundFace
from fercore.store.datasets import face_rows


@dataclass(frozen=True, slots=True)
class RankedFace:
    """A found face: `kind` is the fault of its picture, `is_right` whether a decision since proved the finding right
    (None: nobody is sure); the likelier emotion is `suggested` once somebody has decided.
    """

    face: int
    dataset: str
    split: str
    label: str | None
    kind: str | None
    score: float | None
    is_decided: bool
    is_right: bool | None
    suggested: str | None
    emotion: str | None


@dataclass(frozen=True, slots=True)
class PairFace:
    """A face of a pair, and its place and label."""

    face: int
    dataset: str
    split: str
    label: str | None


@dataclass(frozen=True, slots=True)
class RankedPair:
    """Two faces that were found to be copies, or to show one person; `similarity` is None where not measured."""

    first: PairFace
    second: PairFace
    kind: str | None
    similarity: float | None


@dataclass(frozen=True, slots=True)
class PairFilter:
    """Pairs of a face of one split and a face of another, each (dataset, split)."""

    source: tuple[str, str]
    target: tuple[str, str]

    def admits(self, first: Any, second: Any) -> bool:
        """True of two faces of these splits, whichever comes first; a face is anything with a dataset and a split."""
        places = [(face.dataset, face.split) for face in (first, second)]
        return sorted(places) == sorted((self.source, self.target))


def count(store: Store, audit: int, check: Check) -> int:
    """The number of a check's findings that are still there."""
    with store.database.reading() as session:
        return findings.count(session, audit, check)


def faces(store: Store, audit: int, check: Check, first: int, number: int) -> list[RankedFace]:
    """Found faces from one place on, the most suspicious first; raises NotFoundError."""
    with store.database.reading() as session:
        found = findings.faces(session, audits.get(session, audit), check, part=(first, number))
    return [_ranked(face, check) for face in found]


def _ranked(face: FoundFace, check: Check) -> RankedFace:
    is_right = face_is_right(check, face.label, face.state, face.emotion, face.reason) if face.is_decided else None
    return RankedFace(
        face=face.face,
        dataset=face.dataset,
        split=face.split,
        label=_name(face.label),
        kind=face.detail,
        score=face.score,
        is_decided=face.is_decided,
        is_right=is_right,
        suggested=_name(face.suggested) if face.is_decided else None,
        emotion=_name(face.emotion),
    )


def pairs(store: Store, audit: int, check: Check, between: PairFilter | None = None) -> list[RankedPair]:
    """Found pairs by rank, all or those between two splits."""
    with store.database.reading() as session:
        found = findings.pairs(session, audit, check)
        rows = face_rows.of_faces(session, list({face for pair in found for face in (pair.face, pair.other)}))
    ranked = [
        RankedPair(_place(rows[pair.face]), _place(rows[pair.other]), pair.detail, pair.score)
        for pair in found
        if pair.face in rows and pair.other in rows
    ]
    return [pair for pair in ranked if between is None or between.admits(pair.first, pair.second)]


def _place(row: Any) -> PairFace:
    return PairFace(row.face, row.dataset, row.split, _name(row.label))


def _name(emotion: int | None) -> str | None:
    return None if emotion is None else EMOTIONS[emotion]

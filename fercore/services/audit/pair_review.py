"""Pairs of an audit before people: found pairs and control pairs in one random order, none of them named."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from fercore.curation.checks import Check, Verdict
from fercore.curation.duplicates.kinds import DuplicateKind
from fercore.curation.findings import drawn, mixed
from fercore.services.audit.ranked_findings import PairFilter
from fercore.services.review import reviewers
from fercore.store import Store
from fercore.store.audit import audits, findings, pair_verdicts
from fercore.store.audit.findings import FoundPair
from fercore.store.datasets import face_rows

MOST: Final = 300  # found pairs that people are asked about: enough for an interval of some points
# Nobody needs to look at pictures that are equal in every pixel, or have no content.
_PLAIN: Final = (DuplicateKind.EXACT, DuplicateKind.BLANK)


@dataclass(frozen=True, slots=True)
class PairToReview:
    """Two faces by number, and what this person said of them; nothing tells whether the audit found them."""

    face: int
    other: int
    verdict: Verdict | None


def queue(
    store: Store, audit: int, check: Check, reviewer: str, between: PairFilter | None = None
) -> list[PairToReview]:
    """The pairs, all or those between two splits, in the order in which everybody sees them; raises NotFoundError.

    At most 300 found pairs, drawn at random, and the control pairs.
    """
    import numpy as np

    name = reviewers.present_name(store, reviewer)
    with store.database.reading() as session:
        audits.get(session, audit)
        found = [pair for pair in findings.pairs(session, audit, check) if pair.detail not in _PLAIN]
        controls = findings.pairs(session, audit, check, control=True)
        if between is not None:
            found, controls = _between(session, found, between), _between(session, controls, between)
        said = [findings.verdicts(session, audit, check, control) for control in (False, True)]
    chosen = sorted(drawn(np.arange(len(found)), MOST, audit).tolist())
    sides = ([found[place] for place in chosen], controls)
    return [
        _to_review(sides[control][place], dict(said[control].get(sides[control][place].rank, ())), name)
        for control, place in mixed(len(sides[0]), len(sides[1]) if sides[0] else 0, audit)
    ]


def _between(session: Session, pairs: Sequence[FoundPair], wanted: PairFilter) -> list[FoundPair]:
    rows = face_rows.of_faces(session, list({face for pair in pairs for face in (pair.face, pair.other)}))
    there = [pair for pair in pairs if pair.face in rows and pair.other in rows]
    return [pair for pair in there if wanted.admits(rows[pair.face], rows[pair.other])]


def _to_review(pair: FoundPair, said: dict[str, str], name: str) -> PairToReview:
    return PairToReview(pair.face, pair.other, Verdict(said[name]) if name in said else None)


def latest(store: Store, audit: int, check: Check, reviewer: str) -> tuple[int, int] | None:
    """The pair of an audit that this person judged last; None where there is none."""
    name = reviewers.present_name(store, reviewer)
    with store.database.reading() as session:
        return findings.latest_verdict(session, audit, check, name)


def decide(store: Store, faces: tuple[int, int], verdict: Verdict, reviewer: str) -> None:
    """Store a person's verdict on a pair; a later one takes its place."""
    name = reviewers.present_name(store, reviewer)
    with store.database.writing() as session:
        pair_verdicts.give(session, faces, name, verdict)


def undo(store: Store, faces: tuple[int, int], reviewer: str) -> None:
    """Take a person's verdict on a pair back."""
    name = reviewers.present_name(store, reviewer)
    with store.database.writing() as session:
        pair_verdicts.take_back(session, faces, name)

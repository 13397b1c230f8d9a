"""Sums of decisions: one vote for each reviewer and face, one label for each face."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Final, cast

from sqlalchemy import ColumnElement, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from fercore.curation.votes import (
    UNDOING,
    Event,
    FaceLabel,
    FaceState,
    LabelBasis,
    LabelRule,
    is_disputed,
    label,
    standing,
)
from fercore.store.datasets.faces import PRESENT
from fercore.store.tables import Adjudication, Dataset, Decision, Face, Recrop, Vote

# Stands above all votes, as a ruling does, and above rulings.
_WITHDRAWN: Final = Event(0, "", FaceState.WITHDRAWN)


def bases(session: Session, face_ids: Iterable[int]) -> dict[int, LabelBasis]:
    """The ground of these faces' labels beside their votes."""
    query = (
        select(Face.id, Face.source_emotion, Dataset.rule, Adjudication, Recrop.withdrawn)
        .join(Dataset, Dataset.id == Face.dataset_id)
        .outerjoin(Adjudication, Adjudication.face_id == Face.id)
        .outerjoin(Recrop, Recrop.face_id == Face.id)
        .where(Face.id.in_(list(face_ids)))
    )
    return {
        face: LabelBasis(source, cast(LabelRule, rule), _WITHDRAWN if withdrawn else _ruling(ruling))
        for face, source, rule, ruling, withdrawn in session.execute(query)
    }


def _ruling(adjudication: Adjudication | None) -> Event | None:
    return (
        None
        if adjudication is None
        else Event(adjudication.sequence, "", adjudication.kind, adjudication.emotion, adjudication.reason)
    )


def votes_of(session: Session, face_ids: Iterable[int]) -> defaultdict[int, dict[str, Event]]:
    """The standing votes on these faces, by face and reviewer."""
    votes: defaultdict[int, dict[str, Event]] = defaultdict(dict)
    for vote in session.scalars(select(Vote).where(Vote.face_id.in_(list(face_ids)))):
        votes[vote.face_id][vote.reviewer] = Event(vote.sequence, "", vote.kind, vote.emotion, vote.reason)
    return votes


def votes_in(session: Session, dataset_id: int) -> list[tuple[int, str, str, int | None]]:
    """The standing votes on a dataset's faces: (face, reviewer, kind, emotion), by face."""
    query = select(Vote.face_id, Vote.reviewer, Vote.kind, Vote.emotion).join(Face, Face.id == Vote.face_id)
    rows = session.execute(query.where(Face.dataset_id == dataset_id, PRESENT).order_by(Vote.face_id, Vote.reviewer))
    return [(face, reviewer, kind, emotion) for face, reviewer, kind, emotion in rows]


def events_of(session: Session, reviewer: str, face_ids: Iterable[int]) -> defaultdict[int, list[Event]]:
    """A reviewer's events on these faces, by face, and whatever undoes events there, whoever did that."""
    theirs = or_(Decision.reviewer == reviewer, Decision.kind.in_(UNDOING))
    return _events(session, face_ids, theirs, ~Decision.adjudicates)


def _events(session: Session, face_ids: Iterable[int], *which: ColumnElement[bool]) -> defaultdict[int, list[Event]]:
    events: defaultdict[int, list[Event]] = defaultdict(list)
    for row in session.scalars(select(Decision).where(Decision.face_id.in_(list(face_ids)), *which)):
        events[row.face_id].append(Event(row.sequence, row.action, row.kind, row.emotion, row.reason, row.undoes))
    return events


def store_votes(session: Session, reviewer: str, votes: dict[int, Event | None]) -> None:
    """Replace a reviewer's votes; None takes a vote away."""
    session.execute(delete(Vote).where(Vote.reviewer == reviewer, Vote.face_id.in_(list(votes))))
    rows = [
        {
            "face_id": face_id,
            "reviewer": reviewer,
            "sequence": vote.sequence,
            "kind": vote.kind,
            "emotion": vote.emotion,
            "reason": vote.reason,
        }
        for face_id, vote in votes.items()
        if vote is not None
    ]
    if rows:
        session.execute(insert(Vote), rows)


def store_rulings(session: Session, face_ids: Collection[int]) -> None:
    """Count these faces' rulings again from the decisions of adjudicators."""
    events = _events(session, face_ids, Decision.adjudicates.is_(True))
    session.execute(delete(Adjudication).where(Adjudication.face_id.in_(face_ids)))
    rulings = {face: standing(face_events) for face, face_events in events.items()}
    rows = [
        {"face_id": face, "sequence": vote.sequence, "kind": vote.kind, "emotion": vote.emotion, "reason": vote.reason}
        for face, vote in rulings.items()
        if vote is not None
    ]
    if rows:
        session.execute(insert(Adjudication), rows)


def store_labels(session: Session, bases: dict[int, LabelBasis], votes: dict[int, dict[str, Event]]) -> None:
    """Write down the labels that votes, rulings and sources add up to."""
    labels: dict[int, FaceLabel] = {face: label(basis, list(votes[face].values())) for face, basis in bases.items()}
    if not labels:
        return
    session.execute(
        update(Face),
        [
            {
                "id": face_id,
                "emotion": face_label.emotion,
                "state": face_label.state,
                "reason": face_label.reason,
                "disputed": is_disputed(bases[face_id], list(votes[face_id].values())),
            }
            for face_id, face_label in labels.items()
        ],
    )


def recount_all(session: Session, face_ids: Sequence[int]) -> None:
    """The same for everybody who decided on these faces."""
    who = select(Decision.reviewer).distinct().where(Decision.face_id.in_(face_ids), Decision.kind.not_in(UNDOING))
    recount(session, face_ids, session.scalars(who).all())


def recount(session: Session, face_ids: Sequence[int], reviewers: Iterable[str]) -> None:
    """Count votes, rulings and labels again from the decisions."""
    for reviewer in sorted(reviewers):
        history = events_of(session, reviewer, face_ids)
        store_votes(session, reviewer, {face_id: standing(history[face_id]) for face_id in face_ids})
    store_rulings(session, face_ids)
    store_labels(session, bases(session, face_ids), votes_of(session, face_ids))

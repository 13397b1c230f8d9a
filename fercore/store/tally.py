"""What decisions add up to: one vote for each reviewer and face, one label for each face."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from fercore.curation.votes import Event, Label, label, standing
from fercore.store.tables import Decision, Face, Vote


def sources(session: Session, face_ids: Iterable[int]) -> dict[int, int | None]:
    """The emotions that the sources gave these faces."""
    query = select(Face.id, Face.source_emotion).where(Face.id.in_(list(face_ids)))
    return {face_id: emotion for face_id, emotion in session.execute(query)}


def votes_of(session: Session, face_ids: Iterable[int]) -> defaultdict[int, dict[str, Event]]:
    """The standing votes on these faces, by face and reviewer."""
    votes: defaultdict[int, dict[str, Event]] = defaultdict(dict)
    for vote in session.scalars(select(Vote).where(Vote.face_id.in_(list(face_ids)))):
        votes[vote.face_id][vote.reviewer] = Event(vote.sequence, "", vote.kind, vote.emotion, vote.reason)
    return votes


def votes_in(session: Session, dataset_id: int) -> list[tuple[int, str, str, int | None]]:
    """The standing votes on a dataset's faces: (face, reviewer, kind, emotion), by face."""
    query = select(Vote.face_id, Vote.reviewer, Vote.kind, Vote.emotion).join(Face, Face.id == Vote.face_id)
    found = session.execute(query.where(Face.dataset_id == dataset_id).order_by(Vote.face_id, Vote.reviewer))
    return [(face, reviewer, kind, emotion) for face, reviewer, kind, emotion in found]


def events_of(session: Session, reviewer: str, face_ids: Iterable[int]) -> defaultdict[int, list[Event]]:
    """A reviewer's events on these faces, by face."""
    events: defaultdict[int, list[Event]] = defaultdict(list)
    query = select(Decision).where(Decision.reviewer == reviewer, Decision.face_id.in_(list(face_ids)))
    for row in session.scalars(query):
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


def store_labels(session: Session, sources: dict[int, int | None], votes: dict[int, dict[str, Event]]) -> None:
    """Write down the labels that votes and sources add up to."""
    labels: dict[int, Label] = {
        face_id: label(source, list(votes[face_id].values())) for face_id, source in sources.items()
    }
    session.execute(
        update(Face),
        [
            {"id": face_id, "emotion": found.emotion, "state": found.state, "reason": found.reason}
            for face_id, found in labels.items()
        ],
    )


def recount(session: Session, face_ids: Sequence[int], reviewers: Iterable[str]) -> None:
    """Count votes and labels again from the decisions."""
    faces = sources(session, face_ids)
    for reviewer in sorted(reviewers):
        history = events_of(session, reviewer, faces)
        store_votes(session, reviewer, {face_id: standing(history[face_id]) for face_id in faces})
    store_labels(session, faces, votes_of(session, faces))

"""Tiles of the grid, and the faces that belong beside one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from fercore.curation.review_filter import ReviewFilter, SourceLabels, TileState
from fercore.store.datasets.faces import PRESENT
from fercore.store.review.counted_votes import counted
from fercore.store.tables import Adjudication, Decision, Face, TaskFace, Vote


@dataclass(frozen=True, slots=True)
class Tile:
    """The tile of one face; `baseline` is its label without this reviewer's own vote.

    Where it `hides` what the source says, only the reviewer's own vote is shown. A `sourceless` face came without a
    label.
    """

    id: int
    emotion: int | None
    state: TileState
    reason: str | None
    mine: bool
    baseline: int | None
    word: str
    doubtful: bool
    hides: bool = False
    sourceless: bool = False


def hidden_sources(session: Session, view: ReviewFilter, face_ids: Collection[int]) -> set[int]:
    """Those of these faces whose source label this reviewer may not see."""
    if view.task is None or view.source == SourceLabels.SHOWN:
        return set()
    if view.source == SourceLabels.HIDDEN:
        return set(face_ids)
    query = select(TaskFace.face_id).where(TaskFace.task_id == view.task, TaskFace.wanted > 1)
    return set(session.scalars(query.where(TaskFace.face_id.in_(face_ids))))


def seen(session: Session, view: ReviewFilter, face_ids: Sequence[int], hide_all: bool = False) -> list[Tile]:
    """The faces' labels as this reviewer may see them, in the order asked for; faces that are gone are left out."""
    own = and_(Vote.face_id == Face.id, Vote.reviewer == view.reviewer, counted(view.task))
    query = (
        select(Face, Vote, Decision.before)
        .select_from(Face)
        .outerjoin(Vote, own)
        .outerjoin(Decision, Decision.sequence == Vote.sequence)
        .where(Face.id.in_(face_ids), PRESENT)
    )
    if view.adjudicates:
        return _ruled(session, face_ids)
    hidden = set(face_ids) if hide_all else hidden_sources(session, view, face_ids)
    draw = _blind_tile if view.blind else _tile
    by_face = {
        face.id: _hidden_tile(face, vote) if face.id in hidden else draw(face, vote, before)
        for face, vote, before in session.execute(query)
    }
    return [by_face[face_id] for face_id in face_ids if face_id in by_face]


def _tile(face: Face, vote: Vote | None, before: int | None) -> Tile:
    mine, doubtful = vote is not None, bool(face.doubtful)
    baseline = before if mine else face.emotion
    sourceless = face.source_emotion is None
    return Tile(
        face.id,
        face.emotion,
        TileState(face.state),
        face.reason,
        mine,
        baseline,
        face.source_word,
        doubtful,
        sourceless=sourceless,
    )


def _ruled(session: Session, face_ids: Sequence[int]) -> list[Tile]:
    """As an adjudicator sees them: ruled on, or open."""
    query = (
        select(Face, Adjudication)
        .outerjoin(Adjudication, Adjudication.face_id == Face.id)
        .where(Face.id.in_(face_ids), PRESENT)
    )
    by_face = {
        face.id: Tile(
            face.id,
            face.emotion,
            TileState(face.state),
            face.reason,
            ruling is not None,
            face.source_emotion,
            face.source_word,
            bool(face.doubtful),
            sourceless=face.source_emotion is None,
        )
        for face, ruling in session.execute(query)
    }
    return [by_face[face_id] for face_id in face_ids if face_id in by_face]


def _blind_tile(face: Face, vote: Vote | None, _before: int | None) -> Tile:
    """As if nobody else had decided: the source's label, or this reviewer's own vote."""
    source, word, doubtful = face.source_emotion, face.source_word, bool(face.doubtful)
    if vote is None:
        return Tile(face.id, source, TileState.UNDECIDED, None, False, source, word, doubtful)
    emotion = source if vote.emotion is None else vote.emotion
    return Tile(
        face.id,
        emotion,
        TileState(vote.kind),
        vote.reason,
        True,
        source,
        word,
        doubtful,
        sourceless=face.source_emotion is None,
    )


def _hidden_tile(face: Face, vote: Vote | None) -> Tile:
    """As if neither the source nor others had said anything."""
    if vote is None:
        return Tile(face.id, None, TileState.UNDECIDED, None, False, None, "", bool(face.doubtful), True)
    state = TileState.DECIDED if vote.emotion is not None else TileState(vote.kind)
    return Tile(face.id, vote.emotion, state, vote.reason, True, None, "", bool(face.doubtful), True)


def neighbours(session: Session, face: Face, limit: int) -> list[tuple[int, bool]]:
    """Other faces of the same photo, then of the same person: (number, whether the photo is the same)."""
    same_photo: dict[int, bool] = {}
    for column, value in ((Face.photo_id, face.photo_id), (Face.subject, face.subject)):
        if value is None:
            continue
        same = select(Face.id).where(Face.dataset_id == face.dataset_id, column == value, Face.id != face.id, PRESENT)
        closest = same.order_by(func.abs(Face.id - face.id), Face.id).limit(limit)
        for face_id in session.scalars(closest):
            same_photo.setdefault(face_id, column is Face.photo_id)
    return list(same_photo.items())[:limit]

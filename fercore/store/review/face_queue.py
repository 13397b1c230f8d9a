"""Which faces a reviewer sees next: filters, order and pages over the faces and votes."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from fercore.clock import now
from fercore.curation.review_filter import Cursor, ReviewFilter, ReviewState
from fercore.curation.votes import DecisionKind, FaceState
from fercore.store.conditions import among
from fercore.store.datasets.faces import PRESENT
from fercore.store.review import remarks, sort_orders
from fercore.store.review.counted_votes import counted
from fercore.store.tables import Adjudication, Face, ReviewPage, Vote

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

UNLABELLED: Final[list[ColumnElement[bool]]] = [
    Face.emotion.is_(None),
    Face.state.not_in((FaceState.REJECTED, FaceState.DISPUTED)),
    PRESENT,
]
DOUBTFUL: Final[list[ColumnElement[bool]]] = [Face.doubtful.is_(True), Face.state != FaceState.REJECTED, PRESENT]
PHASES: Final[dict[ReviewState, tuple[int, ...]]] = {
    ReviewState.UNDECIDED: (0,),
    ReviewState.DECIDED: (1,),
    ReviewState.CHANGED: (1,),
}
PATIENCE: Final = 16  # parts of an order that are looked through before all faces are


def page(session: Session, view: ReviewFilter, cursor: Cursor, size: int) -> tuple[list[int], Cursor | None]:
    """The next face ids in the view's order, and the cursor behind them (None at the end)."""
    ids: list[int] = []
    after = cursor.after
    for phase in PHASES.get(view.state, (0, 1)):
        if phase < cursor.phase:
            continue
        following = _following(session, view, bool(phase), after, size - len(ids))
        ids += [face_id for _, face_id in following]
        if len(ids) == size:
            return ids, Cursor(phase, following[-1][0])
        after = Cursor().after
    return ids, None


def behind(session: Session, view: ReviewFilter, face_ids: Sequence[int]) -> Cursor:
    """The cursor behind the last of these faces."""
    if view.ordering is None:
        return Cursor(after=max(face_ids, default=Cursor().after))
    return Cursor(after=max(sort_orders.places(session, view.ordering, face_ids), default=Cursor().after))


def count(session: Session, view: ReviewFilter) -> int:
    """The number of faces of the view."""
    if view.state == ReviewState.DECIDED:
        return decided(session, view)
    total = session.scalar(select(func.count()).select_from(Face).where(*_filters(view))) or 0
    return (
        total - decided(session, replace(view, state=ReviewState.ALL)) if view.state == ReviewState.UNDECIDED else total
    )


def decided(session: Session, view: ReviewFilter) -> int:
    """The number of the view's faces that this reviewer has decided: their votes are counted, not the faces.

    Where they adjudicate, any ruling counts.
    """
    if view.state == ReviewState.UNDECIDED:
        return 0
    if view.adjudicates:
        ruled = select(func.count()).select_from(Adjudication).join(Face, Face.id == Adjudication.face_id)
        return session.scalar(ruled.where(*_filters(view))) or 0
    mine = aliased(Vote)  # some filters look for votes themselves
    query = select(func.count()).select_from(mine).join(Face, Face.id == mine.face_id)
    return session.scalar(query.where(mine.reviewer == view.reviewer, *_filters(view))) or 0


def decided_of(session: Session, view: ReviewFilter, face_ids: Collection[int]) -> int:
    """The number of these faces that are decided: by this reviewer, or where they adjudicate by any ruling."""
    if view.adjudicates:
        query = select(func.count()).select_from(Adjudication).where(Adjudication.face_id.in_(face_ids))
    else:
        query = select(func.count()).select_from(Vote)
        query = query.where(Vote.reviewer == view.reviewer, Vote.face_id.in_(face_ids), counted(view.task))
    return session.scalar(query) or 0


def opened(session: Session, page_id: str, view: ReviewFilter, face_ids: Sequence[int]) -> None:
    """Remember what was on a page, so that decisions can say what was shown."""
    shown: dict[str, Any] = {"dataset": view.dataset_id, "state": view.state, "emotion": view.emotion}
    if view.task is not None:
        shown = {"dataset": view.dataset_id, "task": view.task, "blind": view.blind}
    session.add(ReviewPage(id=page_id, reviewer=view.reviewer, view=shown, face_ids=list(face_ids), opened_at=now()))


def shown(session: Session, page_id: str) -> list[int] | None:
    """The faces of an earlier page."""
    review_page = session.get(ReviewPage, page_id)
    return list(review_page.face_ids) if review_page else None


def _following(session: Session, view: ReviewFilter, decided: bool, after: int, size: int) -> list[tuple[int, int]]:
    """The next faces in the view's order that this reviewer has decided, or has not: (where it lies, face).

    In a kept order the faces are looked through part by part. Where that finds few, all such faces are asked for.
    """
    wanted = [*_filters(view), _mine(view) if decided else ~_mine(view)]
    if view.ordering is None:
        query = select(Face.id).where(*wanted, Face.id > after).order_by(Face.id)
        return [(face_id, face_id) for face_id in session.scalars(query.limit(size))]
    following: list[tuple[int, int]] = []
    for number, (place, faces) in enumerate(sort_orders.parts(session, view.ordering, after + 1)):
        if number < PATIENCE:
            numbers = _wanted_of(session, view, decided, faces)
        elif number == PATIENCE:
            numbers = sort_orders.numbers(session, *wanted)
        following += [(place + int(n), int(faces[n])) for n in sort_orders.within(faces, numbers).nonzero()[0]]
        if len(following) >= size:
            break
    return following[:size]


def _wanted_of(
    session: Session, view: ReviewFilter, decided: bool, faces: "npt.NDArray[np.int64]"
) -> "npt.NDArray[np.int64]":
    """The wanted ones of few faces, by two simple questions: databases guess the answer's size badly in one."""
    import numpy as np

    these = faces.tolist()
    # Not by the dataset's index, which would be read from end to end for each part.
    of_dataset = Face.dataset_id + 0 == view.dataset_id
    numbers = sort_orders.numbers(session, *_chosen(view), of_dataset, Face.id.in_(these))
    voted = select(Vote.face_id).where(Vote.reviewer == view.reviewer, Vote.face_id.in_(these)).order_by(Vote.face_id)
    if view.adjudicates:
        voted = select(Adjudication.face_id).where(Adjudication.face_id.in_(these)).order_by(Adjudication.face_id)
    mine = np.array(list(session.scalars(voted)), np.int64)
    matching: npt.NDArray[np.int64] = numbers[sort_orders.within(numbers, mine) == decided]
    return matching


def _mine(view: ReviewFilter) -> ColumnElement[bool]:
    """The faces that this reviewer has decided; where they adjudicate, those with anybody's ruling."""
    if view.adjudicates:
        return select(Adjudication.face_id).where(Adjudication.face_id == Face.id).exists()
    return select(Vote.face_id).where(Vote.face_id == Face.id, Vote.reviewer == view.reviewer).exists()


def _filters(view: ReviewFilter) -> list[ColumnElement[bool]]:
    return [Face.dataset_id == view.dataset_id, *_chosen(view)]


def _chosen(view: ReviewFilter) -> list[ColumnElement[bool]]:
    """The conditions on the dataset's faces."""
    conditions: list[ColumnElement[bool]] = [PRESENT]
    if view.face_ids is not None:
        conditions.append(among(Face.id, view.face_ids))
    if view.emotion is not None:
        # Whoever works blind cannot tell from a filter what others decided.
        conditions.append((Face.source_emotion if view.blind else Face.emotion) == view.emotion)
    changed = select(Vote.face_id).where(
        Vote.face_id == Face.id,
        Vote.reviewer == view.reviewer,
        or_(Vote.kind == DecisionKind.RELABELLED, Vote.kind == DecisionKind.REJECTED),
    )
    unsure = select(Vote.face_id).where(Vote.face_id == Face.id, Vote.kind == DecisionKind.UNSURE)
    if view.blind:
        unsure = unsure.where(Vote.reviewer == view.reviewer)
    remarker = view.reviewer if view.blind else None
    by_state: dict[ReviewState, list[ColumnElement[bool]]] = {
        ReviewState.ALL: [],
        ReviewState.UNDECIDED: [],  # pages know by their phase, counts by votes
        ReviewState.DECIDED: [],
        ReviewState.REJECTED: [Face.state == FaceState.REJECTED],
        ReviewState.UNLABELLED: UNLABELLED,
        ReviewState.DISPUTED: [and_(Face.disputed)],  # as the index on these faces says it
        ReviewState.CHANGED: [changed.exists()],
        ReviewState.UNSURE: [unsure.exists()],
        ReviewState.DOUBTFUL: DOUBTFUL,
        ReviewState.FLAGGED: [remarks.flagged(remarker)],
        ReviewState.NOTED: [remarks.noted(remarker)],
    }
    return conditions + by_state[view.state]

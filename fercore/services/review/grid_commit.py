"""Events of the review grid: stored in the order they were made, or answered with the reason why not."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError

from fercore.curation.lease_owner import LeaseOwner
from fercore.curation.review_filter import ReviewFilter
from fercore.errors import InputError, UnreadableImageError
from fercore.language import tr
from fercore.services.review import added_faces, grid_events, recrop, reviewers
from fercore.services.review.event_batch import STEPS, CommitResult, EventBatch, EventSource, SentEvent
from fercore.services.review.grid_events import Add, Decide, Event, Flag, Note, RecropEvent
from fercore.store import Store
from fercore.store.datasets.faces import NewFace
from fercore.store.review import decisions, face_queue, leases

__all__ = ["commit"]


def commit(
    store: Store,
    view: ReviewFilter,
    events: Sequence[Any],
    holder: str = "",
    note: str = "",
    lost: Collection[int] = (),
) -> CommitResult:
    """Store a batch of the grid's events in the order they were made, as one transaction.

    An event is {"id", "type": "decide", "recut" or "undo", …}; the same event twice is stored once, and one that
    cannot be stored keeps none of the others from it.
    """
    seat = EventSource(replace(view, reviewer=reviewers.present_name(store, view.reviewer)), holder, note, lost)
    refused: dict[int, str] = {}
    sent: list[SentEvent] = []
    for place, event in enumerate(events):
        known = grid_events.checked(event)
        if isinstance(known, str):
            refused[place] = known
        else:
            sent.append(SentEvent(place, event["id"], known))
    try:
        result = _stored(store, seat, sent)
    except (IntegrityError, DataError):
        result = _one_by_one(store, seat, sent)
    result.refused |= refused
    return result


def _one_by_one(store: Store, seat: EventSource, sent: Sequence[SentEvent]) -> CommitResult:
    """Store every event alone where the database refuses a batch."""
    whole = CommitResult()
    for each in sent:
        try:
            result = _stored(store, seat, [each])
        except (IntegrityError, DataError):
            whole.refused[each.place] = tr("The database does not accept this decision.")
            continue
        result.stored |= whole.stored
        result.refused |= whole.refused
        result.skipped |= whole.skipped
        result.cut |= whole.cut
        result.added = {**whole.added, **result.added}
        result.decided += whole.decided
        result.undid |= whole.undid
        result.remarked |= whole.remarked
        whole = result
    return whole


def _stored(store: Store, seat: EventSource, sent: Sequence[SentEvent]) -> CommitResult:
    result = CommitResult()
    cuts = _cuts(store, seat.view, sent, result)
    with store.database.writing() as session:
        batch = EventBatch(session, seat, result, cuts)
        accepted = batch.acceptable(sent)
        face_ids = {entry.event.face for entry in accepted if isinstance(entry.event, Decide | RecropEvent)}
        before = face_queue.decided_of(session, seat.view, face_ids)
        for kind, group in groupby(accepted, key=_kind):
            STEPS[kind[0]](batch, list(group))
        if seat.view.task is not None and batch.touched:
            leases.settle(session, LeaseOwner(seat.view.task, seat.view.reviewer, seat.holder), batch.touched)
        result.decided = face_queue.decided_of(session, seat.view, face_ids) - before
    return result


def _kind(sent: SentEvent) -> tuple[type[Event], bool, str | None]:
    """Decisions of one page and kind are stored together; whatever stands on what came before begins anew."""
    event = sent.event
    if isinstance(event, Decide):
        return Decide, event.bulk, event.page
    return type(event), False, event.action if isinstance(event, Flag | Note) else event.id


def _cuts(
    store: Store, view: ReviewFilter, sent: Sequence[SentEvent], result: CommitResult
) -> dict[str, NewFace | None]:
    """The new crops by their events, read from their photos before anything is written; None with a told problem."""
    wanted = [entry.event for entry in sent if isinstance(entry.event, RecropEvent | Add)]
    if not wanted:
        return {}
    with store.database.reading() as session:
        known = decisions.known(session, [event.id for event in wanted])
    cuts: dict[str, NewFace | None] = {}
    for event in wanted:
        if event.id in known:
            continue
        try:
            if isinstance(event, Add):
                cuts[event.id] = added_faces.cut(store, view.dataset_id, event)
            else:
                cuts[event.id] = recrop.cut(store, event.face, event.box)
        except (InputError, UnreadableImageError) as error:
            cuts[event.id] = None
            result.problem = str(error)
    return cuts

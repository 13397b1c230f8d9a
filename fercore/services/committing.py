"""Events of the review grid: stored in the order they were made, or answered with the reason why not."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, Final

from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from fercore.curation.votes import BAD_CROP
from fercore.errors import InputError, UnreadableImageError
from fercore.language import tr
from fercore.services import grid_events, recutting, reviewers
from fercore.services.event_numbers import Numbers
from fercore.services.grid_events import Decide, Event, Recut, Undo
from fercore.store import Store, decisions, faces, leases, recuts, review, staleness
from fercore.store.decisions import Manner, Wish
from fercore.store.faces import NewFace
from fercore.store.leases import Hand
from fercore.store.review import View


@dataclass
class Committed:
    """The outcome of a batch of events.

    `stored` holds rows by event id; `refused` why an event cannot be stored, by its place in the batch; `skipped` the
    faces of bulk events that were decided elsewhere since they were drawn, by event id. `decided` counts faces that
    are decided and were not. An undo without a named action leads back to where that was made. `cut` holds new crops
    by the faces that they replace, `problem` why one could not be cut.
    """

    stored: dict[str, int] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    decided: int = 0
    undid: bool = False
    led_back: bool = False
    undone_page: list[int] | None = None
    undone_face: int | None = None
    cut: dict[int, int] = field(default_factory=dict)
    problem: str | None = None


@dataclass(frozen=True)
class Sent:
    """An event that was understood, its place in the batch, and its id as the browser wrote it."""

    place: int
    id: str
    event: Event


@dataclass(frozen=True)
class Seat:
    """Where events come from: a view, the tab that holds faces of its task, and what an adjudicator notes.

    `lost` faces were shown and went to another person before they were taken here.
    """

    view: View
    holder: str = ""
    note: str = ""
    lost: Collection[int] = ()

    @property
    def manner(self) -> Manner:
        """The manner of decisions made in this view."""
        return Manner(self.view.blind, self.view.adjudicates, self.note, self.view.advisor)


def commit(
    store: Store, view: View, events: Sequence[Any], holder: str = "", note: str = "", lost: Collection[int] = ()
) -> Committed:
    """Store a batch of the grid's events in the order they were made, as one transaction.

    An event is {"id", "type": "decide", "recut" or "undo", …}; the same event twice is stored once, and one that
    cannot be stored keeps none of the others from it.
    """
    seat = Seat(replace(view, reviewer=reviewers.present_name(store, view.reviewer)), holder, note, lost)
    refused: dict[int, str] = {}
    sent: list[Sent] = []
    for place, event in enumerate(events):
        known = grid_events.checked(event)
        if isinstance(known, str):
            refused[place] = known
        else:
            sent.append(Sent(place, event["id"], known))
    try:
        result = _stored(store, seat, sent)
    except (IntegrityError, DataError):
        result = _one_by_one(store, seat, sent)
    result.refused |= refused
    return result


def _one_by_one(store: Store, seat: Seat, sent: Sequence[Sent]) -> Committed:
    """Where the database refuses a batch, every event stands alone."""
    whole = Committed()
    for each in sent:
        try:
            one = _stored(store, seat, [each])
        except (IntegrityError, DataError):
            whole.refused[each.place] = tr("The database does not accept this decision.")
            continue
        one.stored |= whole.stored
        one.refused |= whole.refused
        one.skipped |= whole.skipped
        one.cut |= whole.cut
        one.decided += whole.decided
        one.undid |= whole.undid
        whole = one
    return whole


def _stored(store: Store, seat: Seat, sent: Sequence[Sent]) -> Committed:
    result = Committed()
    cuts = _cuts(store, sent, result)
    with store.database.writing() as session:
        batch = _Batch(session, seat, result, cuts)
        kept = batch.acceptable(sent)
        asked = {one.event.face for one in kept if not isinstance(one.event, Undo)}
        before = review.decided_of(session, seat.view, asked)
        for kind, group in groupby(kept, key=_kind):
            _STEPS[kind[0]](batch, list(group))
        if seat.view.task is not None and batch.touched:
            leases.settle(session, Hand(seat.view.task, seat.view.reviewer, seat.holder), batch.touched)
        result.decided = review.decided_of(session, seat.view, asked) - before
    return result


def _kind(sent: Sent) -> tuple[type[Event], bool, str | None]:
    """Decisions of one page and kind are stored together; whatever stands on what came before begins anew."""
    event = sent.event
    return (Decide, event.bulk, event.page) if isinstance(event, Decide) else (type(event), False, event.id)


class _Batch:
    """One transaction's work on events."""

    def __init__(self, session: Session, seat: Seat, result: Committed, cuts: dict[str, NewFace | None]) -> None:
        self.session, self.seat, self.result = session, seat, result
        self.cuts = {event: cut for event, cut in cuts.items() if cut is not None}
        self.uncut = set(cuts) - set(self.cuts)
        self.touched: set[int] = set()

    def acceptable(self, sent: Sequence[Sent]) -> list[Sent]:
        """The events that can be stored; the others are told why not. Their faces are locked."""
        named = {one.event.face for one in sent if not isinstance(one.event, Undo)}
        present = faces.lock(self.session, self.seat.view.dataset_id, named)
        numbers = Numbers(self.session, self.seat.view.reviewer, [one.event for one in sent])
        kept: list[Sent] = []
        for one in sent:
            event = one.event
            if numbers.collide(event):
                self.result.refused[one.place] = tr("Its number belongs to another decision already.")
            elif not isinstance(event, Undo) and event.face not in present:
                self.result.refused[one.place] = tr("Face {number} is not in this dataset.", number=event.face)
            else:
                kept.append(one)
        return kept

    def decide(self, group: Sequence[Sent]) -> None:
        """Store decisions of one page; of bulk ones those whose faces are as they were drawn."""
        events = [one.event for one in group if isinstance(one.event, Decide)]
        stale = set(self.seat.lost)
        if events[0].bulk:
            known = decisions.known(self.session, [event.id for event in events])
            drawn = {event.face: event.seen for event in events if event.seen is not None and event.id not in known}
            stale |= staleness.decided_since(self.session, self.seat.view, drawn, events[0].page)
        wishes = [_wish(event) for event in events if event.face not in stale]
        decisions.record(self.session, self.seat.view.reviewer, wishes, self.seat.manner)
        for one, event in zip(group, events, strict=True):
            if event.face in stale:
                self.result.skipped[one.id] = event.face
            else:
                self.result.stored[one.id] = 1
        self.touched |= {wish.face_id for wish in wishes}

    def recut(self, group: Sequence[Sent]) -> None:
        """Reject a bad crop and store the new one."""
        for one in group:
            assert isinstance(one.event, Recut)
            wish, seat = _wish(one.event), self.seat
            self.result.stored[one.id] = 0 if wish.id in self.uncut else 1
            if wish.id in self.cuts and decisions.record(self.session, seat.view.reviewer, [wish], seat.manner):
                new = recutting.add(self.session, seat.view, seat.holder, wish.face_id, self.cuts[wish.id], wish.action)
                self.result.cut[wish.face_id] = new
                self.touched.add(wish.face_id)

    def undo(self, group: Sequence[Sent]) -> None:
        """Undo the action that an event names, or the reviewer's last one, wherever that was made."""
        for one in group:
            self._undo(one)

    def _undo(self, one: Sent) -> None:
        session, view, result = self.session, self.seat.view, self.result
        result.undid = True
        named, page_id = getattr(one.event, "undoes", None), None
        action = named
        if action is None:
            result.led_back = True
            action, page_id = decisions.last_action(session, view.reviewer, view.dataset_id) or ("", None)
        undone = decisions.undo(session, view.reviewer, one.event.id, action)
        if undone:  # else it was another person's, or is unknown
            recuts.withdraw(session, [action])
        elif named is not None:
            result.refused[one.place] = tr("There is no decision of yours to undo.")
            return
        result.undone_face = min(undone, default=None)
        result.stored[one.id] = len(undone)
        if page_id is not None:
            result.undone_page = review.shown(session, page_id)
        self.touched |= set(undone)


_STEPS: Final[dict[type[Event], Callable[[_Batch, Sequence[Sent]], None]]] = {
    Decide: _Batch.decide,
    Recut: _Batch.recut,
    Undo: _Batch.undo,
}


def _cuts(store: Store, sent: Sequence[Sent], result: Committed) -> dict[str, NewFace | None]:
    """The new crops by their events, read from their photos before anything is written; None with a told problem."""
    wanted = [one.event for one in sent if isinstance(one.event, Recut)]
    if not wanted:
        return {}
    with store.database.reading() as session:
        known = decisions.known(session, [event.id for event in wanted])
    cuts: dict[str, NewFace | None] = {}
    for event in wanted:
        if event.id in known:
            continue
        try:
            cuts[event.id] = recutting.cut(store, event.face, event.box)
        except (InputError, UnreadableImageError) as error:
            cuts[event.id] = None
            result.problem = str(error)
    return cuts


def _wish(event: Decide | Recut) -> Wish:
    if isinstance(event, Recut):
        return Wish(event.id, event.action, event.face, None, BAD_CROP, event.page)
    return Wish(event.id, event.action, event.face, event.emotion, event.reason, event.page, event.note)

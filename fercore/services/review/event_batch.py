"""One transaction's work on events of the review grid: decisions, new crops, remarks and undos."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.orm import Session

from fercore.curation.review_filter import ReviewFilter
from fercore.curation.votes import RejectionReason
from fercore.errors import InputError
from fercore.language import tr
from fercore.services.review import added_faces, recrop
from fercore.services.review.event_ids import EventIds
from fercore.services.review.grid_events import Add, Decide, Event, Flag, Note, RecropEvent, Undo
from fercore.store.datasets import faces
from fercore.store.datasets.faces import NewFace
from fercore.store.review import added_faces as stored_added_faces
from fercore.store.review import decisions, face_queue, recrops, remarks, staleness
from fercore.store.review.decisions import DecisionRequest, ReviewMode


@dataclass
class CommitResult:
    """The outcome of a batch of events.

    `stored` holds rows by event id; `refused` why an event cannot be stored, by its place in the batch; `skipped` the
    faces of bulk events that were decided elsewhere since they were drawn, by event id. `decided` counts faces that
    are decided and were not; remarks are stored as none (0). An undo without a named action leads back to where
    that was made. `cut` holds new crops by the faces that they replace, `added` new faces by the one beside which they
    were drawn; `problem` says why one could not be cut.
    """

    stored: dict[str, int] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    decided: int = 0
    undid: bool = False
    remarked: bool = False
    led_back: bool = False
    undone_page: list[int] | None = None
    undone_face: int | None = None
    cut: dict[int, int] = field(default_factory=dict)
    added: dict[int | None, list[int]] = field(default_factory=dict)
    problem: str | None = None

    @property
    def beside(self) -> dict[int, list[int]]:
        """The added faces by the faces beside which they were drawn."""
        return {face: ids for face, ids in self.added.items() if face is not None}


@dataclass(frozen=True)
class SentEvent:
    """An event that was understood, its place in the batch, and its id as the browser wrote it."""

    place: int
    id: str
    event: Event


@dataclass(frozen=True)
class EventSource:
    """The source of events: a view, the tab that holds faces of its task, and what an adjudicator notes.

    `lost` faces were shown and went to another person before they were taken here.
    """

    view: ReviewFilter
    holder: str = ""
    note: str = ""
    lost: Collection[int] = ()

    @property
    def manner(self) -> ReviewMode:
        """The manner of decisions made in this view."""
        return ReviewMode(self.view.blind, self.view.adjudicates, self.note, self.view.advisor)


class EventBatch:
    """One transaction's work on events."""

    def __init__(
        self, session: Session, seat: EventSource, result: CommitResult, cuts: dict[str, NewFace | None]
    ) -> None:
        self.session, self.seat, self.result = session, seat, result
        self.cuts = {event: cut for event, cut in cuts.items() if cut is not None}
        self.uncut = set(cuts) - set(self.cuts)
        self.touched: set[int] = set()

    def acceptable(self, sent: Sequence[SentEvent]) -> list[SentEvent]:
        """The events that can be stored; the others are told why not. Their faces are locked."""
        named = {
            entry.event.face for entry in sent if not isinstance(entry.event, Undo) and entry.event.face is not None
        }
        present = faces.lock(self.session, self.seat.view.dataset_id, named)
        numbers = EventIds(self.session, self.seat.view.reviewer, [entry.event for entry in sent])
        accepted: list[SentEvent] = []
        for entry in sent:
            event = entry.event
            if numbers.collide(event):
                self.result.refused[entry.place] = tr("Its number belongs to another decision already.")
            elif not isinstance(event, Undo) and event.face is not None and event.face not in present:
                self.result.refused[entry.place] = tr("Face {number} is not in this dataset.", number=event.face)
            else:
                accepted.append(entry)
        return accepted

    def decide(self, group: Sequence[SentEvent]) -> None:
        """Store decisions of one page; of bulk ones those whose faces are as they were drawn."""
        events = [entry.event for entry in group if isinstance(entry.event, Decide)]
        stale = set(self.seat.lost)
        if events[0].bulk:
            known = decisions.known(self.session, [event.id for event in events])
            drawn = {event.face: event.seen for event in events if event.seen is not None and event.id not in known}
            stale |= staleness.decided_since(self.session, self.seat.view, drawn, events[0].page)
        requests = [_request(event) for event in events if event.face not in stale]
        decisions.record(self.session, self.seat.view.reviewer, requests, self.seat.manner)
        for entry, event in zip(group, events, strict=True):
            if event.face in stale:
                self.result.skipped[entry.id] = event.face
            else:
                self.result.stored[entry.id] = 1
        self.touched |= {request.face_id for request in requests}

    def recut(self, group: Sequence[SentEvent]) -> None:
        """Reject a bad crop and store the new one."""
        for entry in group:
            assert isinstance(entry.event, RecropEvent)
            request, seat = _request(entry.event), self.seat
            self.result.stored[entry.id] = 0 if request.id in self.uncut else 1
            if request.id in self.cuts and decisions.record(self.session, seat.view.reviewer, [request], seat.manner):
                new = recrop.add(
                    self.session, seat.view, seat.holder, request.face_id, self.cuts[request.id], request.action
                )
                self.result.cut[request.face_id] = new
                self.touched.add(request.face_id)

    def add(self, group: Sequence[SentEvent]) -> None:
        """Store faces that the detector missed, with the emotion that was chosen for them."""
        for entry in group:
            assert isinstance(entry.event, Add)
            self.result.stored[entry.id] = 0 if entry.event.id in self.uncut else 1
            if entry.event.id in self.cuts and not decisions.known(self.session, [entry.event.id]):
                self._add(entry, entry.event, self.cuts[entry.event.id])

    def _add(self, entry: SentEvent, event: Add, cut: NewFace) -> None:
        view, session = self.seat.view, self.session
        try:
            new_id = added_faces.add(session, view, self.seat.holder, event, cut)
        except InputError as error:
            self.result.stored[entry.id], self.result.problem = 0, str(error)
            return
        request = DecisionRequest(event.id, event.action, new_id, event.emotion, None, event.page)
        stored_added_faces.record(session, view.reviewer, request, self.seat.manner)
        if event.emotion is not None:
            self.touched.add(new_id)
        self.result.added.setdefault(event.face, []).append(new_id)

    def remark(self, group: Sequence[SentEvent]) -> None:
        """Store flags and notes, which are no decisions."""
        requests = [_remark(entry.event) for entry in group if isinstance(entry.event, Flag | Note)]
        remarks.record(self.session, self.seat.view.reviewer, requests, self.seat.view.blind)
        self.result.remarked = True
        self.result.stored |= {entry.id: 0 for entry in group}

    def undo(self, group: Sequence[SentEvent]) -> None:
        """Undo the action that an event names, or the reviewer's last one, wherever that was made."""
        for entry in group:
            self._undo(entry)

    def _undo(self, entry: SentEvent) -> None:
        session, view, result = self.session, self.seat.view, self.result
        result.undid = True
        named, page_id = getattr(entry.event, "undoes", None), None
        action = named
        if action is None:
            result.led_back = True
            action, page_id = self._last_action(entry.event.id)
        undone = decisions.undo(session, view.reviewer, entry.event.id, action)
        unmarked = remarks.undo(session, view.reviewer, entry.event.id, action)
        result.remarked |= bool(unmarked)
        if undone:  # else it was another person's, or is unknown
            recrops.withdraw(session, [action])
        elif named is not None and not unmarked:
            result.refused[entry.place] = tr("There is no decision of yours to undo.")
            return
        result.undone_face = min([*undone, *unmarked], default=None)
        result.stored[entry.id] = len(undone)
        if page_id is not None:
            result.undone_page = face_queue.shown(session, page_id)
        self.touched |= set(undone)

    def _last_action(self, event_id: str) -> tuple[str, str | None]:
        """The reviewer's last action in the dataset, a decision or a remark, and the page it was made on.

        An undo that arrives again names what it undid at first.
        """
        session, view = self.session, self.seat.view
        before = decisions.undos(session, [event_id]) | remarks.undos(session, [event_id])
        if event_id in before:
            return before[event_id][1] or "", None
        decided = decisions.last_action(session, view.reviewer, view.dataset_id)
        remarked = remarks.last_action(session, view.reviewer, view.dataset_id)
        at = decisions.moment(session, decided[0]) if decided else None
        if remarked and (at is None or remarked[1] > at):
            return remarked[0], None
        return decided or ("", None)


STEPS: Final[dict[type[Event], Callable[[EventBatch, Sequence[SentEvent]], None]]] = {
    Decide: EventBatch.decide,
    RecropEvent: EventBatch.recut,
    Add: EventBatch.add,
    Flag: EventBatch.remark,
    Note: EventBatch.remark,
    Undo: EventBatch.undo,
}


def _request(event: Decide | RecropEvent) -> DecisionRequest:
    if isinstance(event, RecropEvent):
        return DecisionRequest(event.id, event.action, event.face, None, RejectionReason.BAD_CROP, event.page)
    return DecisionRequest(event.id, event.action, event.face, event.emotion, event.reason, event.page, event.note)


def _remark(event: Flag | Note) -> remarks.RemarkRequest:
    if isinstance(event, Flag):
        return remarks.RemarkRequest(event.id, event.action, event.face, flag=event.on)
    return remarks.RemarkRequest(event.id, event.action, event.face, note=event.text)

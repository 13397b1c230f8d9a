"""Numbers of events: made by the browser, each for one content only."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from fercore.curation.votes import DecisionKind, RejectionReason
from fercore.services.review.grid_events import Add, Event, Flag, Note, RecropEvent, Undo
from fercore.store.review import decisions, remarks
from fercore.store.review.decisions import NO_FACE, DecisionContent
from fercore.store.review.remarks import RemarkKind


class EventIds:
    """The content of each event number, in the store and in the batch itself."""

    def __init__(self, session: Session, reviewer: str, events: Sequence[Event]) -> None:
        self._reviewer = reviewer
        undos = [event.id for event in events if isinstance(event, Undo)]
        others = [event for event in events if not isinstance(event, Undo)]
        numbers, actions = [event.id for event in others], {event.action for event in others}
        self._undos = decisions.undos(session, undos) | remarks.undos(session, undos)
        self._contents: dict[str, DecisionContent | remarks.RemarkContent] = {
            **decisions.contents(session, numbers),
            **remarks.contents(session, numbers),
        }
        self._foreign = decisions.actions_of_others(session, reviewer, actions)
        self._foreign |= remarks.actions_of_others(session, reviewer, actions)

    def collide(self, event: Event) -> bool:
        """True where the event's number has other content already; otherwise the number is reserved for this event."""
        if isinstance(event, Undo):
            reviewer, undoes = self._undos.setdefault(event.id, (self._reviewer, event.undoes))
            return reviewer != self._reviewer or undoes == "" or (event.undoes or undoes) != undoes
        content = self._content(event)
        return event.action in self._foreign or self._contents.setdefault(event.id, content) != content

    def _content(self, event: Event) -> DecisionContent | remarks.RemarkContent:
        assert not isinstance(event, Undo)
        if isinstance(event, Flag):
            kind = RemarkKind.FLAGGED if event.on else RemarkKind.UNFLAGGED
            return remarks.RemarkContent(self._reviewer, event.action, event.face, kind, "")
        if isinstance(event, Note):
            return remarks.RemarkContent(self._reviewer, event.action, event.face, RemarkKind.NOTED, event.text)
        if isinstance(event, Add):
            return DecisionContent(
                self._reviewer, event.action, NO_FACE, event.emotion, f"{DecisionKind.ADDED} {event.box}"
            )
        emotion, reason = (
            (None, RejectionReason.BAD_CROP) if isinstance(event, RecropEvent) else (event.emotion, event.reason)
        )
        return DecisionContent(self._reviewer, event.action, event.face, emotion, reason)

"""Numbers of events: made by the browser, each for one content only."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from fercore.curation.votes import BAD_CROP
from fercore.services.grid_events import Event, Recut, Undo
from fercore.store import decisions
from fercore.store.decisions import Content


class Numbers:
    """The content of each event number, in the store and in the batch itself."""

    def __init__(self, session: Session, reviewer: str, events: Sequence[Event]) -> None:
        self._reviewer = reviewer
        undos = [event.id for event in events if isinstance(event, Undo)]
        others = [event for event in events if not isinstance(event, Undo)]
        self._undos = decisions.undos(session, undos)
        self._contents = decisions.contents(session, [event.id for event in others])
        self._foreign = decisions.actions_of_others(session, reviewer, {event.action for event in others})

    def collide(self, event: Event) -> bool:
        """True where the event's number has other content already; otherwise the number is reserved for this event."""
        if isinstance(event, Undo):
            reviewer, undoes = self._undos.setdefault(event.id, (self._reviewer, event.undoes))
            return reviewer != self._reviewer or undoes == "" or (event.undoes or undoes) != undoes
        content = self._content(event)
        return event.action in self._foreign or self._contents.setdefault(event.id, content) != content

    def _content(self, event: Event) -> Content:
        assert not isinstance(event, Undo)
        emotion, reason = (None, BAD_CROP) if isinstance(event, Recut) else (event.emotion, event.reason)
        return Content(self._reviewer, event.action, event.face, emotion, reason)

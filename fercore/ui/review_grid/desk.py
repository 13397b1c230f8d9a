"""A reviewer's desk: which page lies on it, what the grid has been told, and what it says back."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any, Final
from uuid import uuid4
from weakref import finalize

from fercore.curation.lease_owner import LeaseOwner
from fercore.curation.review_filter import Cursor, ReviewFilter, ReviewState
from fercore.language import tr
from fercore.services.review import added_faces, assignments, grid, grid_events
from fercore.services.review.event_batch import CommitResult
from fercore.services.review.grid import Page
from fercore.services.review.grid_events import Message
from fercore.services.system.installation import Store
from fercore.ui.review_grid.outage import AWAY, why_away
from fercore.ui.review_grid.payload import GUESS
from fercore.ui.review_grid.trail import Trail

RECOUNT_SECONDS: Final = 20


@dataclass
class Desk:
    """One tab's place in a view; kept in the session, rebuilt from the store after a reload.

    A `size` of 0 stands for as many faces as the window shows: `fits`, once the grid has said so.
    """

    store: Store
    view: ReviewFilter
    size: int
    fits: int | None = None
    trail: Trail = field(default_factory=Trail)
    total: int = 0
    left: int = 0
    left_at_first: int = 0  # when the present page was laid out
    counted: bool = False  # a million faces are counted once, not for every page
    counted_at: float = 0.0
    revision: int = 0
    have: str | None = None
    ack: dict[str, Any] | None = None
    detail_id: int | None = None
    near: bool = False  # whether the grid shows a face's neighbours
    offered: bool = False  # a task's faces are shown and not taken yet
    photo: dict[str, Any] | None = None  # of the face that is cut anew
    at: int | None = None  # the face that a new page begins with
    note: str = ""
    holder: str = field(default_factory=lambda: str(uuid4()))

    def __post_init__(self) -> None:
        self._begin()
        # Called when the desk is left, and when nobody has it any more because its tab was closed.
        self.leave = finalize(self, _give_back, self.store, self.view, self.holder)
        self.leave.atexit = False

    @property
    def page(self) -> Page:
        """The page that lies on the desk."""
        return self.trail.page

    @property
    def behind(self) -> list[Page]:
        """The pages before it."""
        return self.trail.behind

    @property
    def guesses(self) -> bool:
        """True until the grid has told how many faces the window shows."""
        return not self.size and self.fits is None

    @property
    def is_empty(self) -> bool:
        """True where there is no face to show."""
        return not self.page.face_ids

    @property
    def key(self) -> str:
        """Changes whenever the grid must paint its tiles anew."""
        return f"{self.page.id}/{self.revision}"

    def receive(self, message: Any) -> None:
        """Take one message of the grid: decisions, undo, a turn of the page, a face to look at.

        Whatever arrives is answered; what the answer does not name stays with the browser.
        """
        content = grid_events.read(message)
        self.have = content.have
        if self.ack is not None and content.batch is not None and self.ack["batch"] == content.batch:
            return
        self.ack = {"batch": content.batch, "stored": {}}
        if grid_events.too_large(message, content.events):
            self.ack["too_large"] = tr("A message holds at most 2,000 decisions and 2 MB.")
            return
        try:
            self._take(content)
        except AWAY as error:
            self.ack["away"] = why_away(error)

    def _take(self, content: Message) -> None:
        lost = self._claim() if self.offered and (content.looks or content.events or content.turn) else set()
        committed = grid.commit(self.store, self.view, content.events, self.holder, self.note, lost)
        self._answer(committed)
        self.left -= committed.decided
        moved = committed.remarked and self.view.state in (ReviewState.FLAGGED, ReviewState.NOTED)
        self.counted = self.counted and not committed.undid and not moved
        self.detail_id, self.near = content.focus, content.near
        self.photo = None if content.photo is None else added_faces.photo_of(self.store, content.photo)
        if content.fits is not None:
            changed, self.fits = content.fits != self.fits, content.fits
            if changed and not self.size and not content.turn:
                self._begin()
        if committed.led_back:
            self.at = committed.undone_face
            self._go_back_to(committed.undone_page)
        if lost:
            self._put_without(lost)
        if committed.cut or committed.added:
            self._put_beside({face: [new] for face, new in committed.cut.items()} | committed.beside)
        if content.turn and content.turn.origin == self.have == self.key:
            self._turn(content.turn.to)

    def _answer(self, committed: CommitResult) -> None:
        assert self.ack is not None
        self.ack["stored"] = committed.stored
        self.ack["problem"] = committed.problem
        self.ack["refused"] = [{"at": place, "why": why} for place, why in sorted(committed.refused.items())]
        self.ack["skipped"] = list(committed.skipped)
        fresh = sorted(set(committed.skipped.values()) & set(self.page.face_ids))
        self.ack["tiles"] = grid.tiles(self.store, self.view, fresh) if fresh else []

    def look_again(self) -> bool:
        """True if an empty page has faces now: in a task, what others leave comes back."""
        if self.is_empty:
            self._begin(self.trail.number)
        return not self.is_empty

    @property
    def _owner(self) -> LeaseOwner | None:
        return None if self.view.task is None else LeaseOwner(self.view.task, self.view.reviewer, self.holder)

    def _begin(self, number: int = 1) -> None:
        """Show the first page; of a task it is not taken before it is worked on."""
        self.offered = self.view.task is not None
        self.trail.restart()
        self._put(self._opened(Cursor()), number)

    def _claim(self) -> set[int]:
        """Take the page that was only shown; returns the faces that went to another person meanwhile."""
        self.offered = False
        assert self._owner is not None
        return set(self.page.face_ids) - assignments.claim(self.store, self._owner, self.page.face_ids)

    def _put_without(self, lost: set[int]) -> None:
        remaining = [face for face in self.page.face_ids if face not in lost]
        if remaining:
            self._put(replace(self.page, face_ids=remaining))
        else:
            self._put(self._opened(Cursor()))

    def _opened(self, cursor: Cursor) -> Page:
        size = self.size or self.fits or GUESS
        if self._owner is not None:
            size = assignments.share(self.store, self._owner, size)
        return grid.open_page(self.store, self.view, cursor, size, self.holder, self.offered)

    def _put(self, page: Page, number: int | None = None) -> None:
        self.trail.lay(page, number)
        self._laid()

    def _laid(self) -> None:
        """Count again where that is due, and let the grid paint the page."""
        self.revision += 1
        shared = self.view.task is not None  # others take their part all the time
        if not self.counted or (shared and monotonic() - self.counted_at > RECOUNT_SECONDS):
            self._count()
        self.left_at_first = self.left

    def _count(self) -> None:
        self.total, self.left = grid.counts(self.store, self.view)
        self.counted, self.counted_at = True, monotonic()

    def _go_back_to(self, face_ids: list[int] | None) -> None:
        """Show the page that an undone action was made on; without one, the present page anew."""
        if face_ids is None or face_ids == self.page.face_ids:
            self._laid()
            return
        known = self.trail.find(face_ids)
        if self.page.face_ids != face_ids:
            self._put(grid.page_of(self.store, self.view, face_ids), None if known else 1)
        else:
            self._laid()

    def _put_beside(self, cut: dict[int, list[int]]) -> None:
        """Show new faces beside the one that they were cut anew from, or beside which they were drawn."""
        faces: list[int] = []
        for face_id in self.page.face_ids:
            faces += [face_id, *cut.get(face_id, [])]
        self.counted = False
        self.at = list(cut.values())[-1][-1]
        following = self.page.following
        self._put(replace(grid.page_of(self.store, self.view, faces), following=following))

    def _turn(self, to: str) -> None:
        self.at = None
        if self.ack and self.ack["tiles"]:
            self.ack["stays"] = True  # what was decided elsewhere is looked at before the page is left
            return
        if to == "previous":
            self.trail.back()
        elif not self.trail.forth():
            following = self.page.following
            self.trail.follow(self._opened(following or Cursor()), first=following is None)
        self._laid()


def _give_back(store: Store, view: ReviewFilter, holder: str) -> None:
    if view.task is not None:
        with suppress(*AWAY):  # where the store is away, what is held lapses by itself
            assignments.leave(store, LeaseOwner(view.task, view.reviewer, holder))

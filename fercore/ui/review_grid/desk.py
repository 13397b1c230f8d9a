"""A reviewer's desk: which page lies on it, what the grid has been told, and what it says back."""

from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any, Final
from uuid import uuid4
from weakref import finalize

from fercore.services import details, recutting, reviewing, tasking
from fercore.services.reviewing import Page
from fercore.store import Store
from fercore.store.leases import Hand
from fercore.store.review import Cursor, View

RECOUNT_SECONDS: Final = 20


@dataclass
class Desk:
    """One tab's place in a view; kept in the session, rebuilt from the store after a reload."""

    store: Store
    view: View
    size: int
    page: Page = field(init=False)
    total: int = 0
    left: int = 0
    left_at_first: int = 0  # when the present page was laid out
    counted: bool = False  # a million faces are counted once, not for every page
    counted_at: float = 0.0
    behind: list[Page] = field(default_factory=list)
    revision: int = 0
    have: str | None = None
    ack: dict[str, Any] | None = None
    detail_id: int | None = None
    near: bool = False  # whether the grid shows a face's neighbours
    photo: dict[str, Any] | None = None  # of the face that is cut anew
    at: int | None = None  # the face that a new page begins with
    note: str = ""
    holder: str = field(default_factory=lambda: str(uuid4()))

    def __post_init__(self) -> None:
        self._put(reviewing.open_page(self.store, self.view, Cursor(), self.size, self.holder))
        # Called when the desk is left, and when nobody has it any more because its tab was closed.
        self.leave = finalize(self, _give_back, self.store, self.view, self.holder)
        self.leave.atexit = False

    @property
    def key(self) -> str:
        """Changes whenever the grid must paint its tiles anew."""
        return f"{self.page.id}/{self.revision}"

    def receive(self, message: dict[str, Any]) -> None:
        """Take one message of the grid: decisions, undo, a turn of the page, a face to look at."""
        self.have = message.get("have")
        if self.ack is not None and self.ack["batch"] == message["batch"]:
            return
        committed = reviewing.commit(self.store, self.view, message.get("events", []), self.holder, self.note)
        self.ack = {"batch": message["batch"], "stored": committed.stored, "problem": committed.problem}
        self.left -= committed.decided
        self.counted = self.counted and not committed.undid
        self.detail_id, self.near = message.get("focus"), bool(message.get("near"))
        asked = message.get("photo")
        self.photo = None if asked is None else recutting.photo(self.store, asked)
        if committed.led_back:
            self.at = committed.undone_face
            self._go_back_to(committed.undone_page)
        if committed.cut:
            self._put_beside(committed.cut)
        turn = message.get("turn")
        if turn and turn.get("from") == self.have:
            self._turn(turn.get("to"))

    def look_again(self) -> bool:
        """Whether an empty page has faces now: in a task, what others leave comes back."""
        if not self.page.face_ids:
            self._put(reviewing.open_page(self.store, self.view, Cursor(), self.size, self.holder))
        return bool(self.page.face_ids)

    def data(self, words: dict[str, Any], outbox: str) -> dict[str, Any]:
        """What the grid is given; tiles only when it does not have them yet."""
        new = self.have != self.key
        return {
            "words": words,
            "outbox": outbox,
            "ack": self.ack,
            "page": {
                "key": self.key,
                "id": self.page.id,
                "tiles": reviewing.tiles(self.store, self.view, self.page.face_ids) if new else None,
                "left": self.left_at_first,  # the grid itself counts from there
                "total": self.total,
                "at": self.at,
            },
            "detail": self._detail(),
            "photo": self.photo,
        }

    def _detail(self) -> dict[str, Any] | None:
        if self.detail_id is None or self.detail_id < 0:
            return None
        return details.detail(self.store, self.view, self.detail_id, self.near)

    def _put(self, page: Page) -> None:
        self.page = page
        self.revision += 1
        shared = self.view.task is not None  # others take their part all the time
        if not self.counted or (shared and monotonic() - self.counted_at > RECOUNT_SECONDS):
            self.total, self.left = reviewing.counts(self.store, self.view)
            self.counted, self.counted_at = True, monotonic()
        self.left_at_first = self.left

    def _go_back_to(self, face_ids: list[int] | None) -> None:
        """Show the page that an undone action was made on; without one, the present page anew."""
        if face_ids is None or face_ids == self.page.face_ids:
            self._put(self.page)
            return
        if self.behind and self.behind[-1].face_ids == face_ids:
            self._put(self.behind.pop())
            return
        self._put(reviewing.page_of(self.store, self.view, face_ids))

    def _put_beside(self, cut: dict[int, int]) -> None:
        """Show each new face beside the one that it was cut anew from."""
        faces: list[int] = []
        for face_id in self.page.face_ids:
            faces += [face_id, cut[face_id]] if face_id in cut else [face_id]
        self.counted = False
        self.at = list(cut.values())[-1]
        following = self.page.following
        self._put(replace(reviewing.page_of(self.store, self.view, faces), following=following))

    def _turn(self, to: str | None) -> None:
        self.at = None
        if to == "previous":
            self._put(self.behind.pop() if self.behind else self.page)
            return
        if self.page.face_ids:
            self.behind.append(self.page)
        following = self.page.following or Cursor()
        self._put(reviewing.open_page(self.store, self.view, following, self.size, self.holder))


def _give_back(store: Store, view: View, holder: str) -> None:
    if view.task is not None:
        tasking.leave(store, Hand(view.task, view.reviewer, holder))

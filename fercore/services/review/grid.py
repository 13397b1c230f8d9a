"""Pages of tiles and counts for Review; its decisions are stored by `commit`."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from fercore.curation.lease_owner import LeaseOwner
from fercore.curation.review_filter import Cursor, ReviewFilter
from fercore.services.review.grid_commit import commit
from fercore.store import Store
from fercore.store.datasets import faces
from fercore.store.review import face_queue, leases, offers, recrops, remarks, staleness, tasks
from fercore.store.review import tiles as tile_table
from fercore.store.review.remarks import FaceMarks
from fercore.store.review.tiles import Tile

__all__ = ["PAGE_SIZES", "Page", "commit", "counts", "open_page", "page_of", "tiles"]

PAGE_SIZES: Final = (60, 90, 120, 150, 200)


@dataclass(frozen=True)
class Page:
    """The faces on screen; `following` is where the next page begins, None at the end."""

    id: str
    view: ReviewFilter
    face_ids: list[int]
    following: Cursor | None


def open_page(
    store: Store, view: ReviewFilter, cursor: Cursor, size: int, holder: str = "", offer: bool = False
) -> Page:
    """The next page of a view, remembered as shown; of a task, what is handed out to this tab, the `holder`.

    With `offer`, a task's faces are shown and not taken yet.
    """
    if view.task is not None:
        owner = LeaseOwner(view.task, view.reviewer, holder)
        with store.database.writing() as session:
            leases.begin(session, owner)
            taken = offers.offer(session, owner, size) if offer else leases.take(session, owner, cursor.after, size)
        following = Cursor(after=taken[-1][0]) if taken else None
        return _remembered(store, view, [face for _, face in taken], following)
    with store.database.reading() as session:
        face_ids, following = face_queue.page(session, view, cursor, size)
    return _remembered(store, view, face_ids, following)


def page_of(store: Store, view: ReviewFilter, face_ids: Sequence[int]) -> Page:
    """A page of given faces, for going back."""
    with store.database.reading() as session:
        if view.task is None:
            following = face_queue.behind(session, view, recrops.imported(session, face_ids) or face_ids)
        else:
            placed = recrops.imported(session, face_ids) or face_ids
            following = Cursor(after=leases.place_behind(session, view.task, placed))
    return _remembered(store, view, list(face_ids), following)


def _remembered(store: Store, view: ReviewFilter, face_ids: list[int], following: Cursor | None) -> Page:
    page = Page(str(uuid4()), view, face_ids, following)
    if face_ids:
        with store.database.writing() as session:
            face_queue.opened(session, page.id, view, face_ids)
    return page


def counts(store: Store, view: ReviewFilter) -> tuple[int, int]:
    """(faces in the view, of them undecided by this reviewer); of a task, those that they may still decide."""
    with store.database.reading() as session:
        if view.task is not None:
            left = leases.left(session, view.task, view.reviewer)
            within = tasks.quota_left(session, view.task, view.reviewer)
            return tasks.size(session, view.task), left if within is None else min(left, within)
        total = face_queue.count(session, view)
        return total, total - face_queue.decided(session, view)


def tiles(store: Store, view: ReviewFilter, face_ids: Sequence[int], hide_all: bool = False) -> list[dict[str, Any]]:
    """Tiles for the grid: label, state and base64 gray pixels of each face; on demand without any source label."""
    with store.database.reading() as session:
        latest = staleness.latest(session, face_ids)  # first: what is decided meanwhile counts as not seen
        seen = tile_table.seen(session, view, face_ids, hide_all)
        grays = faces.grays(session, [tile.id for tile in seen])
        marks = remarks.marks(session, [tile.id for tile in seen], view.reviewer, view.blind)
    return [
        {
            **_standing(tile),
            **_marked(marks.get(tile.id, FaceMarks())),
            "seen": latest[tile.id],
            "word": tile.word,
            "gray": base64.b64encode(grays[tile.id]).decode(),
        }
        for tile in seen
    ]


def _marked(mark: FaceMarks) -> dict[str, Any]:
    """A flag, whether others wrote notes, and the reviewer's own note."""
    return {"flagged": mark.flagged, "othersNoted": mark.others, "note": mark.note}


def _standing(tile: Tile) -> dict[str, Any]:
    return {
        "id": tile.id,
        "emotion": tile.emotion,
        "state": tile.state,
        "reason": tile.reason,
        "mine": tile.mine,
        "baseline": tile.baseline,
        "doubtful": tile.doubtful,
        "hides": tile.hides,
        "sourceless": tile.sourceless,
    }

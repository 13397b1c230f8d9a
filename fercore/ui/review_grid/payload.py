"""The review grid's data: the page on a desk, the answer to what came last, and one face in detail."""

from typing import TYPE_CHECKING, Any, Final

from fercore.services.review import face_detail, grid
from fercore.ui.review_grid.outage import AWAY, why_away

if TYPE_CHECKING:
    from fercore.ui.review_grid.desk import Desk

GUESS: Final = 60  # faces on a page until the grid has said how many the window shows


def page_data(desk: "Desk", words: dict[str, Any], outbox: str) -> dict[str, Any]:
    """The page for the grid; with tiles only when it does not have them yet."""
    try:
        new = desk.have != desk.key
        tiles = grid.tiles(desk.store, desk.view, desk.page.face_ids) if new else None
        detail = _detail(desk)
    except AWAY as error:
        tiles = detail = None
        desk.ack = {"batch": None, "stored": {}} if desk.ack is None else desk.ack
        desk.ack["away"] = why_away(error)
    return {
        "words": words,
        "outbox": outbox,
        "note": desk.note,
        "ack": desk.ack,
        "page": {
            "key": desk.key,
            "id": desk.page.id,
            "number": desk.trail.number,
            "guessed": GUESS if desk.guesses else None,
            "fit": not desk.size,
            "offered": desk.offered,
            "tiles": tiles,
            "left": desk.left_at_first,  # the grid itself counts from there
            "total": desk.total,
            "at": desk.at,
        },
        "detail": detail,
        "photo": desk.photo,
    }


def _detail(desk: "Desk") -> dict[str, Any] | None:
    if desk.detail_id is None or desk.detail_id < 0:
        return None
    return face_detail.detail(desk.store, desk.view, desk.detail_id, desk.near)

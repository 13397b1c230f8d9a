"""What the review page asks for: pages of tiles, decisions in, undo, one face in detail."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from fercore.curation.votes import BAD_CROP, REASONS, UNSURE
from fercore.emotions import EMOTIONS
from fercore.errors import InputError, UnreadableImageError
from fercore.language import tr
from fercore.services import recutting
from fercore.store import Store, decisions, faces, leases, recuts, review, tasks
from fercore.store import tiles as tile_table
from fercore.store.decisions import Manner, Wish
from fercore.store.faces import NewFace
from fercore.store.leases import Hand
from fercore.store.review import Cursor, View
from fercore.store.tiles import Tile

PAGE_SIZES: Final = (60, 90, 120, 150, 200)


@dataclass(frozen=True)
class Page:
    """The faces on screen; `following` is where the next page begins, None at the end."""

    id: str
    view: View
    face_ids: list[int]
    following: Cursor | None


@dataclass
class Committed:
    """What became of a batch of events: rows stored per event id, how many faces are decided that were not,
    whether anything was undone, where an undo leads back to, the faces cut anew by those that they replace,
    and why one could not be cut."""

    stored: dict[str, int] = field(default_factory=dict)
    decided: int = 0
    undid: bool = False
    led_back: bool = False
    undone_page: list[int] | None = None
    undone_face: int | None = None
    cut: dict[int, int] = field(default_factory=dict)
    problem: str | None = None


def open_page(store: Store, view: View, cursor: Cursor, size: int, holder: str = "") -> Page:
    """The next page of a view, remembered as shown; of a task, what is handed out to this tab, the `holder`."""
    if view.task is not None:
        with store.database.writing() as session:
            taken = leases.take(session, Hand(view.task, view.reviewer, holder), cursor.after, size)
        following = Cursor(after=taken[-1][0]) if taken else None
        return _remembered(store, view, [face for _, face in taken], following)
    with store.database.reading() as session:
        face_ids, following = review.page(session, view, cursor, size)
    return _remembered(store, view, face_ids, following)


def page_of(store: Store, view: View, face_ids: Sequence[int]) -> Page:
    """A page of given faces, for going back."""
    with store.database.reading() as session:
        if view.task is None:
            following = review.behind(session, view, recuts.imported(session, face_ids) or face_ids)
        else:
            placed = recuts.imported(session, face_ids) or face_ids
            following = Cursor(after=leases.place_behind(session, view.task, placed))
    return _remembered(store, view, list(face_ids), following)


def _remembered(store: Store, view: View, face_ids: list[int], following: Cursor | None) -> Page:
    page = Page(str(uuid4()), view, face_ids, following)
    if face_ids:
        with store.database.writing() as session:
            review.opened(session, page.id, view, face_ids)
    return page


def counts(store: Store, view: View) -> tuple[int, int]:
    """(faces in the view, of them undecided by this reviewer); of a task, those that they may still decide."""
    with store.database.reading() as session:
        if view.task is not None:
            return tasks.size(session, view.task), leases.left(session, view.task, view.reviewer)
        total = review.count(session, view)
        return total, total if view.adjudicates else total - review.decided(session, view)


def tiles(store: Store, view: View, face_ids: Sequence[int]) -> list[dict[str, Any]]:
    """What the grid paints: label, state and base64 gray pixels of each face."""
    with store.database.reading() as session:
        found = tile_table.seen(session, view, face_ids)
        grays = faces.grays(session, [tile.id for tile in found])
    return [{**_standing(tile), "word": tile.word, "gray": base64.b64encode(grays[tile.id]).decode()} for tile in found]


def _standing(tile: Tile) -> dict[str, Any]:
    return {
        "id": tile.id,
        "emotion": tile.emotion,
        "state": tile.state,
        "reason": tile.reason,
        "mine": tile.mine,
        "baseline": tile.baseline,
        "doubtful": tile.doubtful,
    }


def commit(store: Store, view: View, events: Sequence[dict[str, Any]], holder: str = "", note: str = "") -> Committed:
    """Store a batch of the grid's events in the order they were made, as one transaction.

    An event is {"id", "type": "decide", "recut" or "undo", …}; the same event twice is stored once.
    """
    result, manner = Committed(), Manner(view.blind, view.adjudicates, note, view.advisor)
    asked = {_wish(event).face_id for event in events if event.get("type") != "undo"}
    cuts = _cuts(store, events, result)
    with store.database.writing() as session:
        before = review.decided_of(session, view, asked)
        wishes: list[Wish] = []
        touched: set[int] = set()
        for event in events:
            kind = event.get("type")
            if kind in ("undo", "recut"):  # they stand on what came before
                decisions.record(session, view.reviewer, wishes, manner)
                wishes = []
            if kind == "undo":
                touched |= set(_undo(session, view, event, result))
            elif kind == "recut":
                wish = _wish(event)
                if wish.id in cuts and decisions.record(session, view.reviewer, [wish], manner):
                    new = recutting.add(session, view, holder, wish.face_id, cuts[wish.id], wish.action)
                    result.cut[wish.face_id] = new
                    touched.add(wish.face_id)
            else:
                wishes.append(_wish(event))
                touched.add(wishes[-1].face_id)
                result.stored[wishes[-1].id] = 1
        decisions.record(session, view.reviewer, wishes, manner)
        if view.task is not None and touched:
            leases.settle(session, Hand(view.task, view.reviewer, holder), touched)
        result.decided = review.decided_of(session, view, asked) - before
    return result


def _cuts(store: Store, events: Sequence[dict[str, Any]], result: Committed) -> dict[str, NewFace]:
    """The new crops by their events, read from their photos before anything is written; what cannot be cut is told."""
    wanted = {_uuid(event, "id"): event for event in events if event.get("type") == "recut"}
    if not wanted:
        return {}
    with store.database.reading() as session:
        known = decisions.known(session, list(wanted))
    cuts: dict[str, NewFace] = {}
    for number, event in wanted.items():
        result.stored[number] = 1
        if number in known:
            continue
        try:
            cuts[number] = recutting.cut(store, event["face"], event.get("box"))
        except (InputError, UnreadableImageError) as error:
            result.stored[number] = 0
            result.problem = str(error)
    return cuts


def _undo(session: Session, view: View, event: dict[str, Any], result: Committed) -> list[int]:
    """Take back the action that the event names, or the reviewer's last one, wherever that was made; its faces."""
    result.undid = True
    event_id, action, page_id = _uuid(event, "id"), event.get("undoes"), None
    if action is None:
        result.led_back = True
        action, page_id = decisions.last_action(session, view.reviewer, view.dataset_id) or ("", None)
    faces = decisions.undo(session, view.reviewer, event_id, str(action))
    if faces:  # else it was somebody else's, or is unknown
        recuts.withdraw(session, [str(action)])
    result.undone_face = min(faces, default=None)
    result.stored[event_id] = len(faces)
    if page_id is not None:
        result.undone_page = review.shown(session, page_id)
    return faces


def _wish(event: dict[str, Any]) -> Wish:
    """A decision as it came from the browser, checked; raises InputError."""
    recut = event.get("type") == "recut"
    emotion, reason = event.get("emotion"), BAD_CROP if recut else event.get("reason")
    known_emotion = isinstance(emotion, int) and 0 <= emotion < len(EMOTIONS)
    if (
        not isinstance(event.get("face"), int)
        or (reason is None) != known_emotion
        or reason not in (None, UNSURE, *REASONS)
    ):
        raise InputError(
            tr(
                "A decision names a face and either an emotion from 0 to 6 or a reason; got {event}.",
                event=event,
            )
        )
    page = event.get("page")
    return Wish(
        id=_uuid(event, "id"),
        action=_uuid(event, "action"),
        face_id=event["face"],
        emotion=emotion,
        reason=reason,
        page_id=str(page) if page else None,
    )


def _uuid(event: dict[str, Any], key: str) -> str:
    try:
        return str(UUID(str(event.get(key))))
    except ValueError:
        raise InputError(tr("The event's {key} is no UUID: {value}", key=key, value=event.get(key))) from None

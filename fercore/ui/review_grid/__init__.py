"""The review grid: one Streamlit component that owns a page of faces, its keys and its selection."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import streamlit as st

from fercore.curation.review_filter import TileState
from fercore.curation.votes import REASONS
from fercore.emotions import ALL
from fercore.language import current, forms, tr
from fercore.services.review.grid_events import LONGEST_NOTE
from fercore.ui.review_grid.desk import Desk
from fercore.ui.review_grid.payload import page_data

SCRIPTS: Final = (
    "browser",
    "shelf",
    "outbox",
    "appearance",
    "tiles",
    "sight",
    "fit",
    "status",
    "legend",
    "cutter",
    "remarks",
    "beside",
    "selection",
    "decisions",
    "keys",
    "skeleton",
    "grid",
)
HERE: Final = Path(__file__).parent


def _script() -> str:
    """The scripts as the one module that Streamlit takes."""
    return "\n".join((HERE / f"{name}.js").read_text("utf-8") for name in SCRIPTS)


def register() -> Callable[..., Any]:
    """Register the component with this process's Streamlit; returns its mounting command."""
    return st.components.v2.component(
        "fercore_review_grid",
        html='<div class="fc-root"></div>',
        css=(HERE / "grid.css").read_text("utf-8"),
        js=_script(),
        isolate_styles=False,
    )


def words() -> dict[str, Any]:
    """Everything the grid says, in the language in use."""
    korean = current() == "ko"
    return {
        "locale": current(),
        "emotions": [{"key": e.name, "name": e.korean if korean else e.name, "colour": e.colour} for e in ALL],
        "reasons": {reason: tr(reason) for reason in REASONS},
        "states": {state: tr(state) for state in TileState},
        "unlabelled": tr("no emotion yet"),
        "doubtful": tr("maybe no face"),
        "grid": tr("Faces to review"),
        "place": tr("{left} of {total} undecided"),
        "context": tr("Surroundings of the face in its photo"),
        "near": tr("Same photo, same person"),
        "savedHint": tr("Decisions of this browser tab that are stored and were not undone, since it was opened."),
        "saved": forms("decision saved", "decisions saved"),
        "saving": tr("Saving…"),
        "late": forms("No connection: {count} decision waits here.", "No connection: {count} decisions wait here."),
        "kept": forms("Your {count} decision waits here.", "Your {count} decisions wait here."),
        "refused": tr("Decisions that cannot be stored: {count}"),
        "unreadable": tr("Unreadable entry"),
        "discard": tr("Discard them"),
        "face": tr("Face"),
        "hidden": tr("source label hidden"),
        "pageInView": forms("Page {page} · {faces} face in view", "Page {page} · all {faces} faces in view"),
        "pagePartly": forms(
            "Page {page} · {visible} of {faces} face in view", "Page {page} · {visible} of {faces} faces in view"
        ),
        "pageDone": tr("Page done: press Enter for the next page."),
        "pageRest": forms(
            "End of the page. {count} face is undecided: Enter confirms its label, ← goes back.",
            "End of the page. {count} faces are undecided: Enter confirms their labels, ← goes back.",
        ),
        "toldOne": tr("Face {number} of {count}: {label}"),
        "toldMany": forms("{count} face: {label}", "{count} faces: {label}"),
        "unseen": forms(
            "{count} face was not in view yet: look at it, then press Enter again.",
            "{count} faces were not in view yet: look at them, then press Enter again.",
        ),
        "confirmedMany": forms("Confirmed: {count} face.", "Confirmed: {count} faces."),
        "unlabelledLeft": tr("Not confirmed, because they have no emotion yet: {count}."),
        "hiddenLeft": tr(
            "Not confirmed, because the source's label is hidden: {count}. Choose an emotion for each face."
        ),
        "elsewhere": tr("Decided elsewhere since this page was loaded, and left unchanged: {count}."),
        "elsewhereStays": tr(
            "Decided elsewhere since this page was loaded, and left unchanged: {count}. Press Enter again to go on."
        ),
        "why": tr("Reject as:"),
        "undone": tr("Undone"),
        # What stands on the key, what it does, and the key's code where a click can do the same.
        "rejectKeys": [("Esc", tr("cancel"), "Escape")],
        "otherKeys": [
            ("8", tr("not sure"), "Digit8"),
            ("X", tr("reject"), "KeyX"),
            (tr("Space"), tr("select"), "Space"),
            ("← ↑ ↓ →", tr("move, with Shift select"), None),
            ("Z", tr("undo"), "KeyZ"),
            ("Enter", tr("confirm the rest, next page"), "Enter"),
            ("PgUp PgDn", tr("turn pages"), None),  # in the legend alone: the sheet has both keys
            ("F", tr("one large face"), "KeyF"),
            ("G", tr("flag"), "KeyG"),
            ("N", tr("note"), "KeyN"),
            ("?", tr("all keys"), "Slash"),
        ],
        "moreKeys": [
            ("Page Up", tr("the page before"), "PageUp"),
            ("Page Down", tr("the next page, without confirming"), "PageDown"),
            ("Home", tr("the first face"), "Home"),
            ("End", tr("the last face"), "End"),
            ("Esc", tr("select nothing"), "Escape"),
            ("+", tr("larger faces"), "Equal"),
            ("−", tr("smaller faces"), "Minus"),
            ("B", tr("redraw the crop on its photo"), "KeyB"),
            ("A", tr("add a missed face on the photo"), "KeyA"),
            ("L", tr("boost contrast: low, high, off"), "KeyL"),
            ("S", tr("smooth or sharp pixels"), "KeyS"),
        ],
        "sheet": tr("Keys"),
        "close": tr("Close the list"),
        "cutter": cutter_words(korean),
        "remarks": {
            "title": tr("Note on this face"),
            "hint": tr("Plain text. Enter saves, Shift + Enter begins a new line; an empty note is removed."),
            "longest": LONGEST_NOTE,
            "save": tr("Save the note"),
            "cancel": tr("Cancel"),
            "flag": tr("Flag (G)"),
            "note": tr("Note (N)"),
            "isFlagged": tr("flagged"),
            "hasNote": tr("with a note"),
            "flagged": forms("{count} face flagged", "{count} faces flagged"),
            "unflagged": forms("Flag removed: {count} face", "Flag removed: {count} faces"),
            "noted": tr("Note saved"),
            "unnoted": tr("Note removed"),
        },
        "buttons": {
            "focus": tr("Focus"),
            "undo": tr("Undo"),
            "previous": tr("Previous"),
            "next": tr("Skip"),
            "confirm": tr("Confirm page"),
        },
        "hints": {
            "focus": tr("One large face with its surroundings, neighbours and history (F)"),
            "undo": tr("Undo the last action (Z)"),
            "previous": tr("The page before (Page Up)"),
            "next": tr("The next page, without confirming (Page Down)"),
            "confirm": tr("Confirm every labelled face that you have not decided (Enter)"),
        },
    }


def cutter_words(korean: bool) -> dict[str, Any]:
    """The words of the dialog in which a square is drawn on a photo."""
    moves = [
        ("← ↑ ↓ →", tr("move, with Shift by one pixel")),
        ("+ −", tr("larger, smaller")),
        ("N", tr("the next face that was found")),
    ]
    return {
        "title": tr("Redraw the crop"),
        "button": tr("Redraw"),
        "photo": tr("The photo that the face came from"),
        "loading": tr("The photo is being opened…"),
        "draw": tr("Drag a square around the face, or click on one that was found."),
        "cutting": tr("Cropping…"),
        "accept": tr("Replace the crop"),
        "cancel": tr("Cancel"),
        "keys": [*moves, ("Enter", tr("replace the crop"))],
        "label": tr("Label"),
        "none": tr("no emotion yet"),
        "emotions": [e.korean if korean else e.name for e in ALL],
        "adding": {
            "title": tr("Add a missed face"),
            "button": tr("Add a face"),
            "draw": tr("Drag a square around the missed face. Thin squares mark faces that are already there."),
            "accept": tr("Add the face"),
            "keys": [*moves, ("1 – 7", tr("its emotion; 0 for none")), ("Enter", tr("add the face"))],
        },
    }


def draw(desk: Desk, outbox: str) -> None:
    """Mount the grid on a desk; its messages are received before the fragment runs again."""
    key = "review-grid"

    def received() -> None:
        # Gone when the page was left in the same moment: the browser keeps its decisions for the next visit.
        message = (st.session_state.get(key) or {}).get("message")
        if message:
            desk.receive(message)

    _component()(key=key, data=page_data(desk, words(), outbox), on_message_change=received)


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., Any]:
    return register()

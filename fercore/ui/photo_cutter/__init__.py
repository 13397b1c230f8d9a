"""A face added to any photo of a dataset, those without a face among them: drawn in a dialog as in Review."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import streamlit as st

from fercore.curation.review_filter import ReviewFilter
from fercore.language import current
from fercore.services.review import added_faces, grid
from fercore.services.review.event_batch import CommitResult
from fercore.ui import review_grid
from fercore.ui.shell.session import store

HERE: Final = Path(__file__).parent
SCRIPTS: Final = ("browser", "tiles", "cutter")


def draw(view: ReviewFilter, photo_id: int, key: str) -> None:
    """The button that opens a photo to draw on; what is drawn is stored before the page runs on."""

    def received() -> None:
        message = (st.session_state.get(key) or {}).get("message")
        if isinstance(message, dict):
            _take(view, photo_id, message, key)

    opened = st.session_state.get(f"{key}-opened") or {}
    photo = opened if opened.get("id") == photo_id else {"id": photo_id}
    data = {
        "words": review_grid.cutter_words(current() == "ko"),
        "photo": photo,
        "answer": st.session_state.get(f"{key}-answer"),
    }
    _component()(key=key, data=data, on_message_change=received)


def _take(view: ReviewFilter, photo_id: int, message: dict[str, Any], key: str) -> None:
    """Open the photo, or store a face that was drawn on it."""
    event = message.get("event")
    if event is None:
        st.session_state[f"{key}-opened"] = added_faces.photo(store(), photo_id)
        return
    request = event if isinstance(event, dict) else {}
    done = grid.commit(store(), view, [request | {"photo": photo_id, "face": None, "type": "add"}])
    problem = done.problem or next(iter(done.refused.values()), None)
    st.session_state[f"{key}-answer"] = {"id": request.get("id"), "problem": problem}
    if not problem:
        st.session_state[f"{key}-opened"] = None
        st.session_state[f"{key}-added"] = (request.get("action"), _new_face(done))


def _new_face(done: CommitResult) -> int | None:
    return next((face for faces in done.added.values() for face in faces), None)


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., Any]:
    scripts = [(review_grid.HERE / f"{name}.js").read_text("utf-8") for name in SCRIPTS]
    return st.components.v2.component(
        "fercore_photo_cutter",
        html='<div class="fc-root"></div>',
        css=(review_grid.HERE / "grid.css").read_text("utf-8"),
        js="\n".join([*scripts, (HERE / "photo.js").read_text("utf-8")]),
        isolate_styles=False,
    )

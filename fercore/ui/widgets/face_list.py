"""Faces that a number stands for: shown as tiles with their numbers, and led to in Review."""

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from fercore.curation.review_filter import ReviewState
from fercore.language import tr, trn
from fercore.services.review import face_numbers, reviewer_record
from fercore.ui.shell.session import store, switch_page
from fercore.ui.shell.text import literal
from fercore.ui.widgets import face_banner, face_wall

SHOWN = 24
REVIEW = "pages/curate/review.py"


def panel(key: str, face_ids: Sequence[int], shown: int = SHOWN) -> None:
    """The first of these faces, and a button for each of their datasets that opens them in Review."""
    places = face_numbers.datasets_of(store(), face_ids)
    there = {face for ids in places.values() for face in ids}
    listed = [face for face in face_ids if face in there]
    if not listed:
        st.caption(tr("None of these faces is there any more."))
        return
    tiles = listed[:shown]
    face_wall.wall(tiles, {face: f"#{face}" for face in tiles}, links={face: link(face) for face in tiles})
    if len(listed) > shown:
        st.caption(trn("The first face is shown.", "The first {count} faces are shown.", shown))
    row = st.container(horizontal=True)
    for number, (name, ids) in enumerate(places.items()):
        written, count = face_numbers.written(ids)
        words = trn("Review {count} face", "Review {count} faces", count)
        label = f"{words} · {literal(name)}" if len(places) > 1 else words
        if row.button(label, key=f"{key}-review-{number}", icon=":material/grid_view:"):
            switch_page(REVIEW, **query(written))


def query(written: str) -> dict[str, str]:
    """The query of an address at which Review shows these faces, without a task."""
    return {"task": "0", "faces": written} | face_banner.origin()


def query_of_part(dataset: str, person: str, part: str) -> dict[str, str]:
    """The query of an address at which Review shows the faces behind one number of a person's record."""
    return {"task": "0", "of": dataset, "person": person, "part": part}


def link(face_id: int) -> str:
    """The address of one face in Review, from any page."""
    return f"review?{urlencode(query(str(face_id)))}"


def find_box(place: "st.delta_generator.DeltaGenerator") -> None:
    """A field for a face's number that opens the face in Review."""
    place.text_input(
        tr("Find a face"),
        key="find-face",
        placeholder="#123",
        width=110,
        on_change=_take,
        help=tr("The number that History, Agreement and the details of a face show."),
    )
    typed = st.session_state.pop("find-wanted", "")
    if not typed:
        return
    number = face_numbers.parsed_number(typed)
    by_dataset = face_numbers.datasets_of(store(), [] if number is None else [number])
    if by_dataset:
        switch_page(REVIEW, **query(str(number)))
    st.warning(tr("There is no face with the number {number}.", number=literal(typed)), icon=":material/search_off:")


def _take() -> None:
    st.session_state["find-wanted"] = st.session_state["find-face"].strip()
    st.session_state["find-face"] = ""


def arrive() -> None:
    """Choose the dataset of faces that the address newly names, no task and no filter; before any widget of Review."""
    numbers = st.query_params.get("faces", "")
    if numbers != st.session_state.get("faces-for", ""):
        st.session_state["faces-for"] = numbers
        by_dataset = face_numbers.datasets_of(store(), face_numbers.read(numbers))
        if by_dataset:
            st.session_state.update(
                {"task": 0, "dataset": next(iter(by_dataset)), "state": ReviewState.ALL, "emotion": "all"}
            )
    _arrive_at_part()


def _arrive_at_part() -> None:
    """Find the faces of a person's record that the address newly names by a number; they stay while they are reviewed,
    whatever is decided on them."""
    # Not `dataset`, which Streamlit takes out of the address where it is the first one.
    dataset, person, part = (st.query_params.get(name, "") for name in ("of", "person", "part"))
    wanted = (person, part, dataset) if part else None
    if wanted == st.session_state.get("part-for"):
        return
    st.session_state["part-for"] = wanted
    st.session_state.pop("part-faces", None)
    if wanted:
        ids = tuple(reviewer_record.faces_of(store(), person, dataset, part))
        st.session_state.update({"part-faces": ids, "task": 0, "state": ReviewState.ALL, "emotion": "all"})
        if ids:
            st.session_state["dataset"] = dataset


def chosen() -> tuple[int, ...] | None:
    """The faces that this page's address names; None where it names none."""
    of_part: tuple[int, ...] | None = st.session_state.get("part-faces")
    if of_part is not None:
        return of_part
    return face_numbers.read(st.query_params.get("faces", "")) or None

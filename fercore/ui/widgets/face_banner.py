"""Above the grid of chosen faces: what they are, the way back to the page that led here, and the way to all."""

from typing import Final
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from fercore.language import tr, trn
from fercore.ui.shell.text import literal
from fercore.ui.widgets import record_words

# Pages that lead to chosen faces, by their place in an address; each is named as in the side bar.
ORIGINS: Final = {
    "datasets": ("pages/curate/datasets.py", "Datasets"),
    "agreement": ("pages/curate/agreement.py", "Agreement"),
    "reviewer": ("pages/curate/reviewer.py", "Reviewers"),
    "history": ("pages/curate/history.py", "History"),
    "snapshots": ("pages/curate/snapshots.py", "Snapshots"),
}
CHOOSING: Final = ("faces", "of", "person", "part", "from")


def origin() -> dict[str, str]:
    """The part of an address at which Review leads back to the present page and its choices."""
    page = st.session_state.get("here", "")
    return {"from": f"{page}?{urlencode(st.query_params.to_dict())}"} if page in ORIGINS else {}


def draw(count: int) -> None:
    """The banner of so many chosen faces."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        words = [trn("{count} selected face", "{count} selected faces", count), *_part()]
        st.markdown(f":material/filter_alt: {' · '.join(words)}", width="content")
        _way_back()
        if st.button(tr("Show all faces of the dataset"), key="leave-chosen"):
            for name in CHOOSING:
                st.query_params.pop(name, None)
            st.rerun()


def _part() -> list[str]:
    """The person and the number of their record that the faces stand behind."""
    person, part = (st.query_params.get(name, "") for name in ("person", "part"))
    kind, _, which = part.partition(".")
    kinds = record_words.known_faces() | {"votes": tr("Votes"), "day": which}
    answers = {"right": tr("as known"), "wrong": tr("other than known")} | record_words.votes()
    words = [literal(person), literal(kinds.get(kind, "")), answers.get(which, "")] if person and part else []
    return [word for word in words if word]


def _way_back() -> None:
    page, _, query = st.query_params.get("from", "").partition("?")
    choices = dict(parse_qsl(query))
    if st.query_params.get("part"):
        page, choices = "reviewer", {"person": st.query_params.get("person", "")}
    if page not in ORIGINS:
        return
    script, title = ORIGINS[page]
    person = choices.get("person", "") if page == "reviewer" else ""
    name = " · ".join([tr(title), *([literal(person)] if person else [])])
    st.page_link(script, label=tr("Back to {page}", page=name), icon=":material/arrow_back:", query_params=choices)

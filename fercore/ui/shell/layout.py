"""The opening of every page, and small things that several pages draw."""

import streamlit as st


def opening(title: str, purpose: str) -> None:
    """The page's title and, in one line, what it is for."""
    st.title(title, anchor=False)
    st.caption(purpose)


def share(part: int, whole: int) -> str:
    """A share in whole percent; a dash when there is nothing to share."""
    return f"{part / whole:.0%}" if whole else "–"


def percent(share: float, faces: int) -> str:
    """An accuracy to a tenth of a percent; a dash without a face."""
    return f"{share:.1%}" if faces else "–"


def nothing_yet(sentence: str, page: str, label: str) -> None:
    """A calm empty state that says what to do, and stops the page."""
    st.info(sentence, icon=":material/lightbulb:")
    st.page_link(page, label=label, icon=":material/arrow_forward:")
    st.stop()

"""The guide beside the grid: what a face shows of each emotion, and faces on which that was settled."""

import streamlit as st

from fercore.emotions import ALL
from fercore.language import tr
from fercore.services.review import adjudication
from fercore.ui.shell.session import store
from fercore.ui.widgets import face_wall


def panel(dataset_id: int) -> None:
    """In the side bar, where it stays open while somebody works; it looks for examples only when it is open."""
    panel = st.sidebar.expander(tr("Guide"), icon=":material/menu_book:", key="guide", on_change="rerun")
    if not panel.open:
        return
    examples = adjudication.examples(store(), dataset_id)
    with panel:
        for number, emotion in enumerate(ALL):
            st.markdown(f"**{number + 1} {tr(emotion.name)}**: {tr(emotion.signs)}")
            if number in examples:
                face_wall.wall(examples[number], {})
        if not examples:
            st.caption(tr("Faces that are settled in Adjudicate appear here as examples."))

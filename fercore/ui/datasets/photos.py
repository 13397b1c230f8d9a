"""The photos of a dataset on its page: found by name, and faces that the detector missed added to them."""

from uuid import uuid4

import streamlit as st

from fercore.curation.review_filter import ReviewFilter
from fercore.language import tr, trn
from fercore.services.datasets.catalogue import DatasetSummary
from fercore.services.review import added_faces, grid
from fercore.ui import photo_cutter
from fercore.ui.shell.session import reviewer, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import face_list

LISTED = 200


def panel(dataset: DatasetSummary) -> None:
    """The choice of a photo, and the way to add a face to it."""
    part = st.text_input(tr("Name contains"), key=f"photo-part-{dataset.id}")
    photos = added_faces.photos(store(), dataset.name, part, LISTED)
    if not photos:
        st.info(tr("No photo of this dataset has such a name, or its faces came without photos."))
        return
    names = {photo.id: f"{photo.name} · {trn('{count} face', '{count} faces', photo.faces)}" for photo in photos}
    chosen = st.selectbox(
        tr("Photo"),
        list(names),
        format_func=lambda number: names.get(number, ""),
        key=f"photo-{dataset.id}",
        help=tr("Photos without a face come first."),
    )
    if len(photos) == LISTED:
        st.caption(trn("The first {count} photo is listed.", "The first {count} photos are listed.", LISTED))
    key = f"photo-cutter-{dataset.id}"
    view = ReviewFilter(dataset.id, reviewer())
    photo_cutter.draw(view, chosen, key)
    added = st.session_state.get(f"{key}-added")
    if added:
        _added_face(view, f"{key}-added", *added)


def _added_face(view: ReviewFilter, key: str, action: str, face: int | None) -> None:
    """The face that was just added: the way to it, and back."""
    row = st.container(border=True, horizontal=True, vertical_alignment="center")
    row.markdown(tr("Face {number} was added.", number=literal(f"#{face}")), width="content")
    row.page_link(
        face_list.REVIEW, label=tr("Review it"), icon=":material/grid_view:", query_params=face_list.query(str(face))
    )
    if row.button(tr("Undo"), key=f"undo-{key}", icon=":material/undo:"):
        grid.commit(store(), view, [{"id": str(uuid4()), "type": "undo", "undoes": action}])
        del st.session_state[key]
        st.rerun()

"""Donating photos to the review queue, by an explicit choice, and taking a donation back by its code."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from fercore.language import counts, tr
from fercore.services.datasets import detectors
from fercore.services.datasets.uploads import Upload
from fercore.services.prediction import donation
from fercore.services.prediction.donation import Donation, TakenBack
from fercore.ui.shell.session import shown_errors, store

GIVEN: Final = "donated"
GONE: Final = "taken-back"


def panel(photos: Sequence[Upload]) -> None:
    """The choice to donate these photos, where there are any, and the field for the code of an earlier donation."""
    with st.expander(tr("Donate photos, or take a donation back"), icon=":material/volunteer_activism:"):
        st.caption(tr("Nothing is kept of your photos unless you donate them here."))
        if photos:
            _give(photos)
        _take_back()


def _give(photos: Sequence[Upload]) -> None:
    agreed = st.checkbox(
        tr(
            "I agree that these photos are kept: people who work with fercore here see their faces and label them, and "
            "models may learn from them, until I take them back."
        ),
        key="donation-agreed",
    )
    if st.button(tr("Donate {photos}", photos=counts.photos(len(photos))), disabled=not agreed, key="donate"):
        with shown_errors():
            st.session_state[GIVEN] = donation.donate(store(), list(map(_bytes, photos)), detectors.chosen(store()))
    given: Donation | None = st.session_state.get(GIVEN)
    if given is not None:
        st.success(
            tr(
                "Thank you: {photos} with {faces} wait to be labelled. File names and other notes in the files were "
                "left out. Write this code down: it takes them back, and nobody can show it again.",
                photos=counts.photos(given.photos),
                faces=counts.faces(given.faces),
            ),
            icon=":material/check_circle:",
        )
        st.code(given.code, language=None)


def _bytes(photo: Upload) -> bytes:
    photo.seek(0)
    return photo.read()


def _take_back() -> None:
    with st.form("take-back", border=False, clear_on_submit=True):
        code = st.text_input(tr("Code of a donation"), max_chars=60, placeholder="ABCD-EFGH-IJKL-MNOP")
        if st.form_submit_button(tr("Take it back")):
            with shown_errors():
                st.session_state[GONE] = donation.take_back(store(), code)
                given: Donation | None = st.session_state.get(GIVEN)
                if given is not None and given.code == code.strip().upper():
                    del st.session_state[GIVEN]
                st.rerun()
    gone: TakenBack | None = st.session_state.pop(GONE, None)
    if gone is not None:
        st.success(_farewell(gone), icon=":material/delete:")


def _farewell(gone: TakenBack) -> str:
    said = tr("Deleted: {photos} with {faces}.", photos=counts.photos(gone.photos), faces=counts.faces(gone.faces))
    if not gone.runs:
        return said
    learned = tr(
        "Models that had learned from them keep what they learned until they are deleted: runs {runs}.",
        runs=", ".join(map(str, gone.runs)),
    )
    return f"{said} {learned}"

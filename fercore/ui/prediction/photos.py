"""Photos on Predict: each at once, then its faces, then what the chosen runs read in them."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import streamlit as st

from fercore.errors import FercoreError
from fercore.language import tr
from fercore.services.datasets import detectors
from fercore.services.datasets.uploads import Upload
from fercore.services.prediction import photos
from fercore.ui.prediction import photo, readers
from fercore.ui.prediction.photo import PhotoOnPage
from fercore.ui.prediction.pictures import inline
from fercore.ui.prediction.readers import Key, Readers
from fercore.ui.shell.session import fragment, store
from fercore.ui.shell.text import literal

SHOWN: Final = (900, 1200)  # pixels, at most
KEPT: Final = "photos-read"
_LOG: Final = logging.getLogger(__name__)


def show(chosen: Readers, uploads: Sequence[Upload], shots: Sequence[Upload] = ()) -> None:
    """Draw every photo, then go on with one that is not read yet and run the page again, until all are.

    Whatever is wrong with one, others follow. `shots` are those of the camera, and come last.
    """
    given = (*uploads, *shots)
    kept = _kept(given)
    if not given:
        return
    if problem := detectors.choice(store().settings).problem:
        st.warning(literal(problem), icon=":material/info:")
    keys = readers.keys(chosen)
    for upload in given:
        if upload.file_id not in kept:
            kept[upload.file_id] = _opened(upload, is_first=not kept)
        _draw(kept[upload.file_id], upload, keys, chosen, upload in shots)
    for upload in given:
        if kept[upload.file_id].waits_for(keys):
            _go_on(kept[upload.file_id], upload, keys)
            st.rerun()


def _kept(given: Sequence[Upload]) -> dict[str, PhotoOnPage]:
    """This session's photos by their ids; what was taken off the page is forgotten."""
    kept: dict[str, PhotoOnPage] = st.session_state.setdefault(KEPT, {})
    for gone in set(kept) - {upload.file_id for upload in given}:
        del kept[gone]
    return kept


def _opened(upload: Upload, is_first: bool) -> PhotoOnPage:
    """A photo's picture, or why there is none."""
    on_page = PhotoOnPage(is_new=is_first)
    with _noted(on_page):
        shown = photos.preview(_bytes(upload), SHOWN)
        on_page.picture, on_page.size = inline(shown.picture), shown.size
    return on_page


def _go_on(on_page: PhotoOnPage, upload: Upload, keys: Sequence[Key]) -> None:
    """Find the faces of a photo, and let each run read them that has not yet; boxes are drawn before a model loads."""
    with _noted(on_page):
        found = on_page.found
        if found is None:
            found = on_page.found = photos.found(upload.name, _bytes(upload), detectors.chosen(store()))
            if not readers.are_ready(keys):
                return
        for key in on_page.missing(keys):
            try:
                on_page.read[key] = readers.read(key, found.pixels)
            except FercoreError as error:
                on_page.failed[key] = str(error)


@contextmanager
def _noted(on_page: PhotoOnPage) -> Iterator[None]:
    """Note the fault of a photo, which is shown in its place."""
    try:
        yield
    except FercoreError as error:
        on_page.problem = str(error)
    except Exception as error:
        _LOG.exception("A photo could not be shown")
        on_page.problem = tr(
            "This photo could not be shown ({why}). The log of the server says more.", why=type(error).__name__
        )


def _draw(on_page: PhotoOnPage, upload: Upload, keys: Sequence[Key], chosen: Readers, is_shot: bool) -> None:
    if on_page.problem:
        st.warning(f"{literal(upload.name)}: {literal(on_page.problem)}", icon=":material/broken_image:")
    else:
        fragment(photo.draw, on_page, upload, keys, chosen, is_shot)


def _bytes(upload: Upload) -> bytes:
    upload.seek(0)
    return upload.read()

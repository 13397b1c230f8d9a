"""Bringing faces in: what both forms do with what was chosen, to look at it or to start its job."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from fercore.errors import InputError
from fercore.faces.contents import is_archive
from fercore.language import tr, trn
from fercore.services import jobs
from fercore.services.datasets import preview as source_preview
from fercore.services.datasets import uploads as upload_service
from fercore.services.datasets.extraction import ExtractRequest
from fercore.services.datasets.imports import ImportRequest
from fercore.services.datasets.preview import Preview
from fercore.ui.datasets.preview import preview
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal

BringingIn = ImportRequest | ExtractRequest


def buttons(label: str, icon: str) -> tuple[bool, bool]:
    """The ends of a form: whether it is to be looked at, whether it is to start."""
    with st.container(horizontal=True):
        start = st.form_submit_button(label, type="primary", icon=icon)
        look = st.form_submit_button(tr("Preview"), icon=":material/visibility:")
    return look, start


def go(request: BringingIn, look: bool) -> None:
    """Start the job, or keep what is to be looked at; uploads that neither needs are cleared."""
    key = _key(type(request))
    st.session_state.pop(key, None)
    if look:
        _let_go(request.path)
        with st.spinner(tr("Looking …")):
            st.session_state[key] = (request, _preview(request))
        return
    jobs.submit(store(), request)
    _let_go(given=request.path)
    upload_service.clear_stale(store())
    st.rerun()


def _let_go(path: Path | None = None, given: Path | None = None) -> None:
    """Clear kept uploads that no preview shows and that are not at `path`; those at `given` are their job's now."""
    shown = [st.session_state[_key(form)][0].path for form in (ImportRequest, ExtractRequest) if _is_shown(form)]
    places: dict[tuple[str, ...], Path] = st.session_state.get("kept-uploads", {})
    for files, folder in list(places.items()):
        if given is not None and given.is_relative_to(folder):
            del places[files]
        elif not any(looked_at.is_relative_to(folder) for looked_at in (path, *shown) if looked_at is not None):
            upload_service.clear(store(), folder)
            del places[files]


def _key(form: type[BringingIn]) -> str:
    return f"look-{jobs.kind_of(form).name}"


def _is_shown(form: type[BringingIn]) -> bool:
    return _key(form) in st.session_state


def _preview(request: BringingIn) -> Preview:
    if isinstance(request, ImportRequest):
        return source_preview.preview_import(store(), request)
    return source_preview.preview_photos(store(), request)


def shown(form: type[BringingIn]) -> None:
    """The preview of a source, with the button that starts its job."""
    if not _is_shown(form):
        return
    request, result = st.session_state[_key(form)]
    kind = jobs.kind_of(form)
    with st.container(border=True), shown_errors():
        preview(result)
        title = literal(kind.title(request))
        if st.button(title, type="primary", icon=":material/play_arrow:", key=f"start-{kind.name}"):
            go(request, look=False)


def place(uploads: Sequence[upload_service.Upload], path: str) -> tuple[Path, str]:
    """The source and the name of the job; raises InputError when there is nothing."""
    if uploads:
        folder = _copied(uploads)
        files = sorted(folder.iterdir())
        tables = (".csv", ".gz", ".parquet")
        alone = len(files) == 1 and (files[0].suffix.lower() in tables or is_archive(files[0]))
        title = uploads[0].name if len(uploads) == 1 else trn("{count} photo", "{count} photos", len(uploads))
        return (files[0] if alone else folder), title
    if not path.strip():
        raise InputError(tr("Choose a file, or give a path on the server."))
    place = Path(path.strip()).expanduser()
    if not place.exists():
        raise InputError(tr("The server has no '{path}'.", path=place))
    return place, place.name


def _copied(uploads: Sequence[upload_service.Upload]) -> Path:
    """The folder with these uploads; looked at again, they are not written again."""
    places: dict[tuple[str, ...], Path] = st.session_state.setdefault("kept-uploads", {})
    files = tuple(upload.file_id for upload in uploads)
    if files not in places or not places[files].is_dir():
        places[files] = upload_service.keep(store(), uploads)
    return places[files]

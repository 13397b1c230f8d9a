"""The files of a run's model to take away: state, size, check against Keras, download, another try."""

from functools import partial
from typing import Final

import streamlit as st

from fercore.language import tr, trn
from fercore.prediction.formats import FORMATS, ModelFormat
from fercore.services.prediction import model_export, model_files
from fercore.services.prediction.model_files import FileState, ModelFile
from fercore.services.training.run_details import RunView
from fercore.statuses import Status
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets.live import live

_MIME: Final = "application/octet-stream"


def panel(view: RunView) -> None:
    """The files of a run that is done; nothing for others."""
    if view.status != Status.DONE or view.run.reported_epoch is None:
        return
    with st.expander(tr("Model files"), icon=":material/deployed_code:"):
        waits = any(file.state == FileState.WAITS for file in model_files.listed(store(), view.run.id))
        live(_files, view.run.id, waits, seconds=1.0 if waits else None)


def _files(run: int, waited: bool) -> None:
    files = model_files.listed(store(), run)
    if waited and not any(file.state == FileState.WAITS for file in files):
        st.rerun()
    st.caption(
        tr(
            "ONNX needs neither Keras nor fercore, and predicts here as soon as it is there; LiteRT is for phones; "
            "Keras is the training's own file."
        )
    )
    for file in files:
        _file(file)


def _file(file: ModelFile) -> None:
    title = FORMATS[file.format].title
    words, button = st.columns([4, 1], vertical_alignment="center")
    words.markdown(f"**{title}** · {_words(file)}")
    if file.error:
        words.warning(literal(file.error), icon=":material/error:")
    with button, shown_errors():
        if file.state == FileState.DONE:
            st.download_button(
                tr("Download {format}", format=title),
                partial(model_export.content, store(), file.run, file.format),  # read at the click
                file.name,
                _MIME,
                key=f"download-{file.run}-{file.format}",
                icon=":material/download:",
                on_click="ignore",
            )
        elif file.state != FileState.WAITS and file.format != ModelFormat.KERAS:
            again = file.state == FileState.FAILED
            label = tr("Try again: {format}", format=title) if again else tr("Make {format}", format=title)
            if st.button(label, key=f"make-{file.run}-{file.format}"):
                model_export.start(store(), file.run, file.format)
                st.rerun()


def _words(file: ModelFile) -> str:
    if file.state != FileState.DONE:
        return tr(file.state)
    parts = [tr("{size} MB", size=f"{file.bytes / 1e6:,.1f}")]
    if file.opset:
        parts.append(tr("opset {opset}", opset=file.opset))
    if parity := file.parity:
        largest = f"{parity.largest:.1g}"
        if parity.generated:
            parts.append(
                trn(
                    "at most {largest} from Keras on {count} generated face",
                    "at most {largest} from Keras on {count} generated faces",
                    parity.faces,
                    largest=largest,
                )
            )
        else:
            parts.append(
                trn(
                    "at most {largest} from Keras on {count} held-out face",
                    "at most {largest} from Keras on {count} held-out faces",
                    parity.faces,
                    largest=largest,
                )
            )
    return " · ".join(parts)

"""Pasting, dropping anywhere and recording: ways in that Streamlit's file uploader lacks, which end in it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal

import streamlit as st

from fercore.faces.clips import MOST_SECONDS
from fercore.language import tr

HERE: Final = Path(__file__).parent
SCRIPTS: Final = ("handing", "pasting", "recording", "input")


def draw(kind: Literal["pasting", "recording"], uploader: str) -> None:
    """Draw the buttons for pasting or for recording; what they get goes to the file uploader with this key."""
    data = {"kind": kind, "uploader": uploader, "seconds": round(MOST_SECONDS), "words": _words()}
    _component()(key=f"ways-in-{kind}", data=data, width="stretch" if kind == "recording" else "content")


def _words() -> dict[str, str]:
    return {
        "paste": tr("Paste a picture"),
        "pasteHint": tr("Or press Ctrl + V anywhere on this page."),
        "pasted": tr("The picture was pasted."),
        "empty": tr("There is no picture in the clipboard."),
        "forbidden": tr("The browser does not let this page read the clipboard. Press Ctrl + V."),
        "unready": tr("The page is not ready yet. Try again in a moment."),
        "record": tr("Record a clip"),
        "recordHint": tr("Without sound, for up to a minute."),
        "stop": tr("Stop recording"),
        "view": tr("The camera's picture"),
        "clock": tr("Recording: {seconds} s of {most} s"),
        "recorded": tr("The clip is recorded: it is ready to be read below."),
        "noCamera": tr("The camera could not be used. Connect one, or allow this page to use it."),
        "cannot": tr("This browser cannot record clips here. Upload a file."),
    }


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "fercore_photo_input",
        html='<div class="fci-root"></div>',
        css=(HERE / "input.css").read_text("utf-8"),
        js="\n".join((HERE / f"{name}.js").read_text("utf-8") for name in SCRIPTS),
        isolate_styles=False,
    )

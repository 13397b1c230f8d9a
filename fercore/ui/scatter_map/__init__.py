"""A map of faces drawn by WebGL in the browser: coloured, looked around in, and chosen from by a line drawn by hand."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import streamlit as st

from fercore.emotions import COLOURS, EMOTIONS
from fercore.language import forms, tr
from fercore.splits import SPLITS

HERE: Final = Path(__file__).parent
PARTS: Final = ("columns", "geometry", "wire", "plot", "over", "faces", "legend", "skeleton", "map")
# Files in `vendor` with the SHA-256 that browsers check them by.
SCRIPTS: Final = {
    "regl": ("regl-2.1.1.min.js", "6d14aa47e560de0d0f0d37ec7b4868274245125a6de4022010e9c0fdcc5a4b62"),
    "pubSub": ("pub-sub-es-3.0.0.js", "e20326a1c08a60c1a299a309594a3cb4b9ccf35bc9ab6c0d267864d76018b4fc"),
    "plot": (
        "regl-scatterplot-1.16.0.min.js",
        "a5b5e25c574f383ae75f0c3d12d896deaf812bef3510a0fe31e2d6d9ce243ede",
    ),
}
TOLD: Final = ("emotion", "dataset", "split")
OF_RUN: Final = ("correct", "doubt")


@dataclass(frozen=True)
class DrawnMap:
    """A map by its key and the token that opens it, the columns to colour by, and the run of two of them."""

    key: str
    token: str
    columns: Sequence[str]
    run: int | None = None


def draw(shown: DrawnMap, page: str, key: str) -> Any:
    """Draw a map; returns Streamlit's result: `selection` (its name with the server, None for none) and `renewed` (the
    token that was refused).
    """
    return _component()(
        key=key,
        data={
            "key": shown.key,
            "token": shown.token,
            "run": shown.run,
            "page": page,
            "columns": [{"name": name, "label": column_words()[name]} for name in shown.columns],
            "ofRun": list(OF_RUN),
            "told": list(TOLD),
            "emotions": list(COLOURS),
            "words": _words(),
            "scripts": {name: {"file": file, "integrity": _integrity(sha)} for name, (file, sha) in SCRIPTS.items()},
        },
        on_selection_change=lambda: None,
        on_renewed_change=lambda: None,
    )


def column_words() -> dict[str, str]:
    """The columns of a map, as people read them."""
    return {
        "emotion": tr("Emotion"),
        "dataset": tr("Dataset"),
        "split": tr("Split"),
        "correct": tr("Right or wrong"),
        "doubt": tr("Doubt in the label"),
        "suspicion": tr("Label suspicion (audit)"),
        "brightness": tr("Brightness"),
        "contrast": tr("Contrast"),
        "sharpness": tr("Sharpness"),
    }


def _words() -> dict[str, Any]:
    return {
        "lasso": tr("Lasso"),
        "move": tr("Move"),
        "nearer": "+",
        "farther": "−",
        "nearerTitle": tr("Zoom in"),
        "fartherTitle": tr("Zoom out"),
        "whole": tr("Whole map"),
        "colourBy": tr("Colour by"),
        "again": tr("Try again"),
        "clear": tr("Clear the selection"),
        "plot": tr(
            "Map of faces: arrow keys move, plus and minus zoom, Escape clears. The legend selects by keyboard."
        ),
        "loading": tr("Loading the map…"),
        "noWebGL": tr(
            "This browser does not draw WebGL, which the map needs. Switch on hardware acceleration, or use another "
            "browser; everything else works without."
        ),
        "unreachable": tr("The server cannot be reached for the map. Nothing is lost."),
        "legend": tr("Legend"),
        "legendHint": tr("Pick entries to see only these; the lasso then chooses among them."),
        "selectThese": tr("Select these ({number})", number="{number}"),
        "chosen": forms("{count} face selected", "{count} faces selected"),
        "entries": {
            **{name: tr(name) for name in EMOTIONS},
            **{str(split): tr(split) for split in SPLITS},
            "right": tr("right"),
            "wrong": tr("wrong"),
        },
        "none": {
            "emotion": tr("no label"),
            "correct": tr("not evaluated"),
            "doubt": tr("not evaluated"),
            "suspicion": tr("not suspected"),
            "other": tr("not measured"),
        },
    }


def _integrity(sha: str) -> str:
    return f"sha256-{base64.b64encode(bytes.fromhex(sha)).decode()}"


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "fercore_scatter_map",
        html='<div class="fcm-root"></div>',
        css=(HERE / "map.css").read_text("utf-8"),
        js="\n".join((HERE / f"{name}.js").read_text("utf-8") for name in PARTS),
        isolate_styles=False,
    )

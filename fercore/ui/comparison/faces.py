"""Faces that explain figures: the mistakes of runs, their agreement, and how training faces were learned."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import streamlit as st

from fercore.language import tr
from fercore.services.comparison.selected_faces import Reason
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.ui.comparison import agreement, filter_words, mistakes, training_faces
from fercore.ui.widgets import bound_choice

AGREEMENT: Final = "agreement"
LOOK: Final = "look"
Panel = Callable[[Sequence[EvaluationView]], None]


def _mistakes(reason: Reason) -> Panel:
    return lambda views: mistakes.panel(views, reason)


PANELS: Final[Mapping[str, Panel]] = {
    Reason.SUREST: _mistakes(Reason.SUREST),
    Reason.ALL_WRONG: _mistakes(Reason.ALL_WRONG),
    Reason.ONE_RIGHT: _mistakes(Reason.ONE_RIGHT),
    AGREEMENT: agreement.panel,
    Reason.DYNAMICS: training_faces.panel,
}


def panel(views: Sequence[EvaluationView]) -> None:
    """The choice of a reason to look at faces, and these."""
    words = {str(name): each for name, each in filter_words.reasons().items()} | {AGREEMENT: tr("Agreement of runs")}
    chosen = bound_choice.segments(st.container(), tr("Faces"), [str(name) for name in PANELS], LOOK, words.__getitem__)
    PANELS[chosen](views)

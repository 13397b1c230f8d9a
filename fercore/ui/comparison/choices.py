"""Choices that several views of the comparison page share, each bound to the address."""

from collections.abc import Sequence

import streamlit as st

from fercore.language import tr
from fercore.services.comparison import claims, common_faces, stored_evaluations
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.splits import SPLITS, Split
from fercore.ui.shell.layout import percent
from fercore.ui.shell.text import literal
from fercore.ui.widgets import bound_choice

# Splits in the order in which they say something of new faces.
_ORDER = (Split.TEST, Split.VALIDATION, Split.TRAIN)


def place(views: Sequence[EvaluationView], least: int = 1) -> list[EvaluationView]:
    """The evaluations of one (dataset, split), chosen among those of `least` runs or more; empty if there is none."""
    by_place: dict[str, list[EvaluationView]] = {}
    for view in sorted(views, key=lambda view: _ORDER.index(Split(view.split))):
        by_place.setdefault(f"{view.dataset}/{view.split}", []).append(view)
    known = {name: there for name, there in by_place.items() if len(there) >= least}
    if not known:
        return []
    chosen = bound_choice.lasting_box(
        st.container(), tr("Tested on"), list(known), "place", lambda name: place_words(known[name][0])
    )
    return known[chosen]


def place_words(view: EvaluationView) -> str:
    """A split as choices name it: training faces are no test."""
    part = tr("train (seen in training)") if view.split == SPLITS[0] else tr(view.split)
    return f"{view.dataset} · {part}"


def comparable(there: Sequence[EvaluationView]) -> list[EvaluationView]:
    """The evaluations that count nearly as many faces as the largest of them; the others are named in a line."""
    kept, left_out = common_faces.comparable(there)
    left_out_words(left_out, max(view.n for view in there))
    return kept


def left_out_words(left_out: Sequence[EvaluationView], most: int) -> None:
    """A line for each evaluation that is left out for its few faces."""
    for view in left_out:
        st.caption(literal(claims.left_out(view, most)))


def runs(there: Sequence[EvaluationView], key: str) -> list[EvaluationView]:
    """The evaluations of the runs that are picked, or of all that are comparable."""
    by_run = {view.run: view for view in there}
    picked = bound_choice.several(
        tr("Runs"), list(by_run), key, lambda run: run_words(by_run[run]), placeholder=tr("All of them")
    )
    return [by_run[run] for run in picked] if picked else comparable(there)


def run_words(view: EvaluationView) -> str:
    """A run with its accuracy on the chosen split."""
    return f"{run_name(view)} · {percent(view.accuracy, view.n)}"


def run_name(view: EvaluationView) -> str:
    """A run by its number, backbone, recipe and data, and the mark of its evaluation."""
    parts = (tr("Run {run}", run=view.run), view.backbone, view.recipe, " + ".join(view.trained_on))
    mark = stored_evaluations.selection_mark(view.selected_by)
    return " · ".join(part for part in (*parts, mark) if part)

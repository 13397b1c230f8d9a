"""The views of the comparison page, each on a part of the same evaluations; the chosen one stands in the address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from fercore.language import tr
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.ui.comparison import (
    calibration,
    cost,
    emotions,
    evaluation,
    faces,
    gap,
    pair,
    ranking,
    report,
    results,
    subgroups,
)
from fercore.ui.widgets import bound_choice

CONFUSION: Final = "confusion"


@dataclass(frozen=True)
class Stored:
    """The latest evaluation of each run on each split, and the numbers of those counted with other labels than now."""

    evaluations: Sequence[EvaluationView]
    stale: frozenset[int]


@dataclass(frozen=True)
class View:
    """A view's title in English, and the function that draws it."""

    title: str
    draw: Callable[[Stored], None]


def _results(stored: Stored) -> None:
    results.panel(stored.evaluations, stored.stale)


def _pair(stored: Stored) -> None:
    pair.panel(stored.evaluations, stored.stale)


def _ranking(stored: Stored) -> None:
    ranking.panel(stored.evaluations, stored.stale)


def _gap(stored: Stored) -> None:
    gap.panel(stored.evaluations)


def _calibration(stored: Stored) -> None:
    calibration.panel(stored.evaluations)


def _faces(stored: Stored) -> None:
    faces.panel(stored.evaluations)


def _cost(stored: Stored) -> None:
    cost.panel(stored.evaluations)


def _emotions(stored: Stored) -> None:
    emotions.panel(stored.evaluations, stored.stale)


def _subgroups(stored: Stored) -> None:
    subgroups.panel(stored.evaluations, stored.stale)


def _confusion(stored: Stored) -> None:
    evaluation.chosen(stored.evaluations, stored.stale)


def _report(stored: Stored) -> None:
    report.panel(stored.evaluations)


VIEWS: Final[Mapping[str, View]] = {
    "results": View("Results", _results),
    "pair": View("Two runs", _pair),
    "ranking": View("Ranking", _ranking),
    CONFUSION: View("Confusion", _confusion),
    "faces": View("Faces", _faces),
    "emotions": View("Emotions", _emotions),
    "subgroups": View("Subgroups", _subgroups),
    "gap": View("East Asian gap", _gap),
    "calibration": View("Calibration", _calibration),
    "cost": View("Cost", _cost),
    "report": View("Report", _report),
}


def choice() -> View:
    """The view that is chosen; a link to an evaluation leads to its confusion matrix."""
    if "evaluation" in st.query_params and "view" not in st.query_params:
        st.query_params["view"] = CONFUSION
    named = bound_choice.segments(
        st.container(),
        tr("View"),
        list(VIEWS),
        "view",
        lambda name: tr(VIEWS[name].title),
        label_visibility="collapsed",
    )
    return VIEWS[named]

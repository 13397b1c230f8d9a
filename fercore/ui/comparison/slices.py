"""Slices: the faces that a run misreads most, found on validation faces and tested on test faces."""

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from fercore.errors import InputError
from fercore.evaluation.measures import Measured
from fercore.evaluation.significance import ALPHA
from fercore.language import tr, trn
from fercore.services.comparison import attribute_words
from fercore.services.comparison import slices as service
from fercore.services.comparison.claims import p_words, points
from fercore.services.comparison.slices import SliceChoice, Slices, TestedSlice
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.splits import Split
from fercore.ui.comparison import choices, evaluation, face_pages, slice_faces
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import bound_choice
from fercore.ui.widgets.tables import NOTHING, download

WITH_LABEL: Final = "with-label"
WITHOUT_LABEL: Final = "without-label"


def panel(views: Sequence[EvaluationView], stale: frozenset[int]) -> None:
    """The choice of a run and its splits, its slices, and the faces of the chosen one."""
    by_run = {view.run: view for view in reversed(_searchable_last(views))}
    run = bound_choice.lasting_box(
        st.container(),
        tr("Run"),
        list(by_run),
        "slices-run",
        lambda number: choices.run_name(by_run[number]),
    )
    try:
        choice = _choice(views, run)
    except InputError as error:
        st.info(literal(str(error)), icon=":material/lightbulb:")
        return
    for view in (choice.found_on, choice.tested_on):
        for caution in evaluation.cautions(view, view.id in stale):
            st.warning(f"{literal(choices.place_words(view))}: {caution}", icon=":material/warning:")
    with shown_errors():
        found = service.search(store(), choice)
        _explained(found)
        if not found.slices:
            st.info(tr("No group of these faces is misread more than the rest."), icon=":material/task_alt:")
            return
        _claims(found)
        _table(found)
        _faces(found)


def _searchable_last(views: Sequence[EvaluationView]) -> list[EvaluationView]:
    """Those of runs with validation and test faces after all others."""
    splits: dict[int, set[str]] = {}
    for view in views:
        splits.setdefault(view.run, set()).add(view.split)
    return sorted(views, key=lambda view: {Split.VALIDATION, Split.TEST} <= splits[view.run])


def _choice(views: Sequence[EvaluationView], run: int) -> SliceChoice:
    """The splits on which slices are found and tested, and the properties that may name them."""
    tested = {view.dataset: view for view in service.tests(views, run)}
    found = {view.dataset: view for view in service.validation(views, run)}
    row = st.container(horizontal=True, vertical_alignment="bottom")
    on = bound_choice.lasting_box(
        row, tr("Tested on"), list(tested), "slices-on", lambda name: _place(tested[name]), width=260
    )
    ordered = sorted(found, key=lambda name: name != on)
    where = bound_choice.lasting_box(
        row, tr("Found on"), ordered, "slices-from", lambda name: _place(found[name]), width=260
    )
    kinds = {WITH_LABEL: tr("with the label"), WITHOUT_LABEL: tr("without the label")}
    kind = bound_choice.box(row, tr("Properties"), list(kinds), "slices-by", kinds.__getitem__, width=180)
    return SliceChoice(found[where], tested[on], kind == WITH_LABEL)


def _place(view: EvaluationView) -> str:
    return f"{choices.place_words(view)} · {view.n:,}"


def _explained(found: Slices) -> None:
    st.caption(
        tr(
            "Searched: all groups with up to three properties and at least {least} validation faces. Each one found is "
            "tested once on the test faces, against all others: the search itself would exaggerate it.",
            least=found.least,
        )
    )


def _claims(found: Slices) -> None:
    """The slices that hold on test faces."""
    shown = [
        tr(
            "{slice}: {points} points below all others, interval {low} to {high}, {p} after Holm.",
            slice=attribute_words.conjunction(each.values),
            points=points(-each.gap.value),
            low=points(-each.gap.high),
            high=points(-each.gap.low),
            p=p_words(each.p_holm),
        )
        for each in found.slices
        if each.gap is not None and each.p_holm is not None and each.p_holm < ALPHA and each.gap.value < 0
    ]
    if shown:
        st.markdown("\n".join(f"- {literal(each)}" for each in shown))
    else:
        st.markdown(
            trn(
                "No evidence that what was found holds on test faces: {count} slice was tested.",
                "No evidence that what was found holds on test faces: {count} slices were tested.",
                found.tests,
            )
        )


def _table(found: Slices) -> None:
    frame = pd.DataFrame([_row(number, each) for number, each in enumerate(found.slices, 1)])
    formats = {name: st.column_config.NumberColumn(name, format="%.3g") for name in ("p", tr("p after Holm"))}
    formats[tr("Against all others, points")] = st.column_config.NumberColumn(format="%.1f")
    st.dataframe(frame, hide_index=True, width="stretch", column_config=formats, placeholder=NOTHING)
    untested = len(found.slices) - found.tests
    if untested:
        st.caption(
            trn(
                "{count} slice has too few test faces to be tested.",
                "{count} slices have too few test faces to be tested.",
                untested,
            )
        )
    download(frame, f"run-{found.choice.tested_on.run}-slices.csv", tr("Slices as CSV"))


def _row(number: int, each: TestedSlice) -> dict[str, object]:
    gap = each.gap
    return {
        "#": number,
        tr("Slice"): attribute_words.conjunction(each.values),
        tr("Validation"): _share(each.found),
        tr("Test"): _share(each.tested),
        tr("Against all others, points"): gap and gap.value * 100,
        tr("95 % interval"): gap and f"{points(gap.low)} … {points(gap.high)}",
        "p": gap and gap.p_value,
        tr("p after Holm"): each.p_holm,
    }


def _share(found: Measured) -> str | None:
    if found.value is None:
        return None
    return f"{found.value:.1%} ({found.low * 100:.1f} – {found.high * 100:.1f}), n {found.n:,}"


def _faces(found: Slices) -> None:
    """The faces of one slice, chosen by its number."""
    names = {
        number: f"{number} · {attribute_words.conjunction(each.values)}" for number, each in enumerate(found.slices, 1)
    }
    st.markdown(f"**{tr('Faces of a slice')}**")
    number = bound_choice.box(
        st.container(), tr("Slice"), list(names), "slice", names.__getitem__, on_change=face_pages.first_page
    )
    slice_faces.panel(found, found.slices[number - 1])

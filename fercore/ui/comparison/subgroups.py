"""Runs by subgroups of faces: a measure by gender, age, picture and dataset, with the largest gaps, and slices."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from fercore.charts import subgroups as charts
from fercore.charts import words
from fercore.charts.subgroups import GroupDot
from fercore.evaluation.measures import LEAST_FACES, MEASURES
from fercore.evaluation.significance import ALPHA
from fercore.evaluation.subgroups import LEAST_CLUSTERS, Fitness
from fercore.language import tr, trn
from fercore.services.comparison import attribute_words
from fercore.services.comparison import subgroups as service
from fercore.services.comparison.claims import p_words, points
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.comparison.subgroups import Subgroups, TestedGap
from fercore.splits import Split
from fercore.ui.chart_files import chart
from fercore.ui.comparison import choices, evaluation, slices, subgroup_tables, table
from fercore.ui.comparison.results import measure_words
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import bound_choice

GROUPS: Final = "groups"
SLICES: Final = "slices"
EVERY: Final = "*"
MOST_BESIDE: Final = 3


def panel(views: Sequence[EvaluationView], stale: frozenset[int]) -> None:
    """The choice between groups that are given and slices that are searched for."""
    if not views:
        return
    kinds = {GROUPS: tr("By attribute"), SLICES: tr("Find weak slices")}
    kind = bound_choice.segments(st.container(), tr("Groups"), list(kinds), "subgroups", kinds.__getitem__)
    if kind == SLICES:
        slices.panel(views, stale)
        return
    with shown_errors():
        given, measure = _choice(views)
        for view in (view for there in given for view in there):
            for caution in evaluation.cautions(view, view.id in stale):
                place = f"{tr('Run {run}', run=view.run)}, {view.dataset}"
                st.warning(f"{literal(place)}: {caution}", icon=":material/warning:")
        found = service.of_runs(store(), given, measure)
        _explained(found)
        if not found.attributes:
            st.info(
                tr("These faces have no attributes to group them by, such as gender or age."),
                icon=":material/lightbulb:",
            )
            return
        _claims(found)
        _chart(found)
        subgroup_tables.draw(found)


def _choice(views: Sequence[EvaluationView]) -> tuple[list[list[EvaluationView]], str]:
    """The evaluations by place, and the measure."""
    splits = [split for split in (Split.TEST, Split.VALIDATION, Split.TRAIN) if any(v.split == split for v in views)]
    left, right = st.columns(2, vertical_alignment="bottom")
    split = bound_choice.segments(left, tr("Split"), splits, "subgroup-split", table.split_names)
    measure = bound_choice.box(right, tr("Measure"), MEASURES, "subgroup-measure", measure_words)
    by_run = {view.run: view for view in reversed(views) if view.split == split}
    run = bound_choice.lasting_box(
        left, tr("Run"), list(by_run), "subgroup-run", lambda number: choices.run_name(by_run[number])
    )
    with right:
        beside = bound_choice.several(
            tr("Beside"),
            [number for number in by_run if number != run],
            "subgroup-beside",
            lambda number: choices.run_name(by_run[number]),
            placeholder=tr("no other run"),
            max_selections=MOST_BESIDE,
        )
    runs = [run, *beside]
    known = [there[0].dataset for there in service.places(views, runs, split)]
    options = [EVERY, *known] if len(known) > 1 else known
    dataset = bound_choice.lasting_box(
        st.container(),
        tr("Dataset"),
        options,
        "subgroup-dataset",
        lambda name: tr("all {count} datasets", count=len(known)) if name == EVERY else name,
    )
    return service.places(views, runs, split, known if dataset == EVERY else [dataset]), measure


def _explained(found: Subgroups) -> None:
    parts = [trn("{count} face", "{count} faces", found.n) + "."]
    if found.clusters is not None:
        parts.append(
            trn(
                "Faces of one person and copies are alike: intervals are over {count} group of them.",
                "Faces of one person and copies are alike: intervals are over {count} groups of them.",
                found.clusters,
            )
        )
    parts.append(
        tr(
            "Groups of fewer than {faces} faces or {people} people are shown, but not tested.",
            faces=LEAST_FACES,
            people=LEAST_CLUSTERS,
        )
    )
    st.caption(" ".join(parts))


def _claims(found: Subgroups) -> None:
    """The gaps that are shown, in a sentence each."""
    shown = [
        _claim(found, view, attribute_words.attribute(each.attribute), gap)
        for each in found.attributes
        for view, gap in zip(found.runs, each.gaps, strict=True)
        if gap is not None and gap.p_holm < ALPHA
    ]
    if shown:
        st.markdown("\n".join(f"- {literal(each)}" for each in shown))
    elif found.tests:
        st.markdown(
            trn(
                "No evidence of a gap between groups: {count} was tested, with Holm's adjustment.",
                "No evidence of a gap between groups: {count} were tested, with Holm's adjustment.",
                found.tests,
            )
        )


def _claim(found: Subgroups, view: EvaluationView, attribute: str, gap: TestedGap) -> str:
    text = tr(
        "{attribute}: {high} is {points} points above {low}, interval {least} to {most}, {p} after Holm.",
        attribute=attribute,
        high=attribute_words.value(gap.high),
        low=attribute_words.value(gap.low),
        points=points(gap.gap.value),
        least=points(gap.gap.low),
        most=points(gap.gap.high),
        p=p_words(gap.p_holm),
    )
    return text if len(found.runs) == 1 else f"{tr('Run {run}', run=view.run)} · {text}"


def _chart(found: Subgroups) -> None:
    names, dots = [], []
    for each in found.attributes:
        for row in each.rows:
            names.append(attribute_words.conjunction([row.value]))
            dots.append(
                [
                    GroupDot(of.value, of.low, of.high, of.n, row.fitness != Fitness.FIT)
                    if of.value is not None
                    else None
                    for of in row.by_run
                ]
            )
    runs = [tr("Run {run}", run=view.run) for view in found.runs]
    title = measure_words(found.measure)
    overall = [of.value or 0.0 for of in found.overall]
    told = [
        (f"{name} ({run})" if len(runs) > 1 else name, dot.value)
        for name, each in zip(names, dots, strict=True)
        for run, dot in zip(runs, each, strict=True)
        if dot is not None and not dot.faint
    ]
    figure = charts.by_group(names, runs, dots, overall, title)
    heading = tr("{measure} by group", measure=title)
    st.markdown(f"**{heading}**")
    chart(
        figure,
        "by-subgroup",
        heading,
        words.of_values(told, lambda share: f"{share:.1%}"),
        subgroup_tables.groups_frame(found),
    )
    st.caption(tr("Dotted: all faces. Hollow: too few faces to be tested."))

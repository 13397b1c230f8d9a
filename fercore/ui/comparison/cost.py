"""Accuracy of runs against their cost, the Pareto front, and what was not measured yet."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from fercore.charts.costs import CostPoint, against_cost
from fercore.charts.theme import WHISKERS
from fercore.evaluation.measures import LEAST_FACES
from fercore.evaluation.paper import TABLE_III
from fercore.language import tr, trn
from fercore.services import jobs
from fercore.services.comparison import cost as service
from fercore.services.comparison.cost import Cost, Costs, RunCost
from fercore.services.comparison.cost_measurement import CostJob
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.training.models.backbones import BACKBONES, STUDY
from fercore.ui.chart_files import chart
from fercore.ui.comparison import choices
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import bound_choice
from fercore.ui.widgets.tables import NOTHING, download

TOLD: Final = 5
WIDTH: Final = 120  # where a column says that nothing was measured


def panel(views: Sequence[EvaluationView]) -> None:
    """The choice of a split and of a cost, the chart, the table and the paper's figures."""
    there = choices.place(views)
    names = cost_words()
    row = st.container()
    cost = Cost(bound_choice.segments(row, tr("Cost"), [str(each) for each in Cost], "cost", lambda n: names[Cost(n)]))
    found = service.of_runs(store(), there)
    machine = _machine(row, cost, found)
    if machine != found.machine:
        found = service.of_runs(store(), there, machine)
    _chart(found, cost)
    _unmeasured(found)
    _table(found)
    with st.expander(tr("The paper's backbones beside it"), icon=":material/menu_book:"):
        _paper()


def cost_words() -> dict[Cost, str]:
    """The costs by their names."""
    return {
        Cost.PARAMETERS: tr("Parameters"),
        Cost.FLOPS: tr("FLOPs"),
        Cost.LATENCY: tr("Latency"),
        Cost.SECONDS: tr("Training time"),
        Cost.MEMORY: tr("Training memory"),
    }


def _machine(row: "st.delta_generator.DeltaGenerator", cost: Cost, found: Costs) -> str | None:
    """The machine whose latencies are shown, where there are several."""
    if cost != Cost.LATENCY or len(found.machines) < 2:
        return found.machine
    return bound_choice.box(row, tr("Measured on"), list(found.machines), "machine", width=260)


def _chart(found: Costs, cost: Cost) -> None:
    front = found.front(cost)
    points = [
        CostPoint(
            f"{_name(run)}: {_amount(cost, value)}",
            run.backbone,
            value,
            run.accuracy,
            run.low or 0.0,
            run.high or 1.0,
            run.run in front,
        )
        for run, value in zip(found.runs, found.of(cost), strict=True)
        if value and run.accuracy is not None
    ]
    if not points:
        st.info(_missing(cost), icon=":material/lightbulb:")
        return
    if len(points) < len(found.runs):
        left = len(found.runs) - len(points)
        st.caption(trn("{count} run is not shown: not measured.", "{count} runs are not shown: not measured.", left))
    title = tr("Accuracy against cost: {cost}", cost=_axis(cost))
    figure = against_cost(points, _axis(cost), tr("Accuracy"), tr("Pareto front"))
    rows = pd.DataFrame(service.file_rows(found))
    chart(figure, f"cost-{cost}", title, _in_words(found, cost, front), rows)
    st.caption(_meaning(cost, found))
    if len(points) > WHISKERS:
        st.caption(tr("Intervals stand in the table."))


def _axis(cost: Cost) -> str:
    return {
        Cost.PARAMETERS: tr("parameters"),
        Cost.FLOPS: tr("FLOPs for one face"),
        Cost.LATENCY: tr("ms for one face"),
        Cost.SECONDS: tr("seconds of training"),
        Cost.MEMORY: tr("MiB, peak of the training"),
    }[cost]


def _amount(cost: Cost, value: float) -> str:
    """A cost with its unit."""
    if cost == Cost.PARAMETERS:
        return f"{value / 1e6:.2f} M"
    if cost == Cost.FLOPS:
        return f"{value / 1e9:.3f} GFLOPs"
    if cost == Cost.LATENCY:
        return f"{value:.2f} ms"
    return f"{value:,.0f} {'s' if cost == Cost.SECONDS else 'MiB'}"


def _name(run: RunCost) -> str:
    return " · ".join([tr("Run {run}", run=run.run), run.backbone, *[tr("few faces")] * run.is_few])


def _in_words(found: Costs, cost: Cost, front: set[int]) -> str:
    """The runs on the front, the cheapest first: the chart's text alternative."""
    best = sorted(
        ((value, run) for run, value in zip(found.runs, found.of(cost), strict=True) if value and run.run in front),
        key=lambda each: each[0],
    )
    parts = [f"{_name(run)} ({_amount(cost, value)}, {run.accuracy:.1%})" for value, run in best[:TOLD]]
    if len(best) > TOLD:
        parts.append(tr("{count} more", count=len(best) - TOLD))
    return f"{tr('On the Pareto front')}: {'; '.join(parts)}."


def _meaning(cost: Cost, found: Costs) -> str:
    front = tr(
        "On the front, no other run is as accurate for less. Its runs are chosen by these faces, and their intervals "
        "may overlap: test two of them before you prefer one."
    )
    if cost == Cost.FLOPS:
        own = tr("Two for each multiply–accumulate of convolutions and dense layers; all else is left out.")
    elif cost == Cost.LATENCY:
        own = tr("Median for one face, as Predict reads it, on {machine}.", machine=literal(found.machine or ""))
    elif cost in (Cost.SECONDS, Cost.MEMORY):
        own = tr("As measured on the machine that trained the run: compare runs of one machine.")
    else:
        own = tr("All parameters of the model, its head included.")
    return f"{own} {front}"


def _missing(cost: Cost) -> str:
    if cost in (Cost.FLOPS, Cost.LATENCY):
        return tr("Not measured yet: measure the runs below.")
    return tr("Not measured: it is stored when a run is trained here.")


def _unmeasured(found: Costs) -> None:
    """The button that measures what can be measured here, as a job."""
    runs = found.unmeasured()
    if not runs:
        return
    row = st.container(border=True, horizontal=True, vertical_alignment="center")
    row.markdown(
        trn(
            "FLOPs or latency of {count} run were not measured on this machine.",
            "FLOPs or latency of {count} runs were not measured on this machine.",
            len(runs),
        )
    )
    if row.button(trn("Measure {count} run", "Measure {count} runs", len(runs)), icon=":material/timer:"):
        with shown_errors():
            jobs.submit(store(), CostJob(runs=runs))
            st.rerun()


def _table(found: Costs) -> None:
    fronts = {cost: found.front(cost) for cost in Cost}
    names = cost_words()
    runs = sorted(found.runs, key=lambda run: (run.is_few, -(run.accuracy or 0)))
    frame = pd.DataFrame([_row(run, [names[cost] for cost in Cost if run.run in fronts[cost]]) for run in runs])
    formats: dict[str, Any] = {tr("Accuracy"): st.column_config.NumberColumn(format="percent")}
    for name in (tr("Parameters"), tr("Training time, s"), tr("Training memory, MiB")):
        formats[name] = st.column_config.NumberColumn(name, format="localized", width=WIDTH)
    for name in (tr("GFLOPs"), tr("Latency, ms"), tr("Each of many, ms")):
        formats[name] = st.column_config.NumberColumn(name, format="%.3f", width=WIDTH)
    st.dataframe(frame, hide_index=True, width="stretch", column_config=formats, placeholder=tr("not measured"))
    if any(run.is_few for run in runs):
        st.caption(tr("Few faces: fewer than {least}. Such runs stand last and on no front.", least=LEAST_FACES))
    st.caption(
        tr(
            "FLOPs are stored when a training ends; of older runs, and latency, when they are measured here or with "
            "`fercore cost RUN --measure`. Of a model from elsewhere only its predictions are known."
        )
    )
    download(pd.DataFrame(service.file_rows(found)), "cost.csv", tr("Costs as CSV"))


def _row(run: RunCost, fronts: Sequence[str]) -> Mapping[str, object]:
    return {
        tr("Run"): run.run,
        tr("Training"): " · ".join(part for part in (run.backbone, " + ".join(run.trained_on)) if part),
        tr("Accuracy"): run.accuracy,
        tr("95 % interval"): _interval(run),
        tr("On the front by"): ", ".join(fronts),
        tr("Parameters"): run.parameters,
        tr("GFLOPs"): run.flops and run.flops / 1e9,
        tr("Latency, ms"): run.latency,
        tr("Each of many, ms"): run.latency_of_many,
        tr("Training time, s"): run.seconds,
        tr("Training memory, MiB"): run.memory,
    }


def _interval(run: RunCost) -> str:
    if run.low is None or run.high is None:
        return ""
    return " · ".join([f"{run.low:.1%} – {run.high:.1%}", *[tr("few faces")] * run.is_few])


def _paper() -> None:
    """The paper's Table I, and what its authors' notebooks recorded."""
    steps = {
        name: [run.ms_per_step for run in TABLE_III if run.backbone == name and run.batch_size == 64] for name in STUDY
    }
    known = {name: BACKBONES[name] for name in STUDY}
    frame = pd.DataFrame(
        [
            {
                tr("Backbone"): name,
                tr("ImageNet top-1 (Table I)"): None if backbone.imagenet is None else backbone.imagenet.top1,
                tr("Parameters"): backbone.params_total,
                tr("Trainable parameters"): backbone.params_trainable,
                tr("ms for a step of 64 faces"): f"{min(steps[name])} – {max(steps[name])}",
            }
            for name, backbone in known.items()
        ]
    )
    top = tr("ImageNet top-1 (Table I)")
    formats: dict[str, Any] = {top: st.column_config.NumberColumn(top, format="percent")}
    for name in (tr("Parameters"), tr("Trainable parameters")):
        formats[name] = st.column_config.NumberColumn(name, format="localized")
    st.dataframe(frame, hide_index=True, width="stretch", column_config=formats, placeholder=NOTHING)
    st.caption(
        tr(
            "Parameters and steps are those that the authors' notebooks recorded, on a GTX 1060 with 3 GB. Table II is "
            "left out: its figures are not at hand here."
        )
    )
    download(frame, "paper-backbones.csv", tr("Table as CSV"))

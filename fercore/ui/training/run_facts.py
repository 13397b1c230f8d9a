"""Facts of runs: a table of all, and of one its reported epoch, evaluations and record."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from fercore.language import tr
from fercore.language.durations import duration
from fercore.services.comparison import stored_evaluations
from fercore.services.training import preflight
from fercore.services.training.run_details import RunView
from fercore.statuses import Status
from fercore.training.recipes.recipe import present_names
from fercore.ui.shell.layout import percent
from fercore.ui.shell.session import store
from fercore.ui.shell.text import literal


def reported(view: RunView) -> None:
    """Which epoch's model counts, and where the run was evaluated."""
    run, epoch = view.run, view.reported
    if run.status != Status.DONE or epoch is None:
        return
    words = [tr("Reported: epoch {epoch} of {count}", epoch=epoch.number, count=len(view.epochs))]
    if epoch.val_accuracy is not None:
        words.append(_held_out(run.recipe, epoch.val_accuracy))
    words.append(tr("training accuracy {accuracy}", accuracy=f"{epoch.accuracy:.1%}"))
    st.caption(" · ".join(words))
    for caution in preflight.leaks(store(), view.snapshot.name):
        st.warning(literal(caution.text), icon=":material/warning:")
    evaluated = stored_evaluations.listed(store(), run.id)
    row = st.container(horizontal=True, vertical_alignment="center")
    for each in evaluated:
        row.page_link(
            "pages/models/compare.py",
            label=f"{literal(each.dataset)} {tr(each.split)} · {percent(each.accuracy, each.n)}",
            icon=":material/fact_check:",
            query_params={"evaluation": str(each.id)},
        )
    if not evaluated:
        row.page_link("pages/models/compare.py", label=tr("Evaluate this run"), icon=":material/fact_check:")


def exception(kept: Mapping[str, Any] | None) -> None:
    """The reason of an exception from a team's rules that was recorded, and the rules that it excepts."""
    if kept is None:
        return
    st.warning(literal(tr("Exception: {reason}", reason=kept["reason"])))
    for sentence in kept["exceeded"]:
        st.caption(literal(sentence))


def _held_out(recipe: Mapping[str, Any], accuracy: float) -> str:
    """The accuracy by which epochs were chosen, and on which faces: seldom those of a dataset's validation split."""
    if present_names(recipe).get("validate_on") == "training slice":
        return tr("{accuracy} on training faces that were held out", accuracy=f"{accuracy:.1%}")
    return tr("validation accuracy {accuracy}", accuracy=f"{accuracy:.1%}")


def record(view: RunView) -> dict[str, Any]:
    """The record from which a run can be made again."""
    run = view.run
    return {
        "recipe": run.recipe,
        "class weights": run.class_weights,
        "seed": run.seed,
        "epochs": run.epochs,
        "snapshot": {"name": view.snapshot.name, "hash": view.snapshot.hash},
        "start": run.weights,
        "record": run.record,
    }


def table(views: Sequence[RunView]) -> pd.DataFrame:
    """All runs, a row each."""
    return pd.DataFrame(_table_row(view) for view in views)


def _table_row(view: RunView) -> dict[str, object]:
    run, epoch = view.run, view.reported
    seconds = view.seconds
    return {
        tr("Run"): run.id,
        tr("Status"): tr(view.status),
        tr("Backbone"): run.backbone,
        tr("Recipe"): run.recipe["name"],
        tr("Held-out accuracy"): None if epoch is None else epoch.val_accuracy,
        tr("Training accuracy"): None if epoch is None else epoch.accuracy,
        tr("Epochs"): f"{len(view.epochs)}/{run.epochs}",
        tr("Duration"): None if seconds is None else duration(seconds),
        tr("Snapshot"): view.snapshot.name,
        tr("Trained on"): " + ".join(view.snapshot.datasets),
        tr("Seed"): run.seed,
        tr("Start from"): run.weights,
        tr("Cloned from"): view.cloned_from,
        tr("Tags"): ", ".join(run.tags),
        tr("Note"): run.note,
        tr("Begun"): run.created_at,
    }

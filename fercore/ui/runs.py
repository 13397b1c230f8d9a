"""A run as people watch it: status, time left, curves, log."""

from datetime import timedelta

import streamlit as st

from fercore.charts.curves import Line, over_epochs
from fercore.language import tr
from fercore.services import training
from fercore.services.training import RunView
from fercore.ui.jobs import STATUS_ICONS
from fercore.ui.session import fragment, shown_errors, store


def latest_active() -> int | None:
    """The newest run that waits or runs."""
    return next((view.run.id for view in training.listed(store()) if view.is_active), None)


def live(run_id: int) -> None:
    """The run, polled while it runs."""
    active = training.view(store(), run_id).is_active
    fragment(_live, run_id, active, run_every=1.0 if active else None)


def _live(run_id: int, was_active: bool) -> None:
    with shown_errors():
        found = training.view(store(), run_id)
        if was_active and not found.is_active:
            st.rerun()
        _head(found)
        _curves(found)
        _log(found)


def _head(found: RunView) -> None:
    run = found.run
    text, button = st.columns([6, 1], vertical_alignment="center")
    text.markdown(
        f"{STATUS_ICONS[found.status]} **{tr('Run {run}', run=run.id)}** · {run.backbone} · {run.recipe['name']} · "
        f"{found.snapshot.name} · {tr(found.status)}"
    )
    if found.is_active and found.job and found.job.status == "running":
        share = min(found.job.done / found.job.total, 1.0) if found.job.total else 0.0
        left = found.seconds_left
        rest = f" · {tr('about {time} left', time=timedelta(seconds=round(left)))}" if left else ""
        text.progress(share, f"{found.job.message}{rest}")
    if found.error:
        text.warning(found.error)
    if found.is_active:
        if button.button(tr("Cancel"), key=f"cancel-run-{run.id}"):
            training.cancel(store(), run.id)
    elif found.status != "done" and button.button(tr("Resume"), key=f"resume-run-{run.id}"):
        training.resume(store(), run.id)
        st.rerun()


def _curves(found: RunView) -> None:
    epochs = found.epochs
    if not epochs:
        st.caption(tr("The first epoch has not ended yet.") if found.is_active else tr("No epoch was trained."))
        return
    left, right = st.columns(2)
    accuracy = [
        Line(tr("training"), [epoch.accuracy for epoch in epochs]),
        Line(tr("watched"), [epoch.watch_accuracy for epoch in epochs], "dash"),
    ]
    loss = [
        Line(tr("training"), [epoch.loss for epoch in epochs]),
        Line(tr("watched"), [epoch.watch_loss for epoch in epochs], "dash"),
    ]
    number = found.run.id
    left.plotly_chart(over_epochs(accuracy, tr("Accuracy"), share=True), key=f"accuracy-{number}")
    right.plotly_chart(over_epochs(loss, tr("Loss")), key=f"loss-{number}")


def _log(found: RunView) -> None:
    if found.job is None:
        return
    path = store().logs / f"job-{found.job.id}.log"
    lines = path.read_text("utf-8", "replace").splitlines()[-30:] if path.exists() else []
    with st.expander(tr("Log"), icon=":material/terminal:"):
        st.code("\n".join(lines) or tr("empty"), language=None)

"""A run as people watch it: status, time left, curves, log."""

from collections.abc import Sequence

import streamlit as st

from fercore.charts.curves import Line, over_epochs, recalls
from fercore.charts.theme import DASHES
from fercore.emotions import EMOTIONS
from fercore.errors import NotFoundError
from fercore.language import tr
from fercore.language.durations import duration
from fercore.language.sentences import words
from fercore.services.system import queue
from fercore.services.training import batch_parts, continuation, run_details, run_notes, runs
from fercore.services.training.run_details import RunView
from fercore.services.training.summaries import EpochSummary
from fercore.statuses import STOPPED, Status
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.training import run_facts
from fercore.ui.widgets import face_wall
from fercore.ui.widgets.job_panel import STATUS_ICONS
from fercore.ui.widgets.live import live as live_part


def latest_active() -> int | None:
    """The newest run that waits or runs."""
    return next((view.run.id for view in run_details.listed(store()) if view.is_active), None)


def watched() -> int | None:
    """The run that was started in this tab, while it is there, or else the newest that waits or runs."""
    if "watched" in st.session_state:
        try:
            return run_details.view(store(), st.session_state["watched"]).run.id
        except NotFoundError:  # deleted since
            del st.session_state["watched"]
    return latest_active()


def live(run_id: int) -> None:
    """The run, polled while it runs."""
    active = run_details.view(store(), run_id).is_active
    live_part(_live, run_id, active, seconds=1.0 if active else None)


def _live(run_id: int, was_active: bool) -> None:
    with shown_errors():
        view = run_details.view(store(), run_id)
        if was_active and not view.is_active:
            st.rerun()
        _head(view)
        run_facts.exception(view.exception)
        run_facts.reported(view)
        _curves(view)
        _wrong(view)
        _log(view)


def _head(view: RunView) -> None:
    run = view.run
    text, button = st.columns([4, 1], vertical_alignment="center")
    text.markdown(
        f"{STATUS_ICONS[view.status]} **{tr('Run {run}', run=run.id)}** · {run.backbone} · "
        f"{literal(run.recipe['name'])} · {literal(view.snapshot.name)} · {tr(view.status)}"
    )
    for link in view.earlier:
        text.caption(
            tr(
                "Continues run {run}, which was trained on {snapshot}; its epochs come first.",
                run=link["run"],
                snapshot=literal(link["snapshot"]),
            )
        )
    if view.is_active and view.job and view.job.status == Status.RUNNING:
        share = min(view.job.done / view.job.total, 1.0) if view.job.total else 0.0
        left = view.seconds_left
        rest = f" · {tr('about {time} left', time=duration(left))}" if left else ""
        text.progress(share, literal(f"{words(view.job.message)}{rest}"))
    if view.error:
        text.warning(literal(view.error))
    with button.container(horizontal=True, horizontal_alignment="right"), shown_errors():
        _buttons(view)


def _buttons(view: RunView) -> None:
    number = view.run.id
    if view.is_unfinished:
        if st.button(tr("Pause"), key=f"pause-run-{number}", help=tr("Go on later where it was.")):
            runs.pause(store(), number)
            st.rerun()
        if st.button(tr("Cancel"), key=f"cancel-run-{number}"):
            runs.cancel(store(), number)
            st.rerun()
    elif view.status in STOPPED:
        label = tr("Retry with half the batch") if batch_parts.will_halve(store(), view) else tr("Resume")
        if st.button(label, key=f"resume-run-{number}"):
            runs.resume(store(), number)
            st.rerun()


def _curves(view: RunView) -> None:
    epochs = view.epochs
    if not epochs:
        st.caption(tr("The first epoch has not ended yet.") if view.is_active else tr("No epoch was trained."))
        return
    number = view.run.id
    before = continuation.epochs_before(store(), view)
    reported = view.run.reported_epoch
    marked = None if reported is None else len(before) + reported
    left, right = st.columns(2)
    accuracy = [
        Line(tr("training"), [epoch.accuracy for epoch in (*before, *epochs)]),
        Line(tr("validation"), [epoch.val_accuracy for epoch in (*before, *epochs)], "dash"),
    ]
    loss = [
        Line(tr("training"), [epoch.loss for epoch in (*before, *epochs)]),
        Line(tr("validation"), [epoch.val_loss for epoch in (*before, *epochs)], "dash"),
    ]
    left.plotly_chart(over_epochs(accuracy, tr("Accuracy"), share=True, marked=marked), key=f"accuracy-{number}")
    right.plotly_chart(over_epochs(loss, tr("Loss"), marked=marked), key=f"loss-{number}")
    rate = [Line(tr("Learning rate"), [epoch.learning_rate for epoch in epochs])]
    if any(epoch.recalls for epoch in epochs):
        names = [tr(name) for name in EMOTIONS]
        by_epoch = [epoch.recalls for epoch in epochs]
        left.plotly_chart(recalls(by_epoch, names, tr("Recall on the validation faces")), key=f"recalls-{number}")
        right.plotly_chart(over_epochs(rate, tr("Learning rate")), key=f"rate-{number}")
    if cost := _cost(epochs):
        st.caption(cost)
    _use(number, epochs)


def disk_use(view: RunView) -> str:
    """Disk space of a run, and the rule by which files are kept."""
    rule = (
        tr("the reported model; the checkpoint was deleted when the run finished")
        if view.status == Status.DONE
        else tr("the reported model and the last epoch's checkpoint, until the run is done")
    )
    return tr("{size} MB on disk: {rule}.", size=f"{run_details.kept_mb(store(), view.run.id):,.0f}", rule=rule)


def _use(number: int, epochs: Sequence[EpochSummary]) -> None:
    """The device's use in each epoch, and the memory that was held."""
    share = [Line(tr("Device in use"), [epoch.device_use for epoch in epochs])]
    memory = [Line(tr("Memory in MB"), [epoch.memory_mb for epoch in epochs])]
    if not any(epoch.device_use is not None or epoch.memory_mb is not None for epoch in epochs):
        return
    with st.expander(tr("Machine use"), icon=":material/memory:"):
        left, right = st.columns(2)
        left.plotly_chart(over_epochs(share, tr("Device in use"), share=True), key=f"use-{number}")
        right.plotly_chart(over_epochs(memory, tr("Memory in MB")), key=f"memory-{number}")


def _cost(epochs: Sequence[EpochSummary]) -> str:
    """Costs of an epoch: time, memory, and the first step apart, in which the network is compiled."""
    parts = [tr("{seconds} s an epoch", seconds=f"{epochs[-1].seconds:.1f}")]
    if epochs[0].compile_seconds is not None:
        parts.append(tr("first step {seconds} s", seconds=f"{epochs[0].compile_seconds:.1f}"))
    if epochs[-1].memory_mb is not None:
        parts.append(tr("{memory} MB of memory", memory=f"{epochs[-1].memory_mb:,.0f}"))
    return " · ".join(parts)


def together(run_ids: Sequence[int]) -> None:
    """Several runs in one chart each for accuracy, loss and learning rate, polled while one of them runs."""
    places = {"validation": "val_", "training": ""}
    of = st.segmented_control(
        tr("Accuracy and loss"), list(places), default="validation", format_func=tr, required=True, key="together-of"
    )
    active = any(view.is_active for view in run_details.listed(store()) if view.run.id in run_ids)
    live_part(_together, run_ids, places[of], active, seconds=2.0 if active else None)


def _together(run_ids: Sequence[int], of: str, was_active: bool) -> None:
    views = run_details.with_epochs(store(), run_ids)
    if was_active and not any(view.is_active for view in views):
        st.rerun()
    titles = {view.run.id: f"{view.run.id} · {view.run.backbone} · {view.snapshot.name}" for view in views}
    charts = (
        (tr("Accuracy"), f"{of}accuracy", True),
        (tr("Loss"), f"{of}loss", False),
        (tr("Learning rate"), "learning_rate", False),
    )
    for column, (title, value, share) in zip(st.columns(3), charts, strict=True):
        lines = [
            Line(titles[view.run.id], [getattr(epoch, value) for epoch in view.epochs], DASHES[place % len(DASHES)])
            for place, view in enumerate(views)
        ]
        column.plotly_chart(over_epochs(lines, title, share), key=f"together-{value}")


def notes(view: RunView) -> None:
    """Notes and tags of a run."""
    run = view.run
    with st.form(f"notes-{run.id}", border=False):
        text = st.text_area(tr("Note"), run.note, key=f"note-{run.id}", height=80)
        tags = st.multiselect(tr("Tags"), run.tags, run.tags, key=f"tags-{run.id}", accept_new_options=True)
        if st.form_submit_button(tr("Save")):
            with shown_errors():
                run_notes.annotate(store(), run.id, text, tags)
                st.rerun()


def _wrong(view: RunView) -> None:
    """Watched faces that the model reads wrongly, the surest mistakes first."""
    wrong = run_details.wrong(store(), view)
    if wrong is None or not wrong.faces:
        return
    with st.expander(tr("Misclassified faces, epoch {epoch}", epoch=wrong.epoch), icon=":material/error_outline:"):
        known = {mistake.face: mistake for mistake in wrong.faces if mistake.face is not None}
        captions = {
            face: f"{tr(EMOTIONS[mistake.label])} → {tr(EMOTIONS[mistake.predicted])} {mistake.probability:.0%}"
            for face, mistake in known.items()
        }
        st.caption(tr("True label, prediction and confidence."))
        face_wall.wall(list(known), captions, wide=True)


def _log(view: RunView) -> None:
    if view.job is None:
        return
    lines = queue.log(store(), view.job.id).splitlines()[-30:]
    with st.expander(tr("Log"), icon=":material/terminal:"):
        st.code("\n".join(lines) or tr("empty"), language=None)

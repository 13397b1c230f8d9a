"""Long work as people see it: bars that move, buttons to cancel and to continue."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

import streamlit as st

from fercore.errors import InputError
from fercore.lanes import EngineName, Lane
from fercore.language import tr, trn
from fercore.services.datasets.import_problems import CHANGED, KINDS, NO_FACE, named, total
from fercore.services.system import queue
from fercore.services.system.queue import JobView, QueueMove
from fercore.statuses import Status
from fercore.ui.datasets import import_problems
from fercore.ui.shell.session import speak, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets.live import live

STATUS_ICONS: Final[dict[str, str]] = {
    Status.QUEUED: ":material/hourglass_empty:",
    Status.HELD: ":material/pause_circle:",
    Status.RUNNING: ":material/progress_activity:",
    Status.DONE: ":material/check_circle:",
    Status.FAILED: ":material/error:",
    Status.CANCELLED: ":material/cancel:",
    Status.LOST: ":material/heart_broken:",
    Status.PAUSED: ":material/pause_circle:",
}

SHOWN: Final = 10  # A sweep queues many; each row has buttons that are drawn again every second.


def finished(kinds: Sequence[str] = (), count: int = 10) -> None:
    """The latest ended jobs, folded away: they are everybody's."""
    jobs = queue.ended(store(), kinds, count)
    if not jobs:
        return
    failed = sum(job.status in (Status.FAILED, Status.LOST) for job in jobs)
    words = [tr("Finished jobs")] + ([tr("{count} failed", count=failed)] if failed else [])
    with st.expander(" · ".join(words), icon=":material/inventory_2:"):
        for job in jobs:
            _ended(job)


def panel(kinds: Sequence[str] = (), ended: int = 3) -> None:
    """Active jobs, then the latest ended ones; it polls only while something runs."""
    active = any(job.status != Status.HELD for job in queue.unfinished(store(), kinds))
    live(_panel, kinds, ended, active, seconds=1.0 if active else None)


def _panel(kinds: Sequence[str], ended: int, was_active: bool) -> None:
    active = queue.unfinished(store(), kinds)
    finished = queue.ended(store(), kinds, ended)
    if was_active != any(job.status != Status.HELD for job in active):
        st.rerun()
    for job in active:
        if not job.is_waiting:
            (_running if job.is_active else _ended)(job)  # one that is lost is written down at the next tick
    _line([job for job in active if job.is_waiting])
    for job in finished:
        _ended(job)


def _line(waiting: Sequence[JobView]) -> None:
    """Waiting jobs, in their order."""
    if any(job.lane == Lane.DEVICE for job in waiting) and (why := queue.obstacle(store())):
        st.warning(literal(why), icon=":material/cloud_off:")
    for job in waiting[:SHOWN]:
        _waiting(job)
    if len(waiting) > SHOWN:
        st.caption(trn("{count} more waits behind them.", "{count} more wait behind them.", len(waiting) - SHOWN))


def _running(job: JobView) -> None:
    row = st.container(horizontal=True, vertical_alignment="center")
    share = min(job.done / job.total, 1.0) if job.total else 0.0
    row.progress(share, " · ".join(literal(part) for part in (job.title, _place(job), job.message) if part))
    label = tr("Stopping…") if job.cancel_requested else tr("Cancel")
    stopping = job.cancel_requested
    row.button(label, key=f"cancel-{job.id}", disabled=stopping, on_click=_do, args=(queue.cancel, job.id))


def _place(job: JobView) -> str:
    """The place where a job runs, if that is worth a word."""
    if job.engine != EngineName.LOCAL:
        return tr("on the cluster")
    return "" if job.is_on_cpu else tr("GPU {devices}", devices=job.devices)


def _waiting(job: JobView) -> None:
    """A job with its place in the queue: earlier, later, held, or dropped."""
    held = job.status == Status.HELD
    row = st.container(horizontal=True, vertical_alignment="center", gap="small")
    state = tr("held") if held else job.waits_for or tr("waiting")
    row.markdown(f"{STATUS_ICONS[job.status]} {literal(job.title)} · {literal(state)}", width="stretch")
    for where, label, icon in (
        (QueueMove.FIRST, tr("First"), ":material/vertical_align_top:"),
        (QueueMove.UP, tr("Earlier"), ":material/arrow_upward:"),
        (QueueMove.DOWN, tr("Later"), ":material/arrow_downward:"),
    ):
        order = (queue.move, job.id, where)
        row.button(label, key=f"{where}-{job.id}", icon=icon, type="tertiary", on_click=_do, args=order)
    label, turn = (tr("Release"), queue.release) if held else (tr("Hold"), queue.hold)
    icon = ":material/play_arrow:" if held else ":material/pause:"
    row.button(label, key=f"hold-{job.id}", icon=icon, type="tertiary", on_click=_do, args=(turn, job.id))
    row.button(tr("Cancel"), key=f"cancel-{job.id}", on_click=_do, args=(queue.cancel, job.id))


def _do(action: Callable[..., object], *arguments: Any) -> None:
    """Do what a button asks for; a job that has started or ended meanwhile shows as such when the panel is drawn."""
    speak()
    with suppress(InputError):
        action(store(), *arguments)


def _ended(job: JobView) -> None:
    from fercore.services import jobs  # loaded for the job that is shown

    row = st.container(horizontal=True, vertical_alignment="center", gap="small")
    row.markdown(f"{STATUS_ICONS[job.status]} {literal(job.title)} · {tr(job.status)}", width="stretch")
    if jobs.is_repeatable(job.kind, job.status):
        row.button(tr("Continue"), key=f"again-{job.id}", on_click=_again, args=(job,))
    put_away = (queue.dismiss, job.id)
    help_text = tr("Dismiss")
    row.button(
        "", key=f"away-{job.id}", icon=":material/close:", help=help_text, type="tertiary", on_click=_do, args=put_away
    )
    if refusal := st.session_state.get(f"refused-{job.id}"):
        st.warning(literal(refusal), icon=":material/error:")
    if job.error:
        st.warning(literal(job.error))
    elif job.result:
        if summary := jobs.summary(job.kind, job.result):
            st.caption(literal(summary))
        _problems(job)


def _again(job: JobView) -> None:
    """Do what an ended job did not; the new one stands in its place."""
    from fercore.services import jobs

    speak()
    try:
        jobs.repeat(store(), job.kind, job.arguments)
    except InputError as error:
        st.session_state[f"refused-{job.id}"] = str(error)
    else:
        _do(queue.dismiss, job.id)


def _problems(job: JobView) -> None:
    """Photos and rows that could not be used, name by name."""
    result = job.result
    bad = [*result.get("skipped", []), *result.get("unreadable", []), *result.get("notices", [])]
    bad += named(result.get("without_face", []), NO_FACE)
    unused = sum(total(result, kind) for kind in KINDS if kind != "changed")
    import_problems.unused(bad, unused)
    import_problems.changed(named(result.get("changed", []), CHANGED), total(result, "changed"))
    import_problems.download(result.get("problems", ""), f"job-{job.id}")

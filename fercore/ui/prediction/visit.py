"""A visitor's job on Predict: offered, followed, and its result taken into the browser session."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import streamlit as st

from fercore.errors import FercoreError, InputError
from fercore.language import tr
from fercore.services.datasets.uploads import Upload
from fercore.services.prediction import visits
from fercore.services.prediction.visits import VisitJob
from fercore.services.system import queue
from fercore.services.system.installation import Store
from fercore.statuses import Status
from fercore.ui.shell.session import shown_errors, speak, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets.live import live

_LOOK_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Visit:
    """A job that reads files, by their ids, with a run; then its `result`, or the `problem` that ended it."""

    files: tuple[str, ...]
    run: int
    calibrated: bool
    token: str = ""
    job: int = 0
    result: Any = None
    problem: str = ""

    def reads_as(self, other: "Visit") -> bool:
        """True if both read the same files in the same way."""
        return (self.files, self.run, self.calibrated) == (other.files, other.run, other.calibrated)

    @property
    def is_over(self) -> bool:
        """True once there is a result or a problem."""
        return self.result is not None or bool(self.problem)


@dataclass(frozen=True)
class VisitKind:
    """A kind of visit: its key in the session, the request of its job, the taker of its result, and the name under
    which its files are stored, if not their own.
    """

    key: str
    job: type[VisitJob]
    take: Callable[[Store, str], Any]
    name: str = ""

    @property
    def visit(self) -> Visit | None:
        """This session's visit."""
        visit: Visit | None = st.session_state.get(self.key)
        return visit


def offer(kind: VisitKind, uploads: Sequence[Upload], wanted: Visit, words: str, label: str) -> None:
    """Offer to read files that this session has not read with this run."""
    visit = kind.visit
    if visit is not None and visit.reads_as(wanted) and not visit.problem:
        return
    with st.container(border=True):
        st.markdown(words)
        st.caption(
            tr(
                "Only this server opens the folder they are read in, and deletes them as soon as they are read. The "
                "result stays in this tab, and is gone when you close it."
            )
        )
        is_busy = visit is not None and not visit.is_over
        if st.button(label, type="primary", key=f"start-{kind.key}", disabled=is_busy, icon=":material/play_arrow:"):
            with shown_errors():
                _start(kind, uploads, wanted)


def _start(kind: VisitKind, uploads: Sequence[Upload], wanted: Visit) -> None:
    from fercore.services import jobs  # all kinds of jobs with what they need

    with st.spinner(tr("Storing the files…")):
        token = visits.begin(store(), uploads, kind.name)
    request = kind.job(token=token, run=wanted.run, calibrated=wanted.calibrated, files=len(uploads))
    try:
        job = jobs.submit(store(), request)
    except FercoreError:
        visits.forget(store(), token)
        raise
    st.session_state[kind.key] = Visit(wanted.files, wanted.run, wanted.calibrated, token, job)
    st.rerun()


def follow(kind: VisitKind, progress: Callable[[], None]) -> Visit | None:
    """Draw the progress of this session's visit until it is over; returns it with its result, if there is one.

    `progress` calls `draw_progress`: a timer knows the part that it draws by its function, so each kind has its own.
    """
    visit = kind.visit
    if visit is None:
        return None
    if not visit.is_over:
        live(progress, seconds=_LOOK_SECONDS)
    elif visit.problem:
        st.warning(literal(visit.problem), icon=":material/error:")
    return visit if visit.result is not None else None


def draw_progress(kind: VisitKind) -> None:
    """Draw the progress of a visit's job, or take its result."""
    visit = kind.visit
    if visit is None or visit.is_over:
        return
    job = queue.get(store(), visit.job)
    if not job.is_active:
        st.session_state[kind.key] = _over(kind, visit, job.status, job.error)
        st.rerun()
    row = st.container(horizontal=True, vertical_alignment="center")
    words = [job.waits_for or tr("waiting") if job.is_waiting else job.message or tr("starting…")]
    if job.total:
        words.append(f"{job.done:,} / {job.total:,}")
    elif job.done:
        words.append(f"{job.done:,} s")
    share = min(job.done / job.total, 1.0) if job.total else 0.0
    row.progress(share, " · ".join(literal(word) for word in words if word))
    label = tr("Stopping…") if job.cancel_requested else tr("Cancel")
    row.button(label, key=f"cancel-{kind.key}", disabled=job.cancel_requested, on_click=_cancel, args=(visit.job,))


def _over(kind: VisitKind, visit: Visit, status: str, error: str | None) -> Visit:
    """The visit with its result, or why there is none."""
    if status == Status.DONE:
        try:
            return replace(visit, result=kind.take(store(), visit.token))
        except FercoreError as failure:
            return replace(visit, problem=str(failure))
    visits.forget(store(), visit.token)
    if status == Status.LOST:
        error = tr("The reading ended before its time. Read the files again.")
    return replace(visit, problem=error or tr("The reading was cancelled."))


def _cancel(job: int) -> None:
    speak()
    try:
        queue.cancel(store(), job)
    except InputError:
        return  # it has ended meanwhile


def discard(kind: VisitKind) -> None:
    """A button that forgets the result."""
    st.button(
        tr("Discard the result"),
        key=f"discard-{kind.key}",
        icon=":material/close:",
        on_click=_discard,
        args=(kind.key,),
    )


def _discard(key: str) -> None:
    st.session_state.pop(key, None)

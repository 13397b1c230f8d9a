"""Submit, start, cancel: whoever submits a job, and every job that ends, starts what may run next."""

import os
import subprocess
import sys
import time
from typing import Any, Final

from fercore.progress import Progress, silent
from fercore.settings import ROOT
from fercore.store import Store, lanes
from fercore.store import jobs as table
from fercore.store.tables import Job

# One job of a lane at a time: trainings share the device, readers share the disk.
LANES: Final = {
    "train": "device",
    "evaluate": "device",
    "demo": "device",
    "import": "disk",
    "extract": "disk",
    "export": "disk",
}

LOOK_SECONDS: Final = 0.3

# Processes that this one started: kept until they end, so that the system can forget them.
_started: Final[list["subprocess.Popen[bytes]"]] = []


def submit(store: Store, kind: str, title: str, arguments: dict[str, Any], held: bool = False) -> int:
    """Queue a job behind all others and start it when its lane is free, or once released; returns its number."""
    with store.database.writing() as session:
        job = Job(
            kind=kind,
            title=title,
            lane=LANES[kind],
            arguments=arguments,
            submitted_by=store.settings.user,
        )
        number = table.submit(session, job, held).id
    start_next(store)
    return number


def start_next(store: Store) -> None:
    """Start the first queued job of every free lane, each in a process of its own."""
    for job_id in lanes.claim_next(store.database):
        try:
            _spawn(store, job_id)
        except OSError as error:
            table.end(store.database, job_id, "failed", error=f"Its process could not start: {error}")


def cancel(store: Store, job_id: int) -> str:
    """Ask a job to stop; returns the status it has now."""
    return table.request_cancel(store.database, job_id)


def watch(store: Store) -> None:
    """Notice dead jobs and fill free lanes; called wherever jobs are looked at."""
    table.bury(store.database)
    with store.database.reading() as session:
        waiting = {job.lane for job in table.active(session) if job.status == "queued"}
        busy = {job.lane for job in table.active(session) if job.status == "running"}
    if waiting - busy:
        start_next(store)


def wait(store: Store, job_id: int, progress: Progress = silent) -> Job:
    """Look on until a job has ended."""
    while True:
        watch(store)
        with store.database.reading() as session:
            job = table.get(session, job_id)
        if job.status not in table.ACTIVE:
            return job
        progress(job.done, job.total, job.message)
        time.sleep(LOOK_SECONDS)


def _spawn(store: Store, job_id: int) -> None:
    """A session of its own lets the process outlive whoever started it."""
    _started[:] = [process for process in _started if process.poll() is None]
    log = store.logs / f"job-{job_id}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "fercore", "job", str(job_id)],
            cwd=ROOT,
            env={**os.environ, **store.settings.environment()},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _started.append(process)

"""The engine `local`: every job in a process of its own on this machine."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

from fercore.errors import FercoreError
from fercore.jobs import devices
from fercore.jobs.engine import LOG_CHARACTERS, ProcessState
from fercore.lanes import Lane
from fercore.language.sentences import sentence
from fercore.settings import ROOT
from fercore.store import Store
from fercore.store.jobs.queue import is_alive
from fercore.store.jobs.scheduler import Capacity
from fercore.store.tables import Job

# Processes that this one started: kept until they end, so that the system can forget them.
_started: Final[list["subprocess.Popen[bytes]"]] = []


class Local:
    """Processes of this machine; each sees the GPUs that it was given."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def capacity(self) -> Capacity:
        """One job per GPU, and as many on the CPU as the settings say."""
        settings = self._store.settings
        return Capacity(gpus=devices.slots(settings), cpus=devices.cpus(settings))

    def submit(self, job: Job) -> None:
        """Start the process; a session of its own lets it outlive whoever started it."""
        _started[:] = [process for process in _started if process.poll() is None]
        settings = self._store.settings
        seen = devices.visible(settings, job.devices, job.gpus) if job.lane == Lane.DEVICE else {}
        try:
            with self._log(job).open("ab") as output:
                process = subprocess.Popen(
                    [sys.executable, "-m", "fercore", "job", str(job.id)],
                    cwd=ROOT,
                    env={**os.environ, **settings.environment(), **seen},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        except OSError as error:
            raise FercoreError(sentence("Its process could not start: {error}", error=error)) from error
        _started.append(process)

    def state(self, job: Job) -> ProcessState:
        """A job without a number of its process has just been started."""
        if job.pid is None:
            return ProcessState.WAITING
        return ProcessState.RUNNING if is_alive(job.pid) else ProcessState.GONE

    def log(self, job: Job) -> str:
        """The end of the job's log file."""
        path = self._log(job)
        return path.read_text("utf-8", "replace")[-LOG_CHARACTERS:] if path.exists() else ""

    def stop(self, job: Job) -> None:
        """Ask the system to end the process, where it is one of this machine."""
        if job.pid and job.host == socket.gethostname() and is_alive(job.pid):
            os.kill(job.pid, signal.SIGTERM)

    def _log(self, job: Job) -> Path:
        return self._store.logs / f"job-{job.id}.log"

"""The engine `ray`: the same process on a machine of a Ray cluster, through the REST interface of Ray Jobs.

Every machine of the cluster sees the project, the data folder and the models folder under the same paths.
"""

import shlex
import time
from typing import Any, Final
from urllib.parse import quote, urlsplit

import requests

from fercore.errors import FercoreError, InputError
from fercore.jobs.devices import HIDDEN
from fercore.jobs.engine import LOG_CHARACTERS, EngineAwayError, ProcessState
from fercore.lanes import EngineName
from fercore.language.sentences import sentence
from fercore.settings import ROOT
from fercore.store import Store
from fercore.store.jobs.scheduler import Capacity
from fercore.store.tables import Job

TIMEOUT_SECONDS: Final = 5.0
REMEMBERED_SECONDS: Final = 10.0  # Pages look every second; machines come and go more rarely.
HERE: Final = ("localhost", "127.0.0.1", "::1")

_STATES: Final[dict[str, ProcessState]] = {"PENDING": ProcessState.WAITING, "RUNNING": ProcessState.RUNNING}
# What each address last said about its machines, and when: GPUs of each, or why it did not answer.
_remembered: Final[dict[str, tuple[float, list[int] | str]]] = {}


class Ray:
    """A Ray cluster, reached at the address of its dashboard."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._address = store.settings.ray_address.rstrip("/")

    def capacity(self) -> Capacity:
        """One job per GPU of the cluster, and one per machine on the CPU."""
        machines = self._machines()
        return Capacity(
            engine=EngineName.RAY,
            gpus=tuple(f"r{number}" for number in range(sum(machines))),
            cpus=tuple(f"m{number}" for number in range(len(machines))),
            most=max(machines, default=0),
        )

    def submit(self, job: Job) -> None:
        """Hand a job to the cluster under its handle; one that it knows already is left as it is."""
        if self._store.database.is_sqlite and urlsplit(self._address).hostname not in HERE:
            raise InputError(
                sentence(
                    "A cluster of several machines needs PostgreSQL: SQLite's file cannot be written "
                    "from elsewhere. Set FERCORE_DATABASE_URL to postgresql+psycopg://…"
                )
            )
        gpus = len((job.devices or "").split(",")) if (job.devices or "").startswith("r") else 0
        settings = self._store.settings
        hidden = {} if gpus else {"CUDA_VISIBLE_DEVICES": HIDDEN}
        request = {
            "entrypoint": f"cd {shlex.quote(str(ROOT))} && exec python -m fercore job {job.id} --handle {job.handle}",
            "submission_id": job.handle,
            "entrypoint_num_gpus": gpus,
            # Without any request, Ray puts every job on its head, whatever that machine is for.
            "entrypoint_num_cpus": 1,
            "runtime_env": {"env_vars": {**settings.environment(), **hidden}},
            "metadata": {"fercore": job.title},
        }
        answer = self._ask("POST", "/api/jobs/", request)
        if answer.status_code >= 400 and "already exists" not in answer.text:
            raise FercoreError(
                sentence("Ray at {address} refused the job: {reason}", address=self._address, reason=_reason(answer))
            )

    def state(self, job: Job) -> ProcessState:
        """As Ray says; a job that ended without closing itself, or that Ray does not know, is gone."""
        answer = self._ask("GET", self._path(job))
        if answer.status_code == 404:
            return ProcessState.GONE
        return _STATES.get(self._read(answer).get("status", ""), ProcessState.GONE)

    def log(self, job: Job) -> str:
        """The end of what the job printed, from whichever machine it ran on."""
        answer = self._ask("GET", f"{self._path(job)}/logs")
        return str(self._read(answer).get("logs", ""))[-LOG_CHARACTERS:] if answer.ok else ""

    def stop(self, job: Job) -> None:
        """Let Ray end the process, or forget it where it has not started."""
        self._ask("POST", f"{self._path(job)}/stop")

    def _machines(self) -> list[int]:
        """The number of GPUs of each living machine."""
        when, known = _remembered.get(self._address, (-REMEMBERED_SECONDS, ""))
        if time.monotonic() - when > REMEMBERED_SECONDS:
            try:
                listing = self._read(self._ask("GET", "/api/v0/nodes?detail=0&limit=1000"))
                nodes = listing["data"]["result"]["result"]
                known = [int(node["resources_total"].get("GPU", 0)) for node in nodes if node["state"] == "ALIVE"]
            except EngineAwayError as error:
                known = str(error)
            _remembered[self._address] = (time.monotonic(), known)
        if isinstance(known, str):
            raise EngineAwayError(known)
        return known

    def _path(self, job: Job) -> str:
        return f"/api/jobs/{quote(str(job.handle), safe='')}"

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> requests.Response:
        try:
            answer = requests.request(method, self._address + path, json=body, timeout=TIMEOUT_SECONDS)
        except requests.RequestException as error:
            raise EngineAwayError(
                sentence(
                    "Ray at {address} does not answer ({name}): jobs wait until it does. Check "
                    "FERCORE_RAY_ADDRESS and whether `ray start --head` runs there.",
                    address=self._address,
                    name=type(error).__name__,
                )
            ) from error
        if answer.status_code in (502, 503, 504):
            raise EngineAwayError(
                sentence(
                    "Ray at {address} does not answer: {reason}. Jobs wait until it does.",
                    address=self._address,
                    reason=_reason(answer),
                )
            )
        return answer

    def _read(self, answer: requests.Response) -> dict[str, Any]:
        try:
            read = answer.json()
        except ValueError:
            read = None
        if not isinstance(read, dict):
            raise EngineAwayError(
                sentence(
                    "{address} is not the address of a Ray dashboard: it answered {reason}. Set "
                    "FERCORE_RAY_ADDRESS to something like http://127.0.0.1:8265.",
                    address=self._address,
                    reason=_reason(answer),
                )
            )
        return read


def _reason(answer: requests.Response) -> str:
    lines = [line.strip() for line in answer.text.strip().splitlines() if line.strip()]
    return f"{answer.status_code} {lines[-1][:200] if lines else ''}".strip()

"""Trackers that hear how a training goes: TensorBoard, MLflow, and a webhook at its end.

None of them may harm the training: whoever fails is named in the log once and hears no more.
"""

import logging
import re
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from fercore.errors import FercoreError
from fercore.language.sentences import sentence
from fercore.services.training.run_details import EPOCH_FIELDS, RunView
from fercore.statuses import Status
from fercore.store import Store

_LOG: Final = logging.getLogger(__name__)

EXPERIMENT: Final = "fercore"
WAIT: Final = 10  # seconds for an answer
TRIES_AGAIN: Final = 2  # of MLflow's client, which else tries for minutes while the training waits
MLFLOW_FILE: Final = "mlflow.txt"
_PASSWORD: Final = re.compile(r"(?<=://)[^/\s@]+@")


class Tracker(Protocol):
    """Somebody who hears of every epoch and of the end."""

    def epoch(self, number: int, values: dict[str, float]) -> None:
        """An epoch has ended."""

    def end(self, status: str) -> None:
        """The training has ended as done, failed or cancelled, or is paused."""


class TensorBoard:
    """Event files in the run's folder: `tensorboard --logdir models`."""

    def __init__(self, folder: Path) -> None:
        from tensorboard.summary import DirectoryOutput, Writer

        self._writer = Writer(DirectoryOutput(str(folder / "tensorboard")))

    def epoch(self, number: int, values: dict[str, float]) -> None:
        """One scalar for each value."""
        for name, value in values.items():
            self._writer.add_scalar(f"epoch/{name}", value, number)
        self._writer.flush()

    def end(self, status: str) -> None:
        """Close the files."""
        self._writer.close()


class MLflow:
    """A run of MLflow's experiment `fercore`; a resumed training goes on with the one it began."""

    def __init__(self, address: str, view: RunView, folder: Path) -> None:
        from mlflow import MlflowClient

        _bound_mlflow()
        self._client = MlflowClient(address)
        known = folder / MLFLOW_FILE
        if known.is_file():
            self._id = known.read_text("utf-8").strip()
            self._client.update_run(self._id, status="RUNNING")
            return
        experiment = self._client.get_experiment_by_name(EXPERIMENT)
        number = experiment.experiment_id if experiment else self._client.create_experiment(EXPERIMENT)
        run = view.run
        self._id = self._client.create_run(number, run_name=f"run {run.id}").info.run_id
        about = {"backbone": run.backbone, "snapshot": view.snapshot.name, "hash": view.snapshot.hash}
        for name, value in {**about, "weights": run.weights, "seed": run.seed, **_flat(run.recipe)}.items():
            self._client.log_param(self._id, name, value)
        known.write_text(self._id, "utf-8")

    def epoch(self, number: int, values: dict[str, float]) -> None:
        """One metric for each value."""
        for name, value in values.items():
            self._client.log_metric(self._id, name, value, step=number)

    def end(self, status: str) -> None:
        """Close the run in MLflow's words; one that is paused stays open until it goes on."""
        if status == Status.PAUSED:
            self._client.update_run(self._id, status="SCHEDULED")
            return
        words: dict[str, str] = {Status.DONE: "FINISHED", Status.CANCELLED: "KILLED"}
        self._client.set_terminated(self._id, status=words.get(status, "FAILED"))


class Webhook:
    """A POST of JSON when the training has ended; chat programs show its `text`."""

    def __init__(self, address: str, view: RunView) -> None:
        self._address, self._view = address, view
        self._last: dict[str, float] = {}

    def epoch(self, number: int, values: dict[str, float]) -> None:
        """Remember the latest figures."""
        self._last = {"number": number, **values}

    def end(self, status: str) -> None:
        """Tell it."""
        import requests

        run = self._view.run
        text = f"fercore: run {run.id}, {run.backbone} on '{self._view.snapshot.name}', is {status}."
        body = {"text": text, "run": run.id, "status": status, "backbone": run.backbone, "epoch": self._last}
        try:
            requests.post(self._address, json=body, timeout=WAIT).raise_for_status()
        except Exception as error:  # Its text has the whole address, which is a secret of whoever set it.
            raise FercoreError(sentence("{kind} at {host}", kind=_kind(error), host=_host(self._address))) from None


class Trackers:
    """All listeners of one training, under the names of who makes them."""

    def __init__(self, makers: Sequence[Callable[[], Tracker]]) -> None:
        self._listeners: dict[str, Tracker] = {}
        for make in makers:
            self._safely(make.__name__, partial(self._add, make))

    def _add(self, make: Callable[[], Tracker], name: str) -> None:
        self._listeners[name] = make()

    def epoch(self, epoch: Any) -> None:
        """Tell everybody the figures of an epoch; what was not measured is left out."""
        values = {name: getattr(epoch, name, None) for name in EPOCH_FIELDS if name != "number"}
        plain = {name: float(value) for name, value in values.items() if isinstance(value, (int, float))}
        for name in list(self._listeners):
            self._safely(name, lambda name: self._listeners[name].epoch(epoch.number, plain))

    def end(self, status: str) -> None:
        """Tell everybody that it is over."""
        for name in list(self._listeners):
            self._safely(name, lambda name: self._listeners[name].end(status))

    def _safely(self, name: str, tell: Callable[[str], object]) -> None:
        try:
            tell(name)
        except Exception as error:  # whatever a foreign library or network throws
            _LOG.warning(f"{name} hears no more: {_PASSWORD.sub('', str(error))}")
            self._listeners.pop(name, None)


def audience(store: Store, view: RunView) -> Trackers:
    """The trackers of a training: those installed (TensorBoard) and those set (MLflow, webhook)."""
    folder = store.run_folder(view.run.id)
    makers: list[Callable[[], Tracker]] = []
    if find_spec("tensorboard"):
        makers.append(_named("TensorBoard", lambda: TensorBoard(folder)))
    if store.settings.mlflow and find_spec("mlflow"):
        makers.append(_named("MLflow", lambda: _mlflow(store, view, folder)))
    elif store.settings.mlflow:
        _LOG.warning(
            "MLFLOW_TRACKING_URI is set, but MLflow is not installed, so it hears nothing of this training: "
            "pip install -r requirements-watching.txt"
        )
    if store.settings.webhook:
        makers.append(_named("The webhook", lambda: Webhook(store.settings.webhook, view)))
    return Trackers(makers)


def _mlflow(store: Store, view: RunView, folder: Path) -> MLflow:
    """On a machine that shares no disk with the one before, the name of MLflow's run comes from the depot."""
    store.artifacts.fetch(view.run.id, MLFLOW_FILE)
    return MLflow(store.settings.mlflow, view, folder)


def _bound_mlflow() -> None:
    """Let a server that does not answer hold the training for half a minute, unless somebody has set it otherwise."""
    from mlflow import environment_variables as known

    bounds = ((known.MLFLOW_HTTP_REQUEST_MAX_RETRIES, TRIES_AGAIN), (known.MLFLOW_HTTP_REQUEST_TIMEOUT, WAIT))
    for variable, value in bounds:
        if not variable.is_set():
            variable.set(value)


def _kind(error: Exception) -> str:
    """The type of an error, and the status where a server answered: 'ConnectTimeout', 'HTTPError 500'."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    return type(error).__name__ if status is None else f"{type(error).__name__} {status}"


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or "an address without a host: check FERCORE_WEBHOOK"
    except ValueError:
        return "an address that is none: check FERCORE_WEBHOOK"


def _named(name: str, make: Callable[[], Tracker]) -> Callable[[], Tracker]:
    make.__name__ = name
    return make


def _flat(recipe: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in recipe.items():
        flat.update(_flat(value, f"{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value})
    return flat

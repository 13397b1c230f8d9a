"""Who else hears how a training goes: TensorBoard, MLflow, and a web hook at its end.

None of them may harm the training: whoever fails is named in the log once and hears no more.
"""

import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

from fercore.services.viewing import EPOCH_FIELDS, RunView
from fercore.store import Store

EXPERIMENT: Final = "fercore"
WAIT: Final = 10.0  # seconds for an answer of a web hook
MLFLOW_FILE: Final = "mlflow.txt"


class Listener(Protocol):
    """Somebody who hears of every epoch and of the end."""

    def epoch(self, number: int, values: dict[str, float]) -> None:
        """An epoch has ended."""

    def end(self, status: str) -> None:
        """The training has ended as done, failed or cancelled."""


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

    def __init__(self, address: str, found: RunView, folder: Path) -> None:
        from mlflow import MlflowClient

        self._client = MlflowClient(address)
        known = folder / MLFLOW_FILE
        if known.is_file():
            self._id = known.read_text("utf-8").strip()
            self._client.update_run(self._id, status="RUNNING")
            return
        experiment = self._client.get_experiment_by_name(EXPERIMENT)
        number = experiment.experiment_id if experiment else self._client.create_experiment(EXPERIMENT)
        run = found.run
        self._id = self._client.create_run(number, run_name=f"run {run.id}").info.run_id
        about = {"backbone": run.backbone, "snapshot": found.snapshot.name, "hash": found.snapshot.hash}
        for name, value in {**about, "weights": run.weights, "seed": run.seed, **_flat(run.recipe)}.items():
            self._client.log_param(self._id, name, value)
        known.write_text(self._id, "utf-8")

    def epoch(self, number: int, values: dict[str, float]) -> None:
        """One metric for each value."""
        for name, value in values.items():
            self._client.log_metric(self._id, name, value, step=number)

    def end(self, status: str) -> None:
        """Close the run in MLflow's words."""
        words = {"done": "FINISHED", "cancelled": "KILLED"}
        self._client.set_terminated(self._id, status=words.get(status, "FAILED"))


class WebHook:
    """A POST of JSON when the training has ended; chat programs show its `text`."""

    def __init__(self, address: str, found: RunView) -> None:
        self._address, self._found = address, found
        self._last: dict[str, float] = {}

    def epoch(self, number: int, values: dict[str, float]) -> None:
        """Remember the latest figures."""
        self._last = {"number": number, **values}

    def end(self, status: str) -> None:
        """Tell it."""
        import requests

        run = self._found.run
        text = f"fercore: run {run.id}, {run.backbone} on '{self._found.snapshot.name}', is {status}."
        body = {"text": text, "run": run.id, "status": status, "backbone": run.backbone, "epoch": self._last}
        requests.post(self._address, json=body, timeout=WAIT).raise_for_status()


class Audience:
    """All listeners of one training."""

    def __init__(self, makers: Sequence[Callable[[], Listener]]) -> None:
        self._listeners: list[Listener] = []
        for make in makers:
            self._safely(lambda made: self._listeners.append(made()), make)

    def epoch(self, epoch: Any) -> None:
        """Tell everybody the figures of an epoch; what was not measured is left out."""
        values = {name: getattr(epoch, name, None) for name in EPOCH_FIELDS if name != "number"}
        plain = {name: float(value) for name, value in values.items() if isinstance(value, (int, float))}
        for listener in list(self._listeners):
            self._safely(lambda one: one.epoch(epoch.number, plain), listener)

    def end(self, status: str) -> None:
        """Tell everybody that it is over."""
        for listener in list(self._listeners):
            self._safely(lambda one: one.end(status), listener)

    def _safely(self, tell: Callable[[Any], object], whom: Any) -> None:
        try:
            tell(whom)
        except Exception as error:  # whatever a foreign library or network throws
            print(f"{getattr(whom, '__name__', type(whom).__name__)} hears no more: {error}", file=sys.stderr)
            if whom in self._listeners:
                self._listeners.remove(whom)


def audience(store: Store, found: RunView) -> Audience:
    """Who is to hear of a training: what is installed (TensorBoard) and what is set (MLflow, web hook)."""
    folder = store.run_folder(found.run.id)
    makers: list[Callable[[], Listener]] = []
    if find_spec("tensorboard"):
        makers.append(_named("TensorBoard", lambda: TensorBoard(folder)))
    if store.settings.mlflow and find_spec("mlflow"):
        makers.append(_named("MLflow", lambda: MLflow(store.settings.mlflow, found, folder)))
    if store.settings.webhook:
        makers.append(_named("The web hook", lambda: WebHook(store.settings.webhook, found)))
    return Audience(makers)


def _named(name: str, make: Callable[[], Listener]) -> Callable[[], Listener]:
    make.__name__ = name
    return make


def _flat(recipe: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in recipe.items():
        flat.update(_flat(value, f"{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value})
    return flat

"""Who hears of a training: a webhook, TensorBoard and MLflow where they are installed; none of them can harm it."""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import SimpleNamespace

import pytest

from fercore.services.training import run_details, runs, snapshots, tracking
from fercore.services.training.runs import TrainRequest
from fercore.services.training.tracking import Trackers
from fercore.store import Store
from fercore.store.tables import Epoch
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill
from tests.services.training.mlflow_client import Client, Variable

EPOCH = Epoch(run_id=1, number=2, loss=0.5, accuracy=0.75, val_loss=None, learning_rate=0.1, seconds=3.0)


@pytest.fixture
def run(lite):
    """A run that has not begun."""
    fill(lite, "D", [n % 7 for n in range(14)])
    snapshots.freeze(lite, "S", ["D"])
    return run_details.view(lite, runs.create(lite, TrainRequest("S", "VGG16", MODERN, "none")))


@pytest.fixture
def hook():
    """A web server that keeps what is sent to it; its answer can be changed."""
    heard = []

    class Answer(BaseHTTPRequestHandler):
        status = 204

        def do_POST(self):
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(self.status)
            self.end_headers()

        def log_message(self, *_words):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", heard, Answer
    server.shutdown()
    server.server_close()


def installation(store, **changed):
    return Store(store.settings.model_copy(update=changed), store.database)


def test_a_webhook_hears_the_end_and_the_last_figures(lite, run, hook):
    address, heard, _ = hook
    audience = tracking.audience(installation(lite, webhook=address), run)
    audience.epoch(EPOCH)
    audience.end("done")
    [item] = heard
    assert item["text"] == "fercore: run 1, VGG16 on 'S', is done."
    assert item["epoch"] == {"number": 2, "loss": 0.5, "accuracy": 0.75, "learning_rate": 0.1, "seconds": 3.0}


@pytest.mark.parametrize(
    ("address", "answers"),
    [
        pytest.param("http://127.0.0.1:9/SECRET", "ConnectionError at 127.0.0.1", id="nobody there"),
        pytest.param("http://me:SECRET@127.0.0.1:9/", "ConnectionError at 127.0.0.1", id="a password"),
        pytest.param("SECRET", "MissingSchema at an address without a host: check FERCORE_WEBHOOK", id="no address"),
        pytest.param(
            "http://[SECRET", "InvalidURL at an address that is none: check FERCORE_WEBHOOK", id="half of one"
        ),
        pytest.param("refused", "HTTPError 500 at 127.0.0.1", id="refused"),
    ],
)
def test_a_webhook_that_does_not_answer_harms_nothing_and_stays_secret(lite, run, hook, caplog, address, answers):
    working, _, answer = hook
    answer.status = 500
    audience = tracking.audience(installation(lite, webhook=working if address == "refused" else address), run)
    audience.epoch(EPOCH)
    audience.end("failed")
    assert f"The webhook hears no more: {answers}" in caplog.messages


def test_a_listener_that_fails_is_named_once_and_left_out(caplog):
    messages = []

    class Good:
        def epoch(self, number, values):
            messages.append((number, values["loss"]))

        def end(self, status):
            messages.append(status)

    class Bad(Good):
        def epoch(self, number, values):
            raise OSError("the disk is full")

    def broken():
        raise ImportError("half installed: see https://me:secret@example.org/")

    audience = Trackers([Bad, broken, Good])
    audience.epoch(EPOCH)
    audience.epoch(EPOCH)
    audience.end("done")
    assert messages == [(2, 0.5), (2, 0.5), "done"]
    lines = caplog.messages
    assert lines == [
        "broken hears no more: half installed: see https://example.org/",
        "Bad hears no more: the disk is full",
    ]


def test_tensorboard_event_files(lite, run):
    pytest.importorskip("tensorboard", reason="tensorboard is not installed: requirements-watching.txt")
    audience = tracking.audience(lite, run)
    audience.epoch(EPOCH)
    audience.end("done")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    folder = lite.run_folder(run.run.id) / "tensorboard"
    events = EventAccumulator(str(folder)).Reload()
    assert "epoch/loss" in events.Tags()["tensors"]


def test_mlflow_that_is_set_but_not_installed_is_said(lite, run, monkeypatch, caplog):
    monkeypatch.setattr(tracking, "find_spec", lambda name: None)
    tracking.audience(installation(lite, mlflow="http://127.0.0.1:9"), run)
    assert "MLFLOW_TRACKING_URI is set, but MLflow is not installed" in (answers := "".join(caplog.messages))
    assert answers.endswith("pip install -r requirements-watching.txt")


@pytest.fixture
def mlflow(monkeypatch):
    """MLflow without its server: what its client hears, and the variables that bound it."""
    variables = SimpleNamespace(
        MLFLOW_HTTP_REQUEST_MAX_RETRIES=Variable(), MLFLOW_HTTP_REQUEST_TIMEOUT=Variable("as somebody set it")
    )
    module = SimpleNamespace(MlflowClient=Client, environment_variables=variables)
    monkeypatch.setattr(Client, "statuses", [])
    monkeypatch.setattr(Client, "logged", [])
    monkeypatch.setitem(sys.modules, "mlflow", module)
    monkeypatch.setattr(tracking, "find_spec", lambda name: name == "mlflow")
    return module


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        pytest.param(["paused", "done"], ["SCHEDULED", "RUNNING", "ended FINISHED"], id="paused, then done"),
        pytest.param(["cancelled"], ["ended KILLED"], id="cancelled"),
        pytest.param(["failed", "done"], ["ended FAILED", "RUNNING", "ended FINISHED"], id="failed, then done"),
    ],
)
def test_how_a_training_ends_in_mlflow(lite, run, mlflow, caplog, ends, expected):
    for status in ends:
        tracking.audience(installation(lite, mlflow="http://127.0.0.1:9"), run).end(status)
    assert (Client.statuses, caplog.messages) == (expected, [])


@pytest.mark.parametrize(
    ("experiment", "begins"),
    [
        pytest.param(None, [("experiment", "fercore"), ("1", "run 1")], id="a new experiment"),
        pytest.param(SimpleNamespace(experiment_id="7"), [("7", "run 1")], id="one that is there"),
    ],
)
def test_what_mlflow_is_told_of_a_run(lite, run, mlflow, monkeypatch, experiment, begins):
    monkeypatch.setattr(Client, "experiment", experiment)
    audience = tracking.audience(installation(lite, mlflow="http://127.0.0.1:9"), run)
    audience.epoch(EPOCH)
    assert Client.logged[: len(begins)] == begins
    message = {name: value for _, name, value in (item for item in Client.logged[len(begins) :] if len(item) == 3)}
    facts = {"backbone": "VGG16", "snapshot": "S", "hash": run.snapshot.hash, "weights": "none", "seed": 0}
    facts |= {"learning_rate": MODERN.learning_rate, "augmentation.zoom": MODERN.augmentation.zoom}
    assert facts.items() <= message.items() and "augmentation" not in message
    figures = [item for item in Client.logged if len(item) == 4]
    assert figures == [
        ("the one", name, value, 2)
        for name, value in (("loss", 0.5), ("accuracy", 0.75), ("learning_rate", 0.1), ("seconds", 3.0))
    ]


@pytest.mark.parametrize(
    ("installed", "address", "webhook", "listeners", "answers"),
    [
        ((), "", "", [], False),
        (("tensorboard",), "", "", ["TensorBoard"], False),
        (("mlflow",), "", "", [], False),
        (("mlflow",), "http://m", "", ["MLflow"], False),
        ((), "http://m", "http://w", ["The webhook"], True),
        (("mlflow", "tensorboard"), "http://m", "http://w", ["TensorBoard", "MLflow", "The webhook"], False),
    ],
)
def test_who_hears_of_a_training(lite, run, monkeypatch, caplog, installed, address, webhook, listeners, answers):
    monkeypatch.setattr(tracking, "find_spec", lambda name: name in installed or None)
    monkeypatch.setattr(tracking, "Trackers", lambda makers: [make.__name__ for make in makers])
    result = tracking.audience(installation(lite, mlflow=address, webhook=webhook), run)
    assert (result, "is not installed" in caplog.text) == (listeners, answers)


def test_mlflow_holds_a_training_for_no_more_than_half_a_minute(lite, run, mlflow):
    tracking.audience(installation(lite, mlflow="http://127.0.0.1:9"), run)
    bounds = vars(mlflow.environment_variables)
    assert {name: variable.value for name, variable in bounds.items()} == {
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": tracking.TRIES_AGAIN,
        "MLFLOW_HTTP_REQUEST_TIMEOUT": "as somebody set it",
    }


def test_mlflow_goes_on_with_its_run_after_a_resume(lite, run, monkeypatch, tmp_path):
    mlflow = pytest.importorskip("mlflow", reason="mlflow is not installed: requirements-watching.txt")
    address = (tmp_path / "mlruns").as_uri()
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")  # a server is what people have
    for name in ("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "MLFLOW_HTTP_REQUEST_TIMEOUT"):
        monkeypatch.setenv(name, "1")  # so that what is set here is unset afterwards
    for number, status in ((1, "paused"), (2, "done")):
        audience = tracking.audience(installation(lite, mlflow=address), run)
        audience.epoch(Epoch(run_id=1, number=number, loss=1 / number, accuracy=0, learning_rate=0, seconds=1))
        audience.end(status)
    client = mlflow.MlflowClient(address)
    [search_run] = client.search_runs([client.get_experiment_by_name("fercore").experiment_id])
    assert (search_run.info.status, search_run.data.params["backbone"]) == ("FINISHED", "VGG16")
    assert [m.step for m in client.get_metric_history(search_run.info.run_id, "loss")] == [1, 2]

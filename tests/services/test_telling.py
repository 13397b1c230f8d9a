"""Who hears of a training: a web hook, TensorBoard and MLflow where they are installed; none of them can harm it."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from fercore.services import freezing, telling, training, viewing
from fercore.services.telling import Audience
from fercore.services.training import TrainRequest
from fercore.store import Store
from fercore.store.tables import Epoch
from fercore.training.recipe import MODERN
from tests.conftest import fill

EPOCH = Epoch(run_id=1, number=2, loss=0.5, accuracy=0.75, watch_loss=None, learning_rate=0.1, seconds=3.0)


@pytest.fixture
def run(lite):
    """A run that has not begun."""
    fill(lite, "D", [n % 7 for n in range(14)])
    freezing.freeze(lite, "S", ["D"])
    return viewing.view(lite, training.create(lite, TrainRequest("S", "VGG16", MODERN, "none")))


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


def test_a_web_hook_hears_the_end_and_the_last_figures(lite, run, hook):
    address, heard, _ = hook
    audience = telling.audience(installation(lite, webhook=address), run)
    audience.epoch(EPOCH)
    audience.end("done")
    [one] = heard
    assert one["text"] == "fercore: run 1, VGG16 on 'S', is done."
    assert one["epoch"] == {"number": 2, "loss": 0.5, "accuracy": 0.75, "learning_rate": 0.1, "seconds": 3.0}


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/nobody", "not an address", "refused"])
def test_a_hook_that_does_not_answer_harms_nothing(lite, run, hook, capsys, address):
    working, _, answer = hook
    answer.status = 500
    audience = telling.audience(installation(lite, webhook=working if address == "refused" else address), run)
    audience.epoch(EPOCH)
    audience.end("failed")
    assert "hears no more" in capsys.readouterr().err


def test_a_listener_that_fails_is_named_once_and_left_out(capsys):
    told = []

    class Good:
        def epoch(self, number, values):
            told.append((number, values["loss"]))

        def end(self, status):
            told.append(status)

    class Bad(Good):
        def epoch(self, number, values):
            raise OSError("the disk is full")

    def broken():
        raise ImportError("half installed")

    audience = Audience([Bad, broken, Good])
    audience.epoch(EPOCH)
    audience.epoch(EPOCH)
    audience.end("done")
    assert told == [(2, 0.5), (2, 0.5), "done"]
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["broken hears no more: half installed", "Bad hears no more: the disk is full"]


def test_tensorboard_event_files(lite, run):
    pytest.importorskip("tensorboard", reason="tensorboard is not installed: requirements-watching.txt")
    audience = telling.audience(lite, run)
    audience.epoch(EPOCH)
    audience.end("done")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    folder = lite.run_folder(run.run.id) / "tensorboard"
    events = EventAccumulator(str(folder)).Reload()
    assert "epoch/loss" in events.Tags()["tensors"]


def test_mlflow_goes_on_with_its_run_after_a_resume(lite, run, monkeypatch, tmp_path):
    mlflow = pytest.importorskip("mlflow", reason="mlflow is not installed: requirements-watching.txt")
    address = (tmp_path / "mlruns").as_uri()
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")  # a server is what people have
    for number, status in ((1, "cancelled"), (2, "done")):
        audience = telling.audience(installation(lite, mlflow=address), run)
        audience.epoch(Epoch(run_id=1, number=number, loss=1 / number, accuracy=0, learning_rate=0, seconds=1))
        audience.end(status)
    client = mlflow.MlflowClient(address)
    [one] = client.search_runs([client.get_experiment_by_name("fercore").experiment_id])
    assert (one.info.status, one.data.params["backbone"]) == ("FINISHED", "VGG16")
    assert [m.step for m in client.get_metric_history(one.info.run_id, "loss")] == [1, 2]

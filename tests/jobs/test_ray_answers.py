"""What is made of Ray's answers, without Ray: a server on loopback says what each test wants."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from fercore.errors import FercoreError, InputError
from fercore.jobs import ray
from fercore.jobs.engine import EngineAwayError
from fercore.jobs.ray import Ray
from fercore.settings import Settings
from fercore.store import Store
from fercore.store.database import Database
from fercore.store.jobs.scheduler import Capacity
from fercore.store.tables import Job


class Dashboard(HTTPServer):
    """Answers every request with `status` and `text`, and keeps what it was asked."""

    status, text = 200, "{}"

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []


class Handler(BaseHTTPRequestHandler):
    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((self.path, json.loads(body) if body else None))
        text = self.server.text.encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = _answer  # names that the base class prescribes

    def log_message(self, *_):
        pass


@pytest.fixture
def dashboard():
    ray._remembered.clear()
    server = Dashboard()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def cluster(lite, dashboard):
    address = f"http://127.0.0.1:{dashboard.server_port}/"
    return Ray(Store(lite.settings.model_copy(update={"ray_address": address}), lite.database))


def nodes(*actual):
    listed = [{"state": state, "resources_total": {"CPU": 4.0, "GPU": float(gpus)}} for state, gpus in actual]
    return json.dumps({"data": {"result": {"result": listed}}})


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        pytest.param([("ALIVE", 0)], Capacity("ray", (), ("m0",), 0), id="one without a GPU"),
        pytest.param(
            [("ALIVE", 0), ("ALIVE", 2), ("ALIVE", 1), ("DEAD", 8)],
            Capacity("ray", ("r0", "r1", "r2"), ("m0", "m1", "m2"), 2),
            id="GPUs of the living",
        ),
        pytest.param([], Capacity("ray", (), (), 0), id="none"),
    ],
)
def test_what_room_there_is(dashboard, cluster, actual, expected):
    dashboard.text = nodes(*actual)
    assert cluster.capacity() == cluster.capacity() == expected
    assert len(dashboard.asked) == 1, "an answer is remembered for a while"


def job(devices, handle="fercore-7-1-abc"):
    return Job(id=7, kind="train", title="t", devices=devices, handle=handle, gpus=1)


@pytest.mark.parametrize(
    ("devices", "gpus", "hidden"),
    [
        pytest.param("r0", 1, None, id="one GPU"),
        pytest.param("r0,r1", 2, None, id="two GPUs"),
        pytest.param("m0", 0, "-1", id="none: all are hidden"),
    ],
)
def test_what_is_submitted(dashboard, cluster, devices, gpus, hidden):
    cluster.submit(job(devices))
    ((path, request),) = dashboard.asked
    variables = request["runtime_env"]["env_vars"]
    assert (path, request["submission_id"], request["entrypoint_num_gpus"]) == ("/api/jobs/", "fercore-7-1-abc", gpus)
    assert request["entrypoint"].endswith("python -m fercore job 7 --handle fercore-7-1-abc")
    assert variables.get("CUDA_VISIBLE_DEVICES") == hidden
    assert variables["FERCORE_MODELS_DIR"] and variables["FERCORE_DATA_DIR"]


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [
        pytest.param(200, '{"status": "PENDING"}', "waiting", id="pending"),
        pytest.param(200, '{"status": "RUNNING"}', "running", id="running"),
        pytest.param(200, '{"status": "FAILED"}', "gone", id="failed"),
        pytest.param(200, '{"status": "STOPPED"}', "gone", id="stopped"),
        pytest.param(404, "Job does not exist", "gone", id="unknown to Ray"),
    ],
)
def test_states(dashboard, cluster, status, text, expected):
    dashboard.status, dashboard.text = status, text
    assert cluster.state(job("m0")) == expected
    assert dashboard.asked[0][0] == "/api/jobs/fercore-7-1-abc"


@pytest.mark.parametrize(
    ("status", "text", "error", "answers"),
    [
        pytest.param(503, "starting", EngineAwayError, "does not answer: 503 starting", id="not ready"),
        pytest.param(500, "Traceback\nbad runtime_env", FercoreError, "refused the job: 500 bad runtime_env", id="no"),
    ],
)
def test_a_job_that_is_not_taken(dashboard, cluster, status, text, error, answers):
    dashboard.status, dashboard.text = status, text
    with pytest.raises(error, match=answers):
        cluster.submit(job("m0"))


def test_a_job_that_ray_has_already_is_left_as_it_is(dashboard, cluster):
    dashboard.status, dashboard.text = 500, "ValueError: Job with submission_id fercore-7-1-abc already exists."
    cluster.submit(job("m0"))
    assert [path for path, _ in dashboard.asked] == ["/api/jobs/"], "asked once, and neither stopped nor asked again"


def test_another_server_is_not_taken_for_ray(dashboard, cluster):
    dashboard.text = "<html>"
    with pytest.raises(EngineAwayError, match="not the address of a Ray dashboard"):
        cluster.capacity()


def test_nobody_answers(lite):
    away = Ray(Store(lite.settings.model_copy(update={"ray_address": "http://127.0.0.1:9"}), lite.database))
    with pytest.raises(EngineAwayError, match="Check FERCORE_RAY_ADDRESS"):
        away.capacity()


def test_a_cluster_elsewhere_needs_postgresql(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(InputError, match="needs PostgreSQL"):
        Ray(Store(Settings(ray_address="http://192.0.2.1:8265"), database)).submit(job("m0"))
    database.close()

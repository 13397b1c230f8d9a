"""The page Train says which devices a training will run on."""

import pytest

from fercore.jobs import ray
from fercore.jobs.engine import EngineAwayError
from fercore.services.training import snapshots
from fercore.services.training.devices import BackendReport
from fercore.store.jobs.scheduler import Capacity
from fercore.training.hardware.devices import BackendDevices
from fercore.training.hardware.precision import Device
from fercore.ui.shell import session
from tests.conftest import fill
from tests.pages.conftest import opened, texts

CPU = Device("cpu", "cpu")
H100 = Device("gpu", "NVIDIA H100", (9, 0), 80_000)


@pytest.fixture(autouse=True)
def frozen(lite, monkeypatch):
    """A snapshot to train on, and no setting of the machine's own."""
    for name in ("FERCORE_GPUS", "CUDA_VISIBLE_DEVICES"):
        monkeypatch.delenv(name, raising=False)
    fill(lite, "A", [n % 7 for n in range(14)])
    snapshots.freeze(lite, "A", ["A"])


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(
            BackendReport(BackendDevices("torch", (CPU, H100))), "Trains on GPU: NVIDIA H100, 78 GB", id="a GPU"
        ),
        pytest.param(
            BackendReport(BackendDevices("torch", (CPU, H100, H100))),
            "Trains on one of 2 × GPU: NVIDIA H100, 78 GB",
            id="two GPUs",
        ),
        pytest.param(
            BackendReport(BackendDevices("tensorflow", (CPU,), "no driver")),
            "Trains on the CPU, as TensorFlow sees no GPU: this machine has no driver",
            id="none",
        ),
        pytest.param(
            BackendReport(BackendDevices("jax", (CPU,), "windows")), "Run fercore inside WSL2", id="none on Windows"
        ),
        pytest.param(
            BackendReport(BackendDevices("jax", ()), "broken", "odd"),
            "jax cannot be loaded: odd",
            id="it cannot be loaded",
        ),
        pytest.param(None, "Looking for devices …", id="it has not said so yet"),
    ],
)
def test_the_devices_of_this_machine(asked_backend, answer, expected):
    asked_backend["answer"] = answer
    assert expected in texts(opened("models/train.py"))


def test_the_line_follows_once_the_backend_has_answered(asked_backend):
    asked_backend["answer"] = None
    app = opened("models/train.py")
    asked_backend["answer"] = BackendReport(BackendDevices("torch", (CPU, H100)))
    assert "Trains on GPU: NVIDIA H100" in texts(app.run())
    assert "Looking for devices" not in texts(app)


def test_the_line_is_in_the_readers_language(asked_backend):
    asked_backend["answer"] = BackendReport(BackendDevices("jax", (CPU,), "windows"))
    assert "CPU로 학습합니다. JAX에 보이는 GPU가 없습니다: Windows에서는" in texts(opened("models/train.py", "ko"))


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        pytest.param(
            Capacity("ray", ("r0", "r1", "r2"), ("m0", "m1"), 2), "Trains on a cluster: 3 GPUs on 2 machines", id="GPUs"
        ),
        pytest.param(Capacity("ray", (), ("m0", "m1"), 0), "Trains on the CPUs of a cluster: 2 machines", id="CPUs"),
        pytest.param(EngineAwayError("Ray does not answer."), "Ray does not answer.", id="away"),
    ],
)
def test_what_a_cluster_offers(monkeypatch, offered, expected):
    def answer(_engine):
        if isinstance(offered, Exception):
            raise offered
        return offered

    monkeypatch.setattr(ray.Ray, "capacity", answer)
    monkeypatch.setenv("FERCORE_RAY_ADDRESS", "http://127.0.0.1:9")
    session.store.clear()
    assert expected in texts(opened("models/train.py"))

"""Which GPUs there are, and what a job's process sees of them."""

import pytest

from fercore.jobs import devices
from fercore.settings import Settings

LISTING = """GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-aaaa)
GPU 1: NVIDIA H100 80GB HBM3 (UUID: GPU-bbbb)
  MIG 3g.40gb     Device  0: (UUID: MIG-1111)
  MIG 3g.40gb     Device  1: (UUID: MIG-2222)
GPU 2: NVIDIA H100 80GB HBM3 (UUID: GPU-cccc)
"""


@pytest.fixture(autouse=True)
def two_cards(monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.delenv("FERCORE_GPUS", raising=False)
    monkeypatch.setattr(devices, "_found", lambda: ("0", "1"))


def settings(monkeypatch, gpus, made_visible):
    if made_visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", made_visible)
    return Settings(gpus=gpus)


@pytest.mark.parametrize(
    ("gpus", "made_visible", "expected", "slots"),
    [
        pytest.param(None, None, ("0", "1"), ("0", "1"), id="found"),
        pytest.param(None, "1", ("1",), ("1",), id="made visible"),
        pytest.param(None, "", (), (), id="hidden"),
        pytest.param(None, "-1", (), (), id="hidden as CUDA says"),
        pytest.param("2, 3", "1", ("2", "3"), ("2", "3"), id="set"),
        pytest.param("", "1", (), (), id="set to none"),
        pytest.param("none", None, (), (), id="set to none by name"),
        pytest.param("GPU-aaaa,MIG-1111", None, ("GPU-aaaa", "MIG-1111"), ("#0", "#1"), id="long names"),
    ],
)
def test_which_gpus(monkeypatch, gpus, made_visible, expected, slots):
    found = settings(monkeypatch, gpus, made_visible)
    assert (devices.names(found), devices.slots(found)) == (expected, slots)


def test_what_nvidia_smi_lists():
    assert devices.parsed(LISTING) == ("0", "MIG-1111", "MIG-2222", "2")
    assert devices.parsed("") == ()


@pytest.mark.parametrize(
    ("runs", "names", "threads"),
    [
        pytest.param(1, ("cpu",), None, id="one has them all"),
        pytest.param(2, ("cpu", "cpu-2"), "4", id="two share them"),
        pytest.param(16, ("cpu", *(f"cpu-{number}" for number in range(2, 17))), "1", id="more than cores"),
    ],
)
def test_trainings_that_share_the_cpu(monkeypatch, runs, names, threads):
    monkeypatch.setattr(devices, "_found", lambda: ())
    monkeypatch.setattr(devices, "cores", lambda: 8)
    settings = Settings(cpu_runs=runs)
    assert devices.cpus(settings) == names
    seen = devices.visible(settings, names[-1], 1)
    assert (seen.get("TF_NUM_INTRAOP_THREADS"), seen.get("OMP_NUM_THREADS")) == (threads, threads)


@pytest.mark.parametrize(
    ("gpus", "given", "wanted", "expected"),
    [
        pytest.param("0,1", "1", 1, {"FERCORE_GPUS": "0,1", "CUDA_VISIBLE_DEVICES": "1"}, id="one of two"),
        pytest.param("0,1", "0,1", -1, {"FERCORE_GPUS": "0,1", "CUDA_VISIBLE_DEVICES": "0,1"}, id="all"),
        pytest.param("a,b", "#1", 1, {"FERCORE_GPUS": "a,b", "CUDA_VISIBLE_DEVICES": "b"}, id="by its long name"),
        pytest.param("0,1", "cpu", 0, {"FERCORE_GPUS": "0,1", "CUDA_VISIBLE_DEVICES": "-1"}, id="none of two"),
        pytest.param("", "cpu", 1, {"CUDA_VISIBLE_DEVICES": "-1"}, id="none, as set"),
        pytest.param(None, "cpu", 1, {}, id="none found: nothing is hidden"),
        pytest.param(None, "cpu", 0, {"CUDA_VISIBLE_DEVICES": "-1"}, id="none found, none wanted"),
    ],
)
def test_what_a_process_sees(monkeypatch, gpus, given, wanted, expected):
    monkeypatch.setattr(devices, "_found", lambda: ())
    assert devices.visible(Settings(gpus=gpus), given, wanted) == expected

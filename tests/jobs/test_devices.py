"""Which GPUs there are, and what a job's process sees of them."""

import pytest

from fercore.errors import InputError
from fercore.jobs import devices
from fercore.jobs.devices import GpuList
from fercore.settings import Settings, read_settings

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
    monkeypatch.setattr(devices, "_detected", lambda: GpuList(("0", "1"), ("0", "1")))


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
        pytest.param(None, "NoDevFiles", (), (), id="hidden in words"),
        pytest.param(None, "0,-1,1", ("0",), ("0",), id="made visible up to a negative number"),
        pytest.param(None, "1,7,0", ("1",), ("1",), id="made visible up to a card that is not there"),
        pytest.param(None, "MIG-1111", ("MIG-1111",), ("#0",), id="made visible by a long name"),
        pytest.param("1, 0", "1", ("1", "0"), ("1", "0"), id="set"),
        pytest.param("0,,1,", None, ("0", "1"), ("0", "1"), id="set with empty parts"),
        pytest.param("1,1", None, ("1",), ("1",), id="set twice"),
        pytest.param("7", None, (), (), id="set to a card that is not there"),
        pytest.param("7,1", None, ("1",), ("1",), id="one that is there, one that is not"),
        pytest.param("-1,0", None, (), (), id="set to none as CUDA says"),
        pytest.param("0,-1,1", None, ("0",), ("0",), id="set up to a negative number"),
        pytest.param(" All ", None, ("0", "1"), ("0", "1"), id="set to all"),
        pytest.param("all", "1", ("1",), ("1",), id="set to all that is made visible"),
        pytest.param("", "1", (), (), id="set to none"),
        pytest.param("none", None, (), (), id="set to none by name"),
        pytest.param("GPU-aaaa,MIG-1111", None, ("GPU-aaaa", "MIG-1111"), ("#0", "#1"), id="long names"),
    ],
)
def test_which_gpus(monkeypatch, gpus, made_visible, expected, slots):
    result = settings(monkeypatch, gpus, made_visible)
    assert (devices.names(result), devices.slots(result)) == (expected, slots)


@pytest.mark.parametrize(
    ("gpus", "expected"),
    [
        pytest.param(None, (), id="not set"),
        pytest.param("none", (), id="none"),
        pytest.param("1,GPU-aaaa", (), id="here, or known by a long name"),
        pytest.param("0,7,8", ("7", "8"), id="not here"),
    ],
)
def test_numbers_that_this_machine_does_not_have(gpus, expected):
    assert devices.strangers(Settings(gpus=gpus)) == expected


def test_where_nothing_is_listed_what_is_set_counts(monkeypatch):
    monkeypatch.setattr(devices, "_detected", GpuList)
    assert devices.names(Settings(gpus="2,3")) == ("2", "3")


@pytest.mark.parametrize("given", ["0 1", "0;1", "first", "0,one", ",", "GPU-"])
def test_what_names_no_gpu_is_refused_with_what_to_write_instead(monkeypatch, given):
    monkeypatch.setenv("FERCORE_GPUS", given)
    with pytest.raises(InputError, match=f"FERCORE_GPUS is '{given}'. Set it to all, to none, or .* 0,1"):
        read_settings()


def test_what_nvidia_smi_lists():
    assert devices.parsed(LISTING) == GpuList(("0", "1", "2"), ("0", "MIG-1111", "MIG-2222", "2"))
    assert devices.parsed("") == GpuList()


@pytest.mark.parametrize(
    ("runs", "names", "threads"),
    [
        pytest.param(1, ("cpu",), None, id="one has them all"),
        pytest.param(2, ("cpu", "cpu-2"), "4", id="two share them"),
        pytest.param(16, ("cpu", *(f"cpu-{number}" for number in range(2, 17))), "1", id="more than cores"),
    ],
)
def test_trainings_that_share_the_cpu(monkeypatch, runs, names, threads):
    monkeypatch.setattr(devices, "_detected", GpuList)
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
        pytest.param(
            "GPU-a,GPU-b",
            "#1",
            1,
            {"FERCORE_GPUS": "GPU-a,GPU-b", "CUDA_VISIBLE_DEVICES": "GPU-b"},
            id="by its long name",
        ),
        pytest.param("0,1", "cpu", 0, {"FERCORE_GPUS": "0,1", "CUDA_VISIBLE_DEVICES": "-1"}, id="none of two"),
        pytest.param("", "cpu", 1, {"CUDA_VISIBLE_DEVICES": "-1"}, id="none, as set"),
        pytest.param(None, "cpu", 1, {}, id="none found: nothing is hidden"),
        pytest.param("all", "cpu", 1, {}, id="all of none: nothing is hidden"),
        pytest.param(None, "cpu", 0, {"CUDA_VISIBLE_DEVICES": "-1"}, id="none found, none wanted"),
    ],
)
def test_what_a_process_sees(monkeypatch, gpus, given, wanted, expected):
    monkeypatch.setattr(devices, "_detected", GpuList)
    assert devices.visible(Settings(gpus=gpus), given, wanted) == expected

"""Which devices are seen and why none, the arithmetic they are fast in, and how a lack of memory shows."""

import pytest

from fercore.errors import OutOfMemoryError
from fercore.training.hardware.devices import BackendDevices, GpuFacts, from_json, see, why_none
from fercore.training.hardware.memory import held_mb, is_out_of_memory
from fercore.training.hardware.precision import Device, precision_for

CPU = Device("cpu", "cpu")


def gpu(*capability):
    return Device("gpu", "a card", capability or None)


@pytest.mark.parametrize(
    ("wanted", "devices", "expected"),
    [
        pytest.param("auto", [CPU], "float32", id="CPU"),
        pytest.param("auto", [CPU, gpu(6, 1)], "float32", id="Pascal"),
        pytest.param("auto", [CPU, gpu(7, 0)], "float16", id="Volta"),
        pytest.param("auto", [CPU, gpu(7, 5)], "float16", id="Turing"),
        pytest.param("auto", [CPU, gpu(8, 0)], "bfloat16", id="Ampere"),
        pytest.param("auto", [gpu(9, 0)], "bfloat16", id="Hopper"),
        pytest.param("auto", [gpu(12, 0)], "bfloat16", id="Blackwell"),
        pytest.param("auto", [gpu(7, 5), gpu(8, 6)], "float32", id="cards that do not agree"),
        pytest.param("auto", [gpu()], "float32", id="a card that says nothing"),
        pytest.param("auto", [Device("tpu", "TPU v4")], "bfloat16", id="TPU"),
        pytest.param("float16", [CPU], "float16", id="as asked"),
    ],
)
def test_precision(wanted, devices, expected):
    assert precision_for(wanted, devices) == expected


@pytest.mark.parametrize(
    ("backend", "facts", "expected"),
    [
        pytest.param("tensorflow", GpuFacts("Windows", False, True, False), "windows", id="TensorFlow on Windows"),
        pytest.param("jax", GpuFacts("Windows", False, True, False), "windows", id="JAX on Windows"),
        pytest.param("torch", GpuFacts("Windows", False, True, False), "cpu build", id="torch on Windows could"),
        pytest.param("tensorflow", GpuFacts("Darwin", False, False, False), "macos", id="macOS"),
        pytest.param("jax", GpuFacts("Linux", True, True, True), "hidden", id="hidden"),
        pytest.param("jax", GpuFacts("Linux", False, False, False), "no driver", id="no driver"),
        pytest.param("torch", GpuFacts("Linux", False, True, False), "cpu build", id="built for CPUs"),
        pytest.param("tensorflow", GpuFacts("Linux", False, True, True), "libraries", id="libraries missing"),
    ],
)
def test_why_there_is_no_gpu(backend, facts, expected):
    assert why_none(backend, facts) == expected


def test_this_machine_is_seen():
    pytest.importorskip("tensorflow")
    result = see("tensorflow")
    assert any(device.kind == "cpu" for device in result.devices)
    assert (result.reason is None) == any(device.kind != "cpu" for device in result.devices)


def test_what_a_child_process_tells_is_read_back(capsys, monkeypatch):
    from fercore.training.hardware import devices

    message = BackendDevices("jax", (CPU, gpu(8, 0)))
    monkeypatch.setattr(devices, "see", lambda _backend: message)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")
    devices.main("jax")
    assert (from_json(capsys.readouterr().out), devices.visible_cards()) == (message, "0,1")
    devices.main("jax", "1")
    assert (from_json(capsys.readouterr().out), devices.visible_cards()) == (message, "1")


@pytest.mark.parametrize(
    ("visible", "expected"),
    [
        pytest.param(None, "cpu build", id="nothing is set"),
        pytest.param("0,1", "cpu build", id="two cards"),
        pytest.param("MIG-1", "cpu build", id="a long name"),
        pytest.param("", "hidden", id="none"),
        pytest.param("-1", "hidden", id="none by number"),
        pytest.param("NoDevFiles", "hidden", id="none in words"),
    ],
)
def test_what_hides_all_cards(monkeypatch, visible, expected):
    from fercore.training.hardware import devices

    monkeypatch.setitem(devices._BACKENDS, "torch", (lambda: [CPU], lambda: False))
    monkeypatch.setattr(devices, "_windows_driver", lambda: True)
    monkeypatch.setattr(devices.platform, "system", lambda: "Linux")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert see("torch").reason == expected


class ResourceExhaustedError(Exception):
    """As TensorFlow calls it."""


class XlaRuntimeError(RuntimeError):
    """As JAX calls it."""


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(ResourceExhaustedError("OOM when allocating tensor"), True, id="TensorFlow"),
        pytest.param(XlaRuntimeError("RESOURCE_EXHAUSTED: Out of memory while trying to allocate"), True, id="JAX"),
        pytest.param(XlaRuntimeError("INVALID_ARGUMENT: shapes"), False, id="JAX, something else"),
        pytest.param(type("OutOfMemoryError", (RuntimeError,), {})("CUDA out of memory."), True, id="torch"),
        pytest.param(RuntimeError("DefaultCPUAllocator: can't allocate memory"), True, id="torch on a CPU"),
        pytest.param(type("_ArrayMemoryError", (MemoryError,), {})(), True, id="NumPy"),
        pytest.param(MemoryError(), True, id="Python"),
        pytest.param(ValueError("shapes"), False, id="something else"),
    ],
)
def test_a_lack_of_memory_is_recognised(error, expected):
    assert is_out_of_memory(error) is expected


@pytest.mark.parametrize(
    ("faces", "parts", "expected"),
    [
        pytest.param(64, 2, "Batches of 64 faces at a time do not fit into memory. Try 32 at a time", id="half"),
        pytest.param(1, 128, "Not even one face", id="nothing left to halve"),
    ],
)
def test_the_sentence_about_memory(faces, parts, expected):
    assert str(OutOfMemoryError(faces, parts)).startswith(expected)


def test_a_process_without_a_card_tells_what_it_holds():
    assert held_mb("none of the known") is None or held_mb("none of the known") > 10

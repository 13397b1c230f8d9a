"""Which devices trainings get, what a backend sees of them, and when it cannot say anything."""

import subprocess
import threading

import pytest

from fercore.jobs import devices
from fercore.jobs.devices import GpuList
from fercore.services.training import devices as device_service
from fercore.services.training.devices import BackendReport
from fercore.settings import Settings
from fercore.training.hardware.devices import BackendDevices
from fercore.training.hardware.precision import Device

TWO = GpuList(("0", "1"), ("0", "1"))
CPU, T4 = Device("cpu", "cpu"), Device("gpu", "Tesla T4", (7, 5))


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(device_service, "_answers", {})
    monkeypatch.setattr(devices, "_detected", lambda: TWO)
    for name in ("CUDA_VISIBLE_DEVICES", "KERAS_BACKEND"):
        monkeypatch.delenv(name, raising=False)


def raises(error):
    def run(*_args, **_named):
        raise error

    return run


def failed(code, words):
    return subprocess.CalledProcessError(code, "python", "", words)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        pytest.param(subprocess.TimeoutExpired("python", 120), "did not say within 120 s", id="a driver hangs"),
        pytest.param(
            failed(1, "Traceback\nImportError: libcudart.so"),
            "tensorflow cannot be loaded: ImportError: libcudart.so",
            id="a library is missing",
        ),
        pytest.param(failed(-9, ""), "cannot be loaded: ?", id="killed"),
        pytest.param(OSError("no memory for it"), "cannot be loaded: no memory for it", id="no process"),
    ],
)
def test_a_backend_that_does_not_answer_is_a_sentence(monkeypatch, error, sentence):
    monkeypatch.setattr(device_service, "find_spec", lambda name: True)
    monkeypatch.setattr(device_service.subprocess, "run", raises(error))
    answer = device_service.ask(Settings())
    assert answer.seen.devices == ()
    [problem] = device_service.problems(Settings(), answer)
    assert sentence in problem


def test_a_backend_that_is_not_installed_is_a_sentence(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "theano")
    [problem] = device_service.problems(Settings(), device_service.ask(Settings()))
    assert "'theano' is not installed" in problem


@pytest.mark.parametrize(
    ("gpus", "made_visible", "expected"),
    [
        pytest.param(None, None, "0,1", id="all"),
        pytest.param("1", None, "1", id="as set"),
        pytest.param("none", None, "-1", id="none"),
        pytest.param(None, "NoDevFiles", "", id="what this process has"),
    ],
)
def test_a_backend_is_asked_of_the_gpus_that_trainings_get(monkeypatch, gpus, made_visible, expected):
    commands = []

    def run(command, **_named):
        commands.append(command)
        return subprocess.CompletedProcess(command, 0, '{"backend": "tensorflow", "devices": [], "reason": null}')

    monkeypatch.setattr(device_service, "find_spec", lambda name: True)
    monkeypatch.setattr(device_service.subprocess, "run", run)
    if made_visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", made_visible)
    assert device_service.ask(Settings(gpus=gpus)) == BackendReport(BackendDevices("tensorflow", ()))
    assert [command[-2:] for command in commands] == [["tensorflow", expected]]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        pytest.param("windows", "inside WSL2", id="Windows"),
        pytest.param("macos", "macOS", id="macOS"),
        pytest.param("hidden", "CUDA_VISIBLE_DEVICES", id="hidden"),
        pytest.param("no driver", "install its driver", id="no driver"),
        pytest.param("cpu build", "tensorflow[and-cuda]", id="CPU build"),
        pytest.param("libraries", "tensorflow[and-cuda]", id="libraries"),
    ],
)
def test_why_there_is_no_gpu_is_a_sentence_with_its_remedy(reason, words):
    [message] = device_service.problems(Settings(), BackendReport(BackendDevices("tensorflow", (), reason)))
    assert words in message and message.startswith("tensorflow sees no GPU") and message.endswith(".")


@pytest.mark.parametrize(
    ("gpus", "made_visible", "reason", "words"),
    [
        pytest.param("none", None, "hidden", ["FERCORE_GPUS lets trainings have none"], id="set to none"),
        pytest.param("7", None, "hidden", ["names 7, but this machine has 0, 1", "have none"], id="another machine's"),
        pytest.param("0,7", None, None, ["FERCORE_GPUS names 7"], id="one of them another machine's"),
        pytest.param(None, "7", "libraries", ["CUDA_VISIBLE_DEVICES hides them all"], id="hidden by a number"),
        pytest.param("none", None, "windows", ["inside WSL2"], id="what cannot be mended comes first"),
    ],
)
def test_settings_that_keep_trainings_from_gpus_are_said(monkeypatch, gpus, made_visible, reason, words):
    if made_visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", made_visible)
    message = device_service.problems(Settings(gpus=gpus), BackendReport(BackendDevices("tensorflow", (), reason)))
    assert len(message) == len(words) and all(word in sentence for word, sentence in zip(words, message, strict=True))


@pytest.mark.parametrize(
    ("settings", "actual", "seen", "expected"),
    [
        pytest.param({}, TWO, [CPU, T4, T4], ["GPU 0", "GPU 1"], id="all that are found"),
        pytest.param({"gpus": "1"}, TWO, [CPU, T4], ["GPU 1"], id="as set"),
        pytest.param({"gpus": "none"}, TWO, [CPU], ["CPU"], id="none"),
        pytest.param({"gpus": "0"}, GpuList(), [CPU], ["CPU"], id="one that the backend does not see"),
        pytest.param({}, GpuList(), [CPU, Device("gpu", "Apple GPU")], ["GPU: Apple GPU"], id="one without a name"),
        pytest.param({"ray_address": "http://ray:8265"}, TWO, [CPU, T4], ["Ray: http://ray:8265"], id="a cluster's"),
    ],
)
def test_what_trainings_are_given(monkeypatch, settings, actual, seen, expected):
    monkeypatch.setattr(devices, "_detected", lambda: actual)
    assert device_service.given(Settings(**settings), BackendDevices("torch", tuple(seen))) == expected


@pytest.mark.parametrize(
    ("device", "expected"),
    [
        pytest.param(Device("cpu", "cpu"), "CPU", id="CPU"),
        pytest.param(Device("gpu", "NVIDIA H100", (9, 0), 81_000), "GPU: NVIDIA H100, 79 GB", id="with memory"),
        pytest.param(Device("gpu", "Tesla T4", (7, 5)), "GPU: Tesla T4", id="memory unknown"),
    ],
)
def test_a_device_in_a_few_words(device, expected):
    assert device_service.described(device) == expected


def wait_for(settings):
    for _ in range(1000):
        if (answer := device_service.known(settings)) is not None:
            return answer
        threading.Event().wait(0.01)
    raise AssertionError("no answer came")


def test_a_backend_is_asked_once_and_nobody_waits_for_it(monkeypatch):
    may_answer, requests = threading.Event(), []

    def ask(settings):
        requests.append(settings.keras_backend)
        may_answer.wait(10)
        return BackendReport(BackendDevices(settings.keras_backend, ()))

    monkeypatch.setattr(device_service, "ask", ask)
    assert device_service.known(Settings()) is device_service.known(Settings()) is None
    may_answer.set()
    assert wait_for(Settings()) is device_service.known(Settings())
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert wait_for(Settings()).seen.backend == "torch"
    assert requests == ["tensorflow", "torch"]


def test_an_answer_comes_whatever_goes_wrong(monkeypatch):
    monkeypatch.setattr(device_service, "ask", raises(RuntimeError("odd")))
    assert wait_for(Settings()) == BackendReport(BackendDevices("tensorflow", ()), "broken", "odd")

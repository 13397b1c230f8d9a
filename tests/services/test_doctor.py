"""What doctor says about devices, and when a backend cannot say anything."""

import subprocess

import pytest

from fercore.services import doctor
from fercore.training.precision import Device


def raises(error):
    def run(*_args, **_named):
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        pytest.param(subprocess.TimeoutExpired("python", 120), "did not say within 120 s", id="a driver hangs"),
        pytest.param(
            subprocess.CalledProcessError(1, "python", "", "Traceback\nImportError: libcudart.so"),
            "tensorflow cannot be loaded: ImportError: libcudart.so",
            id="a library is missing",
        ),
        pytest.param(subprocess.CalledProcessError(-9, "python", "", ""), "cannot be loaded: ?", id="killed"),
    ],
)
def test_a_backend_that_does_not_answer_is_a_sentence(monkeypatch, error, sentence):
    monkeypatch.setattr(doctor.subprocess, "run", raises(error))
    problems = []
    assert doctor.devices("tensorflow", problems).devices == ()
    assert len(problems) == 1 and sentence in problems[0]


def test_a_backend_that_is_not_installed_is_a_sentence():
    problems = []
    doctor.devices("theano", problems)
    assert "'theano' is not installed" in problems[0]


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
    told = doctor.why("tensorflow", reason)
    assert words in told and told.startswith("tensorflow sees no GPU") and told.endswith(".")


@pytest.mark.parametrize(
    ("device", "expected"),
    [
        pytest.param(Device("cpu", "cpu"), "CPU", id="CPU"),
        pytest.param(Device("gpu", "NVIDIA H100", (9, 0), 81_000), "GPU: NVIDIA H100, 79 GB", id="with memory"),
        pytest.param(Device("gpu", "Tesla T4", (7, 5)), "GPU: Tesla T4", id="memory unknown"),
    ],
)
def test_a_device_in_a_few_words(device, expected):
    assert doctor.described(device) == expected

"""The same training under JAX and torch, each in a process of its own (slow)."""

import pytest

from fercore.training.models.backbones import BACKBONES
from fercore.training.models.network import build
from fercore.training.recipes.recipe import MODERN
from tests.training.elsewhere import python_of, run

BACKENDS = ("jax", "torch")


def train(backend, *arguments):
    return run(backend, "backend_run.py", *arguments, "--faces", "140")


@pytest.mark.slow
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_backend_trains_resumes_evaluates_and_predicts(backend, tmp_path):
    message = train(backend, tmp_path)
    clocks = {"seconds": 0, "compile_seconds": 0, "memory_mb": 0, "device_use": 0}
    whole, resumed = ([epoch | clocks for epoch in message[name]] for name in ("history", "resumed"))
    assert message["backend"] == backend and [epoch["number"] for epoch in whole] == [1, 2]
    assert resumed == whole and message["apart"] == 0
    assert message["same dynamics"]
    assert 0 <= message["accuracy"] <= 1


@pytest.mark.slow
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_backend_learns_what_tensorflow_learns_from_the_same_start(backend, tmp_path):
    python_of(backend)
    start = tmp_path / "start.keras"
    build(BACKBONES["MobileNetV2"], MODERN, None).save(start)
    message = train(backend, tmp_path / backend, "--start", start)
    assert message == pytest.approx(train("tensorflow", tmp_path / "tensorflow", "--start", start), rel=0.05)

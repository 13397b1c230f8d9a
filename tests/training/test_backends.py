"""The same training under JAX and torch, each in a process of its own (slow)."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from fercore.training.backbones import BACKBONES
from fercore.training.network import build
from fercore.training.recipe import MODERN

BACKENDS = ("jax", "torch")


def run(backend, *arguments):
    """What `backend_run.py` printed last under a backend.

    `FERCORE_PYTHON_JAX` and `FERCORE_PYTHON_TORCH` name the Python of another environment that has it.
    """
    python = os.environ.get(f"FERCORE_PYTHON_{backend.upper()}")
    if python is None and find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed here; FERCORE_PYTHON_{backend.upper()} may name a Python that has it")
    answer = subprocess.run(
        [python or sys.executable, Path(__file__).with_name("backend_run.py"), *arguments, "--faces", "140"],
        env=os.environ | {"KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr[-2000:]
    return json.loads(answer.stdout.strip().splitlines()[-1])


@pytest.mark.slow
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_backend_trains_resumes_evaluates_and_predicts(backend, tmp_path):
    told = run(backend, tmp_path)
    clocks = {"seconds": 0, "compile_seconds": 0, "memory_mb": 0}
    whole, resumed = ([epoch | clocks for epoch in told[name]] for name in ("history", "resumed"))
    assert told["backend"] == backend and [epoch["number"] for epoch in whole] == [1, 2]
    assert resumed == whole and told["apart"] == 0
    assert 0 <= told["accuracy"] <= 1


@pytest.mark.slow
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_backend_learns_what_tensorflow_learns_from_the_same_start(backend, tmp_path):
    start = tmp_path / "start.keras"
    build(BACKBONES["MobileNetV2"], MODERN, None).save(start)
    told = run(backend, tmp_path / backend, "--start", start)
    assert told == pytest.approx(run("tensorflow", tmp_path / "tensorflow", "--start", start), rel=0.05)

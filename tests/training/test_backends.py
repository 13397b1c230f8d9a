"""The same training under JAX and torch, each in a process of its own (slow)."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_a_backend_trains_resumes_evaluates_and_predicts(backend, tmp_path):
    """`FERCORE_PYTHON_JAX` and `FERCORE_PYTHON_TORCH` name the Python of another environment that has it."""
    python = os.environ.get(f"FERCORE_PYTHON_{backend.upper()}")
    if python is None and find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed here; FERCORE_PYTHON_{backend.upper()} may name a Python that has it")
    answer = subprocess.run(
        [python or sys.executable, Path(__file__).with_name("backend_run.py"), tmp_path, "--faces", "140"],
        env=os.environ | {"KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr[-2000:]
    told = json.loads(answer.stdout.strip().splitlines()[-1])
    clocks = {"seconds": 0, "compile_seconds": 0, "memory_mb": 0}
    whole, resumed = ([epoch | clocks for epoch in told[name]] for name in ("history", "resumed"))
    assert told["backend"] == backend and [epoch["number"] for epoch in whole] == [1, 2]
    assert resumed == whole and told["apart"] == 0
    assert 0 <= told["accuracy"] <= 1

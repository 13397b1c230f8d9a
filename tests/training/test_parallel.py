"""One training over two logical devices of a CPU, in a process of its own (slow)."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_two_devices_train_together_and_resume(backend, tmp_path):
    python = os.environ.get(f"FERCORE_PYTHON_{backend.upper()}")
    if python is None and find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed here; FERCORE_PYTHON_{backend.upper()} may name a Python that has it")
    answer = subprocess.run(
        [python or sys.executable, Path(__file__).with_name("parallel_run.py"), tmp_path],
        env=os.environ | {"KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr[-2000:]
    told = json.loads(answer.stdout.strip().splitlines()[-1])
    assert told["devices"] == 2 and told["shape"] == [49, 7]
    whole, resumed = told["losses"]
    assert len(whole) == 2 and resumed == whole and told["apart"] == 0

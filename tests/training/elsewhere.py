"""Scripts of these tests in a process of their own, under a backend of their own."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest


def python_of(backend):
    """A Python that has a backend; a test that asks for it skips where there is none.

    `FERCORE_PYTHON_JAX` and `FERCORE_PYTHON_TORCH` name the Python of another environment that has it.
    """
    python = os.environ.get(f"FERCORE_PYTHON_{backend.upper()}")
    if python is None and find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed here; FERCORE_PYTHON_{backend.upper()} may name a Python that has it")
    return python or sys.executable


def run(backend, script, *arguments):
    """What a script beside this file printed last, as JSON."""
    answer = subprocess.run(
        [python_of(backend), Path(__file__).with_name(script), *arguments],
        env=os.environ | {"KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr[-2000:]
    return json.loads(answer.stdout.strip().splitlines()[-1])

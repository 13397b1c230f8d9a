"""Settings of the whole process."""

import subprocess
import sys

import pytest

COMMAND = """
import sys, types
import fercore.__main__
cli = types.ModuleType("fercore.cli")
cli.main = lambda: print(*(os.environ.get(name) for name in ("OMP_WAIT_POLICY", "OPENBLAS_THREAD_TIMEOUT")))
os = fercore.__main__.os
sys.modules["fercore.cli"] = cli
assert "numpy" not in sys.modules
fercore.__main__.run()
"""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, "PASSIVE 4", id="asleep"),
        pytest.param(
            {"OMP_WAIT_POLICY": "ACTIVE", "OPENBLAS_THREAD_TIMEOUT": "20"}, "ACTIVE 20", id="as the user says"
        ),
    ],
)
def test_waiting_threads_sleep_before_numpy_is_there(monkeypatch, given, expected):
    for name in ("OMP_WAIT_POLICY", "OPENBLAS_THREAD_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    answer = subprocess.run([sys.executable, "-c", COMMAND], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == expected

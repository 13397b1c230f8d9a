"""Hostile photos, requests, models and archives: no crash, no hang, a sentence each, good photos beside them read."""

import os
import signal
import time
import warnings
from pathlib import Path

import pytest

from tests.cli.test_contents import exported as exported
from tests.cli.test_serving import ask, serving
from tests.cli.test_serving import port as port
from tests.hostile import checking, files, models, pictures, requests
from tests.hostile.checking import HttpClient
from tests.routes.forms import ApiClient

PHOTOS = [*pictures.listed(), *files.listed()]
REQUESTS = requests.listed()
MODELS = [*models.onnx_files(), *models.keras_files()]
ARCHIVES = list(models.archives())
CHEAP = [case for case in PHOTOS if not case.is_costly]
MOST_MEMORY = 1.5e9
MOST_SECONDS = 30


def test_there_are_500_of_them():
    every = [*PHOTOS, *REQUESTS, *MODELS, *ARCHIVES]
    assert len(every) >= 500 and len({case.name for case in every}) == len(every)


@pytest.fixture
def send(exported):
    with warnings.catch_warnings(action="ignore"):  # libraries warn of what is wrong with a file
        yield ApiClient(exported).send


@pytest.mark.parametrize("part", range(3))
def test_some_photos(send, part):
    """A sixth of them; the last test has all."""
    chosen = CHEAP[part::18]
    assert {case.name: fault for case in chosen if (fault := checking.photo(send, case))} == {}


def test_requests(send):
    chosen = [sent for sent in REQUESTS if "MB" not in sent.name]
    assert {sent.name: fault for sent in chosen if (fault := checking.request(send, sent))} == {}


def test_forged_models(tmp_path):
    chosen = [case for case in MODELS if not case.is_costly]
    assert {case.name: fault for case in chosen if (fault := checking.model(case, tmp_path))} == {}


def test_archives(tmp_path):
    chosen = [case for case in ARCHIVES if not case.is_costly]
    assert {case.name: fault for case in chosen if (fault := checking.archive(case, tmp_path))} == {}


@pytest.mark.slow
@pytest.mark.thorough
def test_forged_keras_files(tmp_path):
    chosen = [case for case in MODELS if case.is_costly]
    assert {case.name: fault for case in chosen if (fault := checking.model(case, tmp_path))} == {}


@pytest.mark.long
def test_all_of_them_leave_a_server_standing(exported, port, tmp_path):
    process = serving(port, FERCORE_API_RATE="0")
    try:
        ask(port, "GET", "/healthz")
        faults, slowest = {}, 0.0
        client = HttpClient(port)
        for case in (*PHOTOS, *REQUESTS):
            check = checking.request if isinstance(case, requests.Sent) else checking.photo
            began = time.monotonic()
            faults[case.name] = check(client.send, case)
            slowest = max(slowest, time.monotonic() - began)
        for case in ARCHIVES:
            faults[case.name] = checking.archive(case, tmp_path)
        assert {name: fault for name, fault in faults.items() if fault} == {}
        assert slowest < MOST_SECONDS
        assert peak_memory(process.pid) < MOST_MEMORY
        assert ask(port, "GET", "/healthz")[0] == 200
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def peak_memory(pid: int) -> int:
    """The most bytes that a process has had in memory; 0 where the system does not say."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if os.name == "posix" and status.exists() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)

"""What doctor reports."""

import pytest
from click.testing import CliRunner

from fercore.cli import cli
from fercore.jobs import devices
from fercore.jobs.devices import GpuList
from fercore.services.system import doctor
from fercore.services.training import devices as device_service
from fercore.services.training.devices import BackendReport
from fercore.settings import read_settings
from fercore.training.hardware.devices import BackendDevices
from fercore.training.hardware.precision import Device


@pytest.fixture(autouse=True)
def two_cards(monkeypatch):
    """A machine with two cards; the backend sees the one that trainings may use."""
    seen = BackendDevices("tensorflow", (Device("cpu", "cpu"), Device("gpu", "Tesla T4", (7, 5))))
    monkeypatch.setattr(devices, "_detected", lambda: GpuList(("0", "1"), ("0", "1")))
    monkeypatch.setattr(device_service, "ask", lambda settings: BackendReport(seen))
    monkeypatch.setenv("FERCORE_GPUS", "1,7")


def test_doctor_says_which_gpus_trainings_get():
    report = doctor.examine(read_settings())
    assert (report["devices"], report["trainings"]) == (["CPU", "GPU: Tesla T4"], ["GPU 1"])
    assert report["precision"] == "float16"
    assert any("FERCORE_GPUS names 7, but this machine has 0, 1" in problem for problem in report["problems"])


def test_doctor_prints_it():
    lines = CliRunner().invoke(cli, ["doctor"]).output.splitlines()
    assert {"devices: CPU, GPU: Tesla T4", "trainings get: GPU 1"} <= set(lines)

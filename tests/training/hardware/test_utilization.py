"""How busy a device was while something ran."""

import time

import pytest

from fercore.training.hardware.utilization import UtilizationMeter, mean_share


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param("50\n100\n", 0.75, id="two looks"),
        pytest.param("7\n", 0.07, id="one look"),
        pytest.param("[N/A]\n", None, id="a card that does not tell"),
        pytest.param("[N/A]\n20\n", 0.2, id="a card that tells beside one that does not"),
        pytest.param("", None, id="too short for a look"),
        pytest.param("No devices were found\n", None, id="no card"),
    ],
)
def test_mean_share(message, expected):
    assert mean_share(message) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(("visible", "expected"), [("", 0.4), ("1", 0.9)], ids=["all cards", "its own card"])
def test_a_gpu_is_asked_about_until_the_epoch_ends(tmp_path, monkeypatch, visible, expected):
    smi = tmp_path / "nvidia-smi"
    smi.write_text('#!/bin/sh\ncase "$*" in *--id=1*) echo 90;; *) echo 40;; esac\nexec sleep 60\n')
    smi.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    with UtilizationMeter(on_gpu=True) as use:
        time.sleep(0.5)
    assert use.share == pytest.approx(expected)
    assert use._process.returncode is not None


def test_a_gpu_that_nobody_tells_of_is_not_taken_for_the_cpu(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with UtilizationMeter(on_gpu=True) as use:
        pass
    assert use.share is None


def test_the_cpu_is_busier_when_it_works():
    with UtilizationMeter(on_gpu=False) as idle:
        time.sleep(0.3)
    with UtilizationMeter(on_gpu=False) as busy:
        until = time.process_time() + 0.3
        while time.process_time() < until:
            pass
    assert 0 <= idle.share < busy.share <= 1

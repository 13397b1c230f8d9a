"""One training over two logical devices of a CPU, in a process of its own (slow)."""

import pytest

from tests.training.elsewhere import run


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
@pytest.mark.parametrize("network", ["small", pytest.param("MobileNetV2", marks=pytest.mark.long)])
def test_two_devices_train_together_and_resume(backend, network, tmp_path):
    message = run(backend, "parallel_run.py", tmp_path, network)
    assert message["devices"] == 2 and message["shape"] == [49, 7]
    whole, resumed = message["losses"]
    assert len(whole) == 2 and resumed == whole and message["apart"] == 0

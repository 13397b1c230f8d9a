"""Where compiled steps are kept, on an imagined JAX: the real one is not installed by default."""

import sys
from types import SimpleNamespace

import pytest

from fercore.training.hardware.precision import Device
from fercore.training.loop import compile_cache
from fercore.training.loop.compile_cache import MOST, keep_compiled

CPU, CARD = Device("cpu", "cpu"), Device("gpu", "A card", (9, 0))


class Config:
    """JAX's, as far as it is asked."""

    def __init__(self, folder):
        self.jax_compilation_cache_dir = folder
        self.jax_compilation_cache_max_size = -1

    def update(self, name, value):
        assert hasattr(self, name)
        setattr(self, name, value)


@pytest.mark.parametrize(("installed", "most"), [(True, MOST), (False, -1)])
def test_they_have_a_limit_where_jax_can_keep_it(monkeypatch, tmp_path, installed, most):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setitem(sys.modules, "jax", SimpleNamespace(config=(config := Config(None))))
    monkeypatch.setattr(compile_cache, "find_spec", lambda name: (name == "filelock" and installed) or None)
    keep_compiled("jax", [CARD])
    assert config.jax_compilation_cache_max_size == most


@pytest.mark.parametrize(
    ("backend", "devices", "before", "after"),
    [
        pytest.param("jax", [CARD], None, "compiled", id="a card's steps are kept"),
        pytest.param("jax", [CPU], None, None, id="a CPU's are not"),
        pytest.param("jax", [CARD], "mine", "mine", id="the user's folder stays"),
        pytest.param("tensorflow", [CARD], None, None, id="another backend"),
    ],
)
def test_steps_for_a_card_are_kept_beside_the_weights(monkeypatch, tmp_path, backend, devices, before, after):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    config = Config(before)
    monkeypatch.setitem(sys.modules, "jax", SimpleNamespace(config=config))
    keep_compiled(backend, devices)
    assert config.jax_compilation_cache_dir == (str(tmp_path / after) if after == "compiled" else after)

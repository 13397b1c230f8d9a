"""Commands are imported by their names: all of them are known, and a prediction waits for no other."""

import json
import subprocess
import sys
from importlib import import_module

import pytest

from fercore.cli import cli
from fercore.cli.contents import MODULES
from fercore.drawing.photos import portrait_photo
from fercore.drawing.styles import Style
from fercore.services.training import snapshots
from fercore.settings import ROOT
from tests.conftest import fill
from tests.prediction.onnx_runs import add_run


@pytest.mark.parametrize("module", MODULES)
def test_each_module_has_the_commands_that_are_listed(module):
    commands = import_module(f"fercore.cli.{module}").COMMANDS
    assert tuple(command.name for command in commands) == MODULES[module]
    assert all(cli.commands[command.name] is command for command in commands)


@pytest.fixture
def exported(lite):
    """A run whose ONNX file was checked; its Keras file is none."""
    return made_exported(lite)


def made_exported(lite):
    fill(lite, "D", [0, 1])
    snapshots.freeze(lite, "S", ["D"])
    add_run(lite, "S")
    return lite


def test_a_cold_prediction_loads_no_backend(exported, tmp_path):
    photo = tmp_path / "photo.jpg"
    portrait_photo([(Style.WEST, 3)], seed=2).save(photo)
    heavy = ["tensorflow", "keras", "pandas", "sklearn", "scipy", "streamlit", "plotly"]
    code = f"""import sys
sys.argv = ["fercore", "predict", {str(photo)!r}, "--run", "1", "--json"]
from fercore.__main__ import run
try:
    run()
finally:
    print(sorted(set({heavy}) & set(sys.modules)))"""
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    said, loaded = answer.stdout.strip().splitlines()
    assert loaded == "[]", answer.stderr
    assert len(json.loads(said)[0]["faces"]) == 1


@pytest.mark.parametrize("form", ["onnx", "keras"])
def test_a_model_is_written_as_the_contract_says(exported, tmp_path, form):
    command = [sys.executable, "-m", "fercore", "export", "model", "1", "--format", form, "--to", str(tmp_path / "m")]
    answer = subprocess.run([*command, "--json"], cwd=ROOT, capture_output=True, text=True)
    said = json.loads(answer.stdout)
    assert said["file"] == str(tmp_path / "m") and said["format"] == form
    assert said["opset"] == (18 if form == "onnx" else None)
    assert said["parity"] == ({"faces": 2, "largest": 1e-6} if form == "onnx" else {"faces": 0, "largest": 0})
    again = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert again.returncode == 2 and "exists already" in again.stderr

"""What the commands say of evaluations whose faces were learned."""

import json

import numpy as np
import pytest

from fercore.cli import cli
from fercore.services.comparison import evaluation
from fercore.services.training import snapshots
from tests.conftest import fill
from tests.services.comparison.conftest import HAPPY, SAD, run

LEARNED = "1 of these faces is also in the training split, pixel by pixel. The accuracy may be inflated. Without them: "
TRAINING = "These are faces that the run learned: this says nothing of new ones."


@pytest.fixture
def trained(lite):
    """A run of D, whose first face is in E, too, and none in F."""
    fill(lite, "D", [HAPPY, SAD])
    fill(lite, "E", [HAPPY], "test")
    fill(lite, "E", [SAD], "test", 50)
    fill(lite, "F", [HAPPY, SAD], "test", 70)
    snapshots.freeze(lite, "S", ["D"])
    return run(lite)


@pytest.mark.parametrize(
    ("dataset", "split", "warning"),
    [
        pytest.param("D", "train", TRAINING, id="the training split"),
        pytest.param("E", "test", LEARNED, id="copies"),
        pytest.param("F", "test", "", id="nothing in common"),
    ],
)
def test_learned_faces_are_told(lite, trained, monkeypatch, capsys, dataset, split, warning):
    class Steady:
        def probabilities(self, pixels):
            return np.eye(7, dtype=np.float32)[[HAPPY] * len(pixels)]

    monkeypatch.setattr(evaluation, "predictor_of", lambda *_: Steady())
    cli.main(["evaluate", str(trained), "--dataset", dataset, "--split", split, "--json"], standalone_mode=False)
    output = capsys.readouterr()
    assert json.loads(output.out)["n"] == 2
    assert output.err.startswith(f"fercore: warning: {warning}") if warning else not output.err
    cli.main(["compare"], standalone_mode=False)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == (3 if warning else 2)
    assert not warning or lines[2].startswith(f"Run {trained} on '{dataset}' {split}: {warning}")

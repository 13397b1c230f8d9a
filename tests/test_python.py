"""An installation in a notebook: frames of what the pages show, and a light import."""

import re
import subprocess
import sys

import numpy as np
import pytest

import fercore
from fercore.errors import FercoreError
from fercore.python import Lab
from fercore.services.comparison import stored_evaluations
from fercore.settings import ROOT
from tests.conftest import fill
from tests.services.comparison.conftest import HAPPY, SAD, judged  # noqa: F401
from tests.services.comparison.test_foreign_models import take, written
from tests.store.review.test_decisions import decide


@pytest.fixture
def lab(judged, tmp_path):  # noqa: F811
    """A store with two runs, and a model from elsewhere that predicted three of four faces."""
    with judged.database.reading() as session:
        session.connection()
    take(judged, written(tmp_path / "p.csv", [3, 4, 5], [HAPPY, SAD, SAD]))
    return Lab(judged)


def test_faces(lab):
    faces = lab.faces()
    assert faces["dataset"].value_counts().to_dict() == {"D": 6, "D 2": 2}
    test = lab.faces("D", split="test")
    assert test["label"].tolist() == ["Happy", "Happy", "Sad", "Sad"] and set(test["split"]) == {"test"}
    assert test["pixels"].str.len().eq(64).all() and test["face"].is_monotonic_increasing


def test_labels_are_those_of_now(lite):
    first, second, third = fill(lite, "D", [HAPPY, SAD, None])
    decide(lite, "a", first, emotion=SAD)
    decide(lite, "a", second, reason="blurred")
    faces = Lab(lite).faces("D").set_index("face")
    assert faces.loc[first, ["label", "source_label", "state"]].tolist() == ["Sad", "Happy", "relabelled"]
    assert faces.loc[second, ["state", "reason"]].tolist() == ["rejected", "blurred"]
    assert faces["label"].isna().to_dict() == {first: False, second: False, third: True}


def test_runs_evaluations_and_predictions_agree(lab, judged):  # noqa: F811
    runs = lab.runs().set_index("run")
    assert runs["elsewhere"].to_dict() == {1: False, 2: False, 3: True} and runs.loc[3, "backbone"] == "DeepFace"
    assert runs["trained_on"].to_dict() == {1: ["D"], 2: ["D"], 3: []}
    evaluations = lab.evaluations()
    assert evaluations["evaluation"].tolist() == [view.id for view in stored_evaluations.listed(judged)]
    predictions = lab.predictions()
    right = predictions["label"] == predictions["prediction"]
    counted = right.groupby([predictions["run"], predictions["dataset"]]).mean()
    stored = evaluations.set_index(["run", "dataset"])["accuracy"]
    assert counted.to_dict() == pytest.approx(stored.to_dict())
    assert len(lab.predictions(run=3)) == 3 and len(lab.predictions(dataset="D 2")) == 2
    assert np.allclose(predictions.filter(like="p_").sum(axis=1), 1)


@pytest.mark.parametrize("given", [("X", None), ("D", "exam")])
def test_what_is_not_there_is_said(lab, given):
    with pytest.raises(FercoreError, match="There is no"):
        lab.faces(*given)


def test_an_empty_installation_has_frames_with_columns(lite):
    lab = Lab(lite)
    frames = [lab.faces(), lab.runs(), lab.evaluations(), lab.predictions()]
    assert [(len(frame), "run" in frame or "face" in frame) for frame in frames] == [(0, True)] * 4


def test_the_page_of_the_docs_runs(lite, capsys):
    fill(lite, "D", [HAPPY] * 4, "test")
    [code] = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "notebooks.md").read_text("utf-8"), re.DOTALL)
    assert len(code.splitlines()) <= 12
    names: dict[str, object] = {}
    exec(compile(code, "notebooks.md", "exec"), names)
    assert len(names["faces"]) == 4 and "Empty DataFrame" in capsys.readouterr().out


def test_importing_fercore_is_light():
    code = "import sys, fercore; print(sorted({'pandas', 'numpy', 'sqlalchemy', 'keras'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
    assert fercore.open.__module__ == "fercore.python"
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = fercore.nothing

"""A run's calibration: fitted on validation faces alone, stored with the run, used where it is asked for."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from fercore.cli import cli
from fercore.errors import InputError, NotFoundError
from fercore.evaluation.calibration import scaled
from fercore.prediction.predictor import Predictor
from fercore.services.comparison import calibration, evaluation
from fercore.services.prediction import model_files, photos
from fercore.services.training import snapshots
from fercore.store.comparison.evaluations import ScoredFaces
from tests.conftest import fill
from tests.evaluation.test_calibration import drawn
from tests.services.comparison.conftest import run


def keep(store, number, dataset, split, seed, temperature):
    """Evaluate with drawn probabilities that are too sure by a temperature; the faces' labels are drawn with them."""
    target = evaluation.target_of(store, dataset, split)
    shares, _ = drawn(len(target.face_ids), temperature, seed)
    labels = np.array(target.labels)
    scored = ScoredFaces(target.face_ids, labels, shares.astype(np.float32))
    return evaluation.keep(store, number, target, split, scored)


@pytest.fixture
def scored(store):
    """A run whose probabilities are too sure, evaluated on D's validation and test faces."""
    fill(store, "D", [3, 5])
    for seed, (split, start) in enumerate((("validation", 50), ("test", 400))):
        fill(store, "D", drawn(300, 1.0, seed)[1].tolist(), split, start)
    snapshots.freeze(store, "S", ["D"])
    number = run(store)
    for seed, split in enumerate(("validation", "test")):
        keep(store, number, "D", split, seed, 2.0)
    return store, number


def test_the_temperature_is_fitted_on_validation_faces(scored):
    store, number = scored
    found = calibration.of_run(store, number)
    assert (found.fitted.dataset, found.fitted.split, found.fitted.faces) == ("D", "validation", 300)
    assert found.fitted.value == pytest.approx(2.0, rel=0.25)
    by_split = {place.view.split: place for place in found.places}
    assert by_split["test"].mended.ece < by_split["test"].plain.ece
    assert by_split["validation"].sets is None, "sets are not measured on the faces that chose them"
    assert by_split["test"].sets.share == pytest.approx(0.9, abs=0.07)


def test_without_validation_faces_nothing_is_fitted(scored):
    store, _ = scored
    other = run(store, seed=7)
    keep(store, other, "D", "test", 1, 1.0)
    found = calibration.of_run(store, other)
    assert found.fitted is None and found.places[0].mended is None and found.places[0].sets is None


def test_words_alone_have_no_calibration(scored):
    store, _ = scored
    other = run(store, seed=8)
    target = evaluation.target_of(store, "D", "test")
    labels = np.array(target.labels)
    words = ScoredFaces(target.face_ids, labels, np.eye(7, dtype=np.float32)[labels])
    evaluation.keep(store, other, target, "test", words)
    with pytest.raises(InputError, match="calibration needs probabilities"):
        calibration.of_run(store, other)
    with pytest.raises(NotFoundError, match="There is no run"):
        calibration.of_run(store, 999)


def test_it_is_stored_with_the_run_and_used_when_asked(scored, monkeypatch):
    store, number = scored
    with pytest.raises(InputError, match="has no temperature"):
        photos.load(store, number, calibrated=True)
    fitted = calibration.of_run(store, number).fitted
    calibration.keep_temperature(store, number, fitted)
    assert calibration.temperature(store, number) == fitted
    raw = np.full((8, 7), 0.05)
    raw[:, 4] = 0.7

    class Model:
        def predict_on_batch(self, faces):
            return raw[: len(faces)]

    monkeypatch.setattr(model_files, "model_path", lambda *_: None)
    monkeypatch.setattr(Predictor, "load", classmethod(lambda cls, *_: cls(Model())))
    faces = np.zeros((2, 48, 48), np.uint8)
    assert photos.load(store, number).probabilities(faces) == pytest.approx(raw[:2], abs=1e-6)
    mended = photos.load(store, number, calibrated=True).probabilities(faces)
    assert mended == pytest.approx(scaled(raw[:2], fitted.value), abs=1e-6) and mended[0, 4] < 0.7


def test_the_command(lite):
    fill(lite, "D", [3, 5])
    fill(lite, "D", drawn(120, 1.0, 0)[1].tolist(), "validation", 50)
    fill(lite, "D", drawn(120, 1.0, 1)[1].tolist(), "test", 400)
    snapshots.freeze(lite, "S", ["D"])
    number, other = run(lite), run(lite, seed=1)
    for seed, split in enumerate(("validation", "test")):
        keep(lite, number, "D", split, seed, 2.0)
    keep(lite, other, "D", "test", 1, 2.0)
    runner = CliRunner()
    said = json.loads(runner.invoke(cli, ["calibration", str(number), "--keep", "--json"]).stdout)
    assert said["temperature"]["value"] == calibration.temperature(lite, number).value > 1
    assert {place["split"] for place in said["places"]} == {"validation", "test"}
    assert "temperature" in runner.invoke(cli, ["calibration", str(number)]).stdout
    refused = runner.invoke(cli, ["calibration", str(other), "--keep"])
    assert isinstance(refused.exception, InputError) and calibration.temperature(lite, other) is None

"""Calibration against scikit-learn, by hand, and on probabilities that are known to be right or wrong."""

import numpy as np
import pytest
from scipy import special
from sklearn.calibration import calibration_curve
from sklearn.metrics import log_loss

from fercore.errors import InputError
from fercore.evaluation import calibration as c


def drawn(faces=4000, temperature=1.0, seed=0):
    """Probabilities and labels: right as they stand, or too sure by a temperature."""
    chance = np.random.default_rng(seed)
    logits = chance.normal(0, 1.5, (faces, 7))
    shares = special.softmax(logits, axis=1)
    labels = (shares.cumsum(1) > chance.random((faces, 1))).argmax(1)
    return special.softmax(logits * temperature, axis=1), labels


def test_bins_as_scikit_learn_has_them():
    shares, labels = drawn(temperature=2)
    result = c.calibration(shares, labels)
    right = shares.argmax(1) == labels
    accuracy, confidence = calibration_curve(right, shares.max(1), n_bins=c.BINS)
    assert [each.accuracy for each in result.bins] == pytest.approx(accuracy)
    assert [each.confidence for each in result.bins] == pytest.approx(confidence)
    weights = np.array([each.n for each in result.bins]) / len(labels)
    assert result.ece == pytest.approx((weights * abs(accuracy - confidence)).sum())


def test_by_hand():
    shares = np.full((4, 7), 0.1 / 6)
    shares[:, 0] = 0.9
    result = c.calibration(shares, np.array([0, 0, 0, 1]))
    assert (result.ece, result.accuracy, result.confidence) == pytest.approx((0.15, 0.75, 0.9))
    rest = 6 * (0.1 / 6) ** 2
    missed = 0.9**2 + (1 - 0.1 / 6) ** 2 + 5 * (0.1 / 6) ** 2
    assert result.brier == pytest.approx((3 * (0.01 + rest) + missed) / 4)


@pytest.mark.parametrize("faces", [200, 2000])
def test_an_honest_model_s_error_is_what_chance_gives(faces):
    honest = c.calibration(*drawn(faces))
    sure = c.calibration(*drawn(faces, temperature=2.5))
    assert honest.ece == pytest.approx(honest.ece_by_chance, rel=0.5)
    assert sure.ece > 3 * sure.ece_by_chance


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_is_found_again(temperature):
    shares, labels = drawn(20_000, temperature)
    found = c.fitted_temperature(shares, labels)
    assert found == pytest.approx(temperature, rel=0.05)
    mended = c.scaled(shares, found)
    assert log_loss(labels, mended) <= log_loss(labels, shares) + 1e-9
    assert c.calibration(mended, labels).ece < 0.02


def test_scaling_keeps_the_order_and_the_sum():
    shares, _ = drawn(50)
    mended = c.scaled(shares.astype(np.float32), 3.0)
    assert (mended.argsort(1) == shares.argsort(1)).all() and mended.sum(1) == pytest.approx(np.ones(50))
    assert c.scaled(shares, 1.0) == pytest.approx(shares, abs=1e-6)
    certain = np.eye(7)[:1]
    assert np.isfinite(c.scaled(certain, 20.0)).all()


def test_accuracy_rises_as_the_model_abstains():
    curve = c.abstentions(*drawn())
    assert curve[-1].coverage == 1.0 and curve[-1].accuracy < curve[0].accuracy
    shares, labels = drawn()
    kept = shares.max(1) >= curve[40].confidence
    assert curve[40].coverage == pytest.approx(kept.mean())
    assert curve[40].accuracy == pytest.approx((shares.argmax(1) == labels)[kept].mean())


def test_faces_of_one_confidence_are_kept_together():
    shares = np.full((10, 7), 0.1)
    shares[:, 2] = 0.4
    assert [each.coverage for each in c.abstentions(shares, np.full(10, 2))] == [1.0]


@pytest.mark.parametrize("coverage", [0.8, 0.9, 0.95])
def test_sets_hold_the_truth_as_often_as_they_say(coverage):
    threshold = c.set_threshold(*drawn(2000, 2.0, seed=1), coverage)
    measured = c.set_coverage(*drawn(20_000, 2.0, seed=2), threshold)
    assert measured.share == pytest.approx(coverage, abs=0.02)
    assert measured.low < measured.share < measured.high and 1 <= measured.size <= 7


def test_a_threshold_by_hand():
    """Nine faces whose true emotion has 0.1 to 0.9: nine of ten new ones have at least the least of these."""
    shares = np.zeros((9, 7))
    shares[:, 0] = np.arange(1, 10) / 10
    shares[:, 1] = 1 - shares[:, 0]
    labels = np.zeros(9, int)
    assert c.set_threshold(shares, labels, 0.9) == pytest.approx(0.1)
    assert c.set_threshold(shares, labels, 0.8) == pytest.approx(0.2)
    assert c.set_threshold(shares, labels, 0.95) == 0.0, "too few faces: all seven stand in a set"


def test_the_surest_emotion_is_always_in_a_set():
    shares = np.full((1, 7), 1 / 7)
    assert c.set_coverage(shares, np.array([0]), 0.9).size == 1.0


@pytest.mark.parametrize("function", [c.calibration, c.fitted_temperature, c.abstentions, c.set_threshold])
def test_no_face_is_refused(function):
    with pytest.raises(InputError, match="do not fit"):
        function(np.empty((0, 7)), np.empty(0, int))

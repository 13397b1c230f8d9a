"""Measures that give a label away, and the classifier that tells datasets apart."""

import numpy as np
import pytest

from fercore.curation import domains, features, shortcuts
from fercore.curation.shortcuts import MEASURES, Measure
from fercore.drawing.faces import dataset as drawn
from fercore.drawing.styles import Style
from fercore.errors import InputError


def test_measures_of_pictures():
    picture = np.full((48, 48), 100, np.uint8)
    framed = picture.copy()
    framed[3:-3, 3:-3] = 200
    striped = picture.copy()
    striped[:, :3] = 0
    columns = dict(zip(MEASURES, shortcuts.measured(np.stack([picture, framed, striped])).T, strict=True))
    assert columns[Measure.BORDER_MEAN] == pytest.approx([100, 100, 100 - 100 * 144 / 540])
    assert columns[Measure.BORDER_DEVIATION][:2] == pytest.approx([0, 0]) and columns[Measure.BORDER_DEVIATION][2] > 40
    assert columns[Measure.BRIGHTNESS][0] == 100 and columns[Measure.BRIGHTNESS][1] > 170
    assert columns[Measure.CONTRAST][0] == 0 < columns[Measure.SHARPNESS][1]


def recall(labels, guess):
    return np.mean([(guess[labels == each] == each).mean() for each in np.unique(labels)])


@pytest.mark.parametrize(("strength", "low", "high"), [(0, 0.25, 0.42), (30, 0.8, 1.0)])
def test_a_measure_tells_what_goes_with_it_and_nothing_else(strength, low, high):
    random = np.random.default_rng(0)
    labels = random.choice([0, 3, 6], 900, p=[0.8, 0.1, 0.1])
    values = random.normal(0, 10, 900) + strength * labels / 3
    guess = shortcuts.predicted(values, labels, np.arange(900))
    assert set(guess.tolist()) <= {0, 3, 6} and low < recall(labels, guess) < high


def test_a_measure_that_is_not_monotonic_is_read_too():
    random = np.random.default_rng(0)
    values = random.random(600)
    labels = ((values > 0.3) & (values < 0.7)).astype(int)
    assert recall(labels, shortcuts.predicted(values, labels, np.arange(600))) > 0.9


def test_copies_do_not_tell():
    """Each value stands for one picture with a random label: its copies are in the same fold."""
    random = np.random.default_rng(0)
    groups = np.repeat(np.arange(60), 10)
    values, labels = random.random(60)[groups], random.integers(0, 2, 60)[groups]
    assert recall(labels, shortcuts.predicted(values, labels, groups)) < 0.65


def test_constant_values_and_too_few_groups():
    labels = np.array([0, 1] * 30)
    assert recall(labels, shortcuts.predicted(np.zeros(60), labels, np.arange(60))) == 0.5
    with pytest.raises(InputError, match="parts"):
        shortcuts.predicted(np.zeros(60), labels, labels)


def test_two_styles_are_told_apart_and_one_is_not():
    west, east = (drawn(style, 15, seed)[0] for seed, style in enumerate((Style.WEST, Style.EAST)))
    again = drawn(Style.WEST, 15, 7)[0]
    datasets = np.repeat([0, 1], 105)
    apart = domains.predicted(features.described(np.vstack([west, east])), datasets, np.arange(210))
    alike = domains.predicted(features.described(np.vstack([west, again])), datasets, np.arange(210))
    assert recall(datasets, apart) > 0.9 and 0.35 < recall(datasets, alike) < 0.65


def test_as_many_faces_with_the_same_emotions_are_drawn(monkeypatch):
    monkeypatch.setattr(domains, "MOST", 200)
    random = np.random.default_rng(0)
    datasets = np.repeat([0, 3], [3000, 900])
    labels = np.concatenate([random.choice(7, 3000), random.choice(7, 900, p=[0.7, *[0.05] * 6])])
    chosen = domains.drawn(datasets, labels)
    counts = [np.bincount(labels[chosen][datasets[chosen] == each], minlength=7) for each in (0, 3)]
    assert (counts[0] == counts[1]).all() and 190 < counts[0].sum() <= 200
    assert len(set(chosen.tolist())) == len(chosen) and (np.diff(chosen) > 0).all()


@pytest.mark.parametrize("labels", [np.full(150, -1), np.repeat([0, 5], [100, 50])])
def test_without_common_emotions_any_faces_are_drawn(labels):
    datasets = np.repeat([0, 1], [100, 50])
    chosen = domains.drawn(datasets, labels)
    assert np.bincount(datasets[chosen]).tolist() == [50, 50]

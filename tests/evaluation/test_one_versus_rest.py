"""Curves of one emotion and the areas under them, against scikit-learn, the literature, and draws."""

import numpy as np
import pytest
from sklearn import metrics as sklearn

from fercore.evaluation import emotion_scores, one_versus_rest
from fercore.evaluation.emotion_scores import FIGURES
from fercore.evaluation.intervals import clustered
from fercore.evaluation.significance import wilson

# Fawcett 2006, figure 3: twenty instances by falling score.
FAWCETT_TRUE = np.array([letter == "p" for letter in "ppnpppnnpnpnpnnnpnpn"])
FAWCETT = np.array(
    [0.9, 0.8, 0.7, 0.6, 0.55, 0.54, 0.53, 0.52, 0.51, 0.505, 0.4, 0.39, 0.38, 0.37, 0.36, 0.35, 0.34, 0.33, 0.3, 0.1]
)


def drawn(seed, faces=250, digits=1, share=0.3):
    """Flags and scores with ties, higher for the flagged."""
    chance = np.random.default_rng(seed)
    true = chance.random(faces) < share
    true[:2] = (True, False)
    return true, np.round(chance.normal(size=faces) + true, digits)


def test_fawcetts_example():
    found = one_versus_rest.curve(FAWCETT_TRUE, FAWCETT)
    assert found.recall[:5].tolist() == [0.1, 0.2, 0.2, 0.3, 0.4]
    assert found.false_positives[:5].tolist() == [0.0, 0.0, 0.1, 0.1, 0.1]
    assert one_versus_rest.area(FAWCETT_TRUE, FAWCETT, np.arange(20)).value == pytest.approx(0.68)
    at_half = found.thresholds >= 0.5  # the paper: at 0.5 its accuracy is 70 %
    right = found.recall[at_half][-1] * 10 + (1 - found.false_positives[at_half][-1]) * 10
    assert right / 20 == pytest.approx(0.6) and found.recall[found.thresholds > 0.53][-1] == pytest.approx(0.5)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("digits", [0, 1, 8])
def test_curves_and_areas_are_scikit_learns(seed, digits):
    true, shares = drawn(seed, digits=digits)
    found, alone = one_versus_rest.curve(true, shares), np.arange(len(true))
    false, recall, thresholds = sklearn.roc_curve(true, shares, drop_intermediate=False)
    assert found.false_positives == pytest.approx(false[1:]) and found.recall == pytest.approx(recall[1:])
    assert found.thresholds == pytest.approx(thresholds[1:])
    precision, _, _ = sklearn.precision_recall_curve(true, shares)
    assert found.precision == pytest.approx(precision[-2::-1])
    assert one_versus_rest.area(true, shares, alone).value == pytest.approx(sklearn.roc_auc_score(true, shares))
    assert one_versus_rest.average_precision(true, shares, alone).value == pytest.approx(
        sklearn.average_precision_score(true, shares)
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_spread_of_an_area_is_delongs(seed):
    true, shares = drawn(seed)
    above = (shares[true][:, None] > shares[~true]) + 0.5 * (shares[true][:, None] == shares[~true])
    expected = above.mean(1).var(ddof=1) / true.sum() + above.mean(0).var(ddof=1) / (~true).sum()
    found = one_versus_rest.area(true, shares, np.arange(len(true)))
    assert one_versus_rest.variance(found.slopes, np.arange(len(true))) == pytest.approx(expected)


@pytest.mark.parametrize("digits", [1, 8])
def test_slopes_of_average_precision_are_its_changes_by_weight(digits):
    true, shares = drawn(4, 80, digits)
    found = one_versus_rest.average_precision(true, shares, np.arange(80))
    for face in range(0, 80, 7):
        weights = np.ones(80)
        weights[face] += 1e-6
        change = sklearn.average_precision_score(true, shares, sample_weight=weights) - found.value
        assert found.slopes[face] / (80 / 79) ** 0.5 == pytest.approx(change * 1e6, abs=1e-5)


@pytest.mark.parametrize("figure", [one_versus_rest.area, one_versus_rest.average_precision])
@pytest.mark.parametrize("people", [False, True])
def test_the_spread_is_that_of_drawn_faces(figure, people):
    chance = np.random.default_rng(1)
    groups = np.repeat(np.arange(150), 6) if people else np.arange(900)
    count = groups.max() + 1
    true = chance.random(900) < 0.3
    shares = chance.normal(size=900) + true + 2 * chance.normal(size=count)[groups] * people
    known = one_versus_rest.variance(figure(true, shares, groups).slopes, groups) ** 0.5
    members = [np.flatnonzero(groups == group) for group in range(count)]
    values = []
    for _ in range(300):
        picked = np.concatenate([members[group] for group in chance.integers(0, count, count)])
        values.append(figure(true[picked], shares[picked], np.arange(len(picked))).value)
    assert known == pytest.approx(np.std(values), rel=0.15)


@pytest.mark.parametrize(
    ("true", "shares", "value"),
    [
        pytest.param([True] * 6 + [False] * 6, np.arange(12)[::-1], 1.0, id="told apart"),
        pytest.param([True] * 6 + [False] * 6, np.arange(12), 0.0, id="the wrong way round"),
        pytest.param([True] + [False] * 6, np.arange(7), 0.0, id="one face"),
        pytest.param([True] * 4, np.arange(4), None, id="only that emotion"),
        pytest.param([False] * 4, np.arange(4), None, id="none of it"),
        pytest.param([True, False] * 10, np.zeros(20), 0.5, id="no opinion"),
    ],
)
def test_intervals_stay_honest_at_the_ends(true, shares, value):
    found = one_versus_rest.area(np.array(true), shares, np.arange(len(true)))
    assert found.value == value and 0 <= found.low <= (value or 0) and (value or 0) <= found.high <= 1
    assert found.high - found.low > 0.3, "few faces say little"


def emotions(seed, faces=400, people=None):
    chance = np.random.default_rng(seed)
    labels = chance.choice(7, faces, p=[0.2, 0.02, 0.2, 0.28, 0.1, 0.2, 0])
    shares = chance.dirichlet(np.ones(7), faces)
    shares[np.arange(faces), labels] += chance.random(faces)
    shares = (shares / shares.sum(1, keepdims=True)).astype(np.float32)
    groups = None if people is None else np.unique(chance.integers(0, people, faces), return_inverse=True)[1]
    return labels, shares, groups


@pytest.mark.parametrize("seed", range(5))
def test_figures_of_the_emotions_are_scikit_learns(seed):
    labels, shares, _ = emotions(seed)
    said = shares.argmax(1)
    found = emotion_scores.scores(labels, said, shares, None)
    precision, recall, f1, n = sklearn.precision_recall_fscore_support(
        labels, said, labels=range(7), zero_division=np.nan
    )
    for emotion, scores in enumerate(found):
        assert scores.n == n[emotion] and scores.predicted == (said == emotion).sum()
        if not n[emotion]:
            assert all(scores.figure(name).value is None for name in FIGURES)
            continue
        expected = (precision[emotion], recall[emotion], f1[emotion])
        for name, value in zip(FIGURES[:3], expected, strict=True):
            assert np.isnan(value) == (scores.figure(name).value is None)
            assert np.isnan(value) or scores.figure(name).value == pytest.approx(value)
        assert scores.auc.value == pytest.approx(sklearn.roc_auc_score(labels == emotion, shares[:, emotion]))


def test_intervals_of_single_faces_are_wilsons():
    labels, shares, _ = emotions(1)
    said = shares.argmax(1)
    scores = emotion_scores.scores(labels, said, None, None)[3]
    hits = int(((labels == 3) & (said == 3)).sum())
    assert (scores.recall.low, scores.recall.high) == wilson(hits, scores.n)
    assert (scores.precision.low, scores.precision.high) == wilson(hits, scores.predicted)
    low, high = wilson(hits, scores.n + scores.predicted - hits)
    assert (scores.f1.low, scores.f1.high) == pytest.approx((2 * low / (1 + low), 2 * high / (1 + high)))
    assert scores.auc.value is None and scores.average_precision.value is None, "words alone have no curve"


def test_faces_of_people_widen_the_intervals():
    labels, shares, people = emotions(2, 600, 20)
    said = np.where(people % 2, labels, shares.argmax(1))
    alone, grouped = (emotion_scores.scores(labels, said, shares, groups)[0] for groups in (None, people))
    assert grouped.recall.high - grouped.recall.low > alone.recall.high - alone.recall.low
    here = labels == 0
    assert (grouped.recall.low, grouped.recall.high) == pytest.approx(
        clustered(said[here] == 0, people[here]), abs=0.02
    )
    assert grouped.f1.low < alone.f1.low


def test_two_runs_differ_where_they_do():
    labels, shares, people = emotions(3, 600, 60)
    better = shares.copy()
    better[np.arange(600), labels] += 0.3
    first, second = (emotion_scores.scores(labels, each.argmax(1), each, people)[3] for each in (better, shares))
    for name in FIGURES:
        change = emotion_scores.difference(first.figure(name), second.figure(name), people)
        assert change.value > 0 and change.low < change.value < change.high and change.p_value < 0.05, name
        same = emotion_scores.difference(first.figure(name), first.figure(name), people)
        assert (same.value, same.p_value) == (0, 1)
    assert emotion_scores.difference(first.auc, emotion_scores.Estimate(None), people) is None

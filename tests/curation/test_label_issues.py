"""Labels that look wrong: planted errors come first, no emotion is drowned, and nothing is seen by its own model."""

import numpy as np
import pytest

from fercore.curation import features, label_issues, out_of_fold, visual_words
from fercore.drawing.faces import dataset as drawn
from fercore.emotions import EMOTIONS
from fercore.errors import InputError


@pytest.fixture(scope="module")
def planted():
    """420 drawn faces, every tenth of which has another emotion as its label: (pixels, labels, planted)."""
    pixels, labels = drawn("west", 60, 0)
    random = np.random.default_rng(0)
    wrong = np.zeros(len(labels), bool)
    wrong[random.permutation(len(labels))[: len(labels) // 10]] = True
    labels = labels.astype(np.int64)
    return pixels, np.where(wrong, (labels + random.integers(1, 7, len(labels))) % 7, labels), wrong


def test_planted_errors_come_first(planted):
    pixels, labels, wrong = planted
    seen = []
    given = out_of_fold.probabilities(
        visual_words.learned(pixels).described(pixels),
        labels,
        np.arange(len(labels)),
        progress=lambda *at: seen.append(at),
    )
    issues = label_issues.by_probabilities(labels, given)
    assert np.allclose(given.sum(1), 1) and seen == [(at, 9) for at in range(1, 10)]
    first = issues.order[: wrong.sum()]
    assert wrong[first].mean() > 5 * wrong.mean()
    assert (issues.suggested != labels).all() and 0 < issues.is_issue.sum() < len(labels)
    assert sorted(issues.order) == list(range(len(labels)))


@pytest.mark.parametrize(
    ("own", "other", "score"),
    [
        pytest.param(0.3, 0.2, 0.4, id="seldom read with confidence, and nothing is likelier"),
        pytest.param(0.3, 0.6, 2 / 3, id="as unlikely, and another emotion is twice as likely"),
        pytest.param(0.0, 0.0, 0.0, id="nothing is known"),
        pytest.param(0.0, 1.0, 1.0, id="surely wrong"),
    ],
)
def test_a_label_is_judged_beside_the_likeliest_other_emotion(own, other, score):
    shares = np.zeros((1, 7))
    shares[0, 2], shares[0, 5] = own, other
    assert label_issues.by_probabilities(np.array([2]), shares).score == pytest.approx([score])


def test_a_quota_for_each_emotion():
    """Ten Disgust faces that all look better than a thousand others: five of the first half are theirs."""
    labels = np.array([EMOTIONS.index("Disgust")] * 10 + [EMOTIONS.index("Happy")] * 1000)
    shares = np.full((len(labels), 7), 0.01)
    shares[:10, EMOTIONS.index("Disgust")] = 0.9
    shares[10:, EMOTIONS.index("Happy")] = np.linspace(0.1, 0.8, 1000)
    order = label_issues.by_probabilities(labels, shares / shares.sum(1, keepdims=True)).order
    for part in (0.2, 0.4, 0.6, 0.8, 1.0):
        first = order[: round(len(labels) * part)]
        assert (first < 10).sum() >= 10 * part * label_issues.QUOTA


@pytest.mark.parametrize("count", [2, 3, 5])
def test_a_group_stands_in_one_fold(count):
    random = np.random.default_rng(count)
    labels, groups = random.integers(0, 7, 700), random.integers(0, 200, 700)
    fold = out_of_fold.folds(labels, groups, seed=1, count=count)
    assert set(fold) == set(range(count))
    assert all(len(set(fold[groups == group])) == 1 for group in np.unique(groups))
    sizes = np.bincount(fold)
    assert sizes.max() < 1.2 * sizes.min()
    np.testing.assert_array_equal(fold, out_of_fold.folds(labels, groups, seed=1, count=count))


def test_folds_are_alike_in_emotions():
    labels = np.repeat(np.arange(7), [30, 3, 60, 90, 30, 15, 6])
    fold = out_of_fold.folds(labels, np.arange(len(labels)))
    counts = np.array([[(labels[fold == part] == emotion).sum() for emotion in range(7)] for part in range(3)])
    assert (counts.max(0) - counts.min(0) <= 1).all()


@pytest.mark.parametrize(
    ("margins", "expected"),
    [pytest.param([0.9, -0.5, 0.1], [1, 2, 0], id="the lowest first"), pytest.param([0.5], [0], id="one face")],
)
def test_by_the_margin_of_a_training(margins, expected):
    issues = label_issues.by_margin(np.zeros(len(margins), np.int64), np.array(margins))
    assert issues.order.tolist() == expected
    assert issues.is_issue.tolist() == [margin < 0 for margin in margins] and set(issues.suggested) == {-1}


@pytest.mark.parametrize(("labels", "shape"), [([0, 7], (2, 7)), ([0, -1], (2, 7)), ([0, 1], (3, 7)), ([0, 1], (2, 6))])
def test_what_does_not_belong_together_is_refused(labels, shape):
    with pytest.raises(InputError, match="a label and seven probabilities"):
        label_issues.by_probabilities(np.array(labels), np.full(shape, 1 / 7))


@pytest.mark.parametrize("people", [1, 2])
def test_too_few_groups_are_refused(people):
    labels = np.zeros(30, np.int64)
    with pytest.raises(InputError, match="in 3 parts"):
        out_of_fold.probabilities(np.zeros((30, 4), np.float32), labels, np.arange(30) % people)


def test_one_emotion_alone_has_no_issue():
    given = np.full((5, 7), 1 / 7)
    assert not label_issues.by_probabilities(np.full(5, 3), given).is_issue.any()


def test_features_do_not_depend_on_brightness():
    pixels, _ = drawn("west", 2, 0)
    darker = (pixels * 0.5).astype(np.uint8)
    difference = np.abs(features.described(pixels) - features.described(darker)).max()
    assert features.described(pixels).shape == (14, 1044) and difference < 0.2
    assert not features.described(np.zeros((2, 48, 48), np.uint8)).any(), "a blank face has none"


@pytest.mark.parametrize(("chunk", "fitted"), [(50, 60_000), (50, 120)])
def test_more_faces_than_memory_holds_are_read_in_parts(planted, monkeypatch, chunk, fitted):
    pixels, labels, wrong = planted
    described, groups = features.described(pixels), np.arange(len(labels))
    monkeypatch.setattr(out_of_fold, "CHUNK", chunk)
    monkeypatch.setattr(out_of_fold, "FITTED", fitted)
    largest, steps = [], []

    def read(places):
        largest.append(len(places))
        return described[places]

    shares = out_of_fold.streamed(read, labels, groups, progress=lambda *step: steps.append(step))
    assert max(largest) <= chunk and steps[-1][0] == steps[-1][1]
    if fitted > len(labels):
        assert np.allclose(shares, out_of_fold.probabilities(described, labels, groups))
    first = label_issues.by_probabilities(labels, shares).order[: wrong.sum()]
    assert wrong[first].mean() > 3 * wrong.mean()

"""Agreement: figures of the literature, known error rates, and what cannot be measured."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from fercore.curation import agreement
from fercore.curation.agreement import CATEGORIES, NOBODY, REJECTED

# Krippendorff 2011, section C: four observers, twelve units, five categories here counted from 0.
KRIPPENDORFF = [
    [0, 1, 2, 2, 1, 0, 3, 0, 1, NOBODY, NOBODY, NOBODY],
    [0, 1, 2, 2, 1, 1, 3, 0, 1, 4, NOBODY, 2],
    [NOBODY, 2, 2, 2, 1, 2, 3, 1, 1, 4, 0, NOBODY],
    [0, 1, 2, 2, 1, 3, 3, 0, 1, 4, 0, NOBODY],
]
# Fleiss 1971's worked example in the form often quoted: ten subjects, fourteen raters, five categories.
FLEISS = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
]


def rated(*errors, faces=3000, seed=0):
    """People who miss the truth at these rates, then saying any other emotion."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, 7, faces)
    missed = [(random.random(faces) < rate) * random.integers(1, 7, faces) for rate in errors]
    return np.stack([(truth + by) % 7 for by in missed], axis=1)


@pytest.mark.parametrize(
    ("coefficient", "counts", "expected"),
    [
        pytest.param(
            agreement.krippendorff_alpha, agreement.counts_of(np.array(KRIPPENDORFF).T), 0.743, id="Krippendorff 2011"
        ),
        pytest.param(agreement.fleiss_kappa, np.array(FLEISS), 0.210, id="Fleiss 1971"),
        pytest.param(agreement.observed, np.array(FLEISS), 0.378, id="Fleiss 1971, observed"),
        # Gwet 2008, the paradox of kappa: 118 + 2 of 125 agree, 5 do not, nearly all in one category.
        pytest.param(
            agreement.gwet_ac1, np.array([[2, 0]] * 118 + [[1, 1]] * 7 + [[0, 2]] * 0), 0.941, id="Gwet's paradox"
        ),
    ],
)
def test_figures_of_the_literature(coefficient, counts, expected):
    assert coefficient(counts) == pytest.approx(expected, abs=6e-4)


def test_cohen_is_that_of_scikit_learn():
    first, other = rated(0.1, 0.3).T
    result = agreement.cohen_kappa(first, other)
    assert result.value == pytest.approx(cohen_kappa_score(first, other))
    assert result.low < result.value < result.high and result.faces == 3000


@pytest.mark.parametrize("errors", [(0.05, 0.1, 0.2), (0.3, 0.3, 0.3)])
@pytest.mark.parametrize(
    ("coefficient", "by_chance"),
    [
        pytest.param(agreement.fleiss_kappa, 1 / 7, id="Fleiss"),
        pytest.param(agreement.krippendorff_alpha, 1 / 7, id="Krippendorff"),
        pytest.param(agreement.gwet_ac1, 6 / 7 / (CATEGORIES - 1), id="Gwet, who counts the category nobody used"),
    ],
)
def test_known_error_rates_lie_in_the_intervals(errors, coefficient, by_chance):
    """Two who miss at rates a and b say the same with (1-a)(1-b) + ab/6."""
    pairs = [(a, b) for i, a in enumerate(errors) for b in errors[i + 1 :]]
    same = np.mean([(1 - a) * (1 - b) + a * b / 6 for a, b in pairs])
    result = agreement.estimate(coefficient, agreement.counts_of(rated(*errors)))
    assert result.low <= (same - by_chance) / (1 - by_chance) <= result.high
    assert result.high - result.low < 0.05


def test_faces_with_one_rating_count_for_nothing_and_rejections_are_a_category():
    ratings = np.array([[0, 0], [1, NOBODY], [REJECTED, REJECTED], [NOBODY, NOBODY], [2, REJECTED]])
    counts = agreement.counts_of(ratings)
    assert counts.shape == (3, CATEGORIES)
    assert agreement.observed(counts) == pytest.approx(2 / 3)
    together = agreement.confused(ratings)
    assert together[0, 0] == together[REJECTED, REJECTED] == together[2, REJECTED] == together[REJECTED, 2] == 1
    assert together.sum() == 4
    assert agreement.for_category(counts, REJECTED).tolist() == [[0, 2], [2, 0], [1, 1]]


@pytest.mark.parametrize(
    "coefficient", [agreement.fleiss_kappa, agreement.krippendorff_alpha], ids=lambda item: item.__name__
)
def test_where_all_say_one_thing_chance_explains_all(coefficient):
    counts = agreement.counts_of(np.full((5, 2), 3))
    assert agreement.estimate(coefficient, counts).value is None
    assert agreement.estimate(agreement.observed, counts).value == 1


def test_nothing_in_common():
    first, other = np.array([1, NOBODY]), np.array([NOBODY, 1])
    assert agreement.cohen_kappa(first, other) == agreement.Estimate(0, None, None, None)
    assert agreement.estimate(agreement.observed, agreement.counts_of(np.stack([first, other], axis=1))).faces == 0


def test_an_interval_holds_95_percent_of_what_resampled_faces_give():
    counts = agreement.counts_of(rated(0.1, 0.3, faces=40))
    random = np.random.default_rng(0)
    drawn = [agreement.observed(counts[random.integers(0, 40, 40)]) for _ in range(400)]
    result = agreement.estimate(agreement.observed, counts)
    assert (result.faces, result.value) == (40, agreement.observed(counts))
    assert (result.low, result.high) == pytest.approx(tuple(np.percentile(drawn, (2.5, 97.5))), abs=1e-12)


def test_cohens_interval_holds_95_percent_of_what_resampled_faces_give():
    first, other = rated(0.1, 0.3, faces=60).T
    table = np.zeros((CATEGORIES, CATEGORIES))
    np.add.at(table, (first, other), 1)
    drawn = []
    for cells in np.random.default_rng(0).multinomial(60, table.ravel() / 60, size=400):
        shares = cells.reshape(table.shape) / 60
        chance = (shares.sum(axis=1) * shares.sum(axis=0)).sum()
        drawn.append((np.trace(shares) - chance) / (1 - chance))
    result = agreement.cohen_kappa(first, other)
    assert (result.low, result.high) == pytest.approx(tuple(np.percentile(drawn, (2.5, 97.5))), abs=1e-12)


def test_other_seeds_draw_other_faces():
    counts = agreement.counts_of(rated(0.1, 0.3, faces=40))
    first, same, other = (agreement.estimate(agreement.fleiss_kappa, counts, seed=seed) for seed in (0, 0, 1))
    assert first == same and first.value == other.value and first.low != other.low

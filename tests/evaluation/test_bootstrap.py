"""Bootstrap intervals of differences: by clusters of faces, and over faces and seeds."""

import numpy as np
import pytest
from scipy import stats

from fercore.errors import InputError
from fercore.evaluation.bootstrap import crossed, paired


def test_single_faces_as_the_paired_t_test_has_it():
    values = np.random.default_rng(2).choice([-1, 0, 0, 0, 1, 1], 900).astype(float)
    result, known = paired(values, np.arange(900)), stats.ttest_1samp(values, 0)
    interval = known.confidence_interval(0.95)
    assert result.value == pytest.approx(values.mean())
    assert (result.low, result.high) == pytest.approx((interval.low, interval.high), abs=0.003)
    assert result.p_value == pytest.approx(known.pvalue, abs=0.01)


def test_scipy_draws_the_same_interval():
    values = np.random.default_rng(5).choice([-1.0, 0.0, 1.0], 400, p=[0.1, 0.7, 0.2])
    known = stats.bootstrap((values,), np.mean, n_resamples=4000, method="percentile", rng=1).confidence_interval
    result = paired(values, np.arange(400))
    assert (result.low, result.high) == pytest.approx((known.low, known.high), abs=0.004)


def test_copies_of_a_face_say_nothing_more():
    values, faces = np.random.default_rng(3).choice([-1, 0, 1], 60).astype(float), np.arange(60)
    once, often = paired(values, faces), paired(np.repeat(values, 9), np.repeat(faces, 9))
    assert (often.low, often.high) == pytest.approx((once.low, once.high))


def test_clusters_as_the_linearised_variance_has_it():
    chance = np.random.default_rng(4)
    people = np.repeat(np.arange(40), chance.integers(3, 20, 40))
    values = np.sign(chance.normal(chance.normal(0.2, 1, 40)[people], 1))
    result = paired(values, people)
    sizes, sums = np.bincount(people), np.bincount(people, weights=values)
    spread = (40 / 39 * ((sums - values.mean() * sizes) ** 2).sum()) ** 0.5 / len(people)
    half = stats.t.ppf(0.975, 39) * spread
    assert result.high - result.low == pytest.approx(2 * half, rel=0.06)


@pytest.mark.parametrize(
    ("values", "clusters", "expected"),
    [
        pytest.param([1, 0, -1], [4, 4, 4], (0.0, -1.0, 1.0, 1.0), id="one person says nothing of others"),
        pytest.param([0, 0, 0, 0], [0, 1, 2, 3], (0.0, 0.0, 0.0, 1.0), id="no difference anywhere"),
    ],
)
def test_edges(values, clusters, expected):
    result = paired(values, np.array(clusters))
    assert (result.value, result.low, result.high, result.p_value) == expected


def test_the_same_seed_draws_the_same():
    values = np.random.default_rng(1).choice([-1.0, 0, 1], 50)
    assert paired(values, np.arange(50), seed=7) == paired(values, np.arange(50), seed=7)
    assert paired(values, np.arange(50), seed=7) != paired(values, np.arange(50), seed=8)


def seeds_of(skills, faces, noise, chance):
    """(S, N) flags: seeds differ in skill, faces in how hard they are, and each pair by noise."""
    hard = chance.normal(0, 0.2, faces)
    return chance.random((len(skills), faces)) < np.clip(
        0.6 + np.array(skills)[:, None] + hard + noise * chance.normal(size=(len(skills), faces)), 0, 1
    )


def test_seeds_that_differ_widen_the_interval():
    chance = np.random.default_rng(6)
    alike, apart = ([0.0] * 5, [-0.1, -0.05, 0.0, 0.05, 0.1])
    narrow, wide = (crossed(*(seeds_of(s, 800, 0, chance) for _ in "ab"), np.arange(800)) for s in (alike, apart))
    assert wide.high - wide.low > 1.8 * (narrow.high - narrow.low)
    assert wide.freedom < 20


def test_seeds_as_the_welch_test_has_it_where_faces_do_not_matter():
    """With so many faces that their draw adds nothing, seeds are two samples of a few numbers."""
    chance = np.random.default_rng(8)
    first, second = (chance.random((6, 40_000)) < (0.6 + chance.normal(0, 0.02, 6))[:, None] for _ in "ab")
    result = crossed(first, second, np.arange(40_000), draws=2_000)
    interval = stats.ttest_ind(first.mean(1), second.mean(1), equal_var=False).confidence_interval()
    assert (result.low, result.high) == pytest.approx((interval.low, interval.high), abs=0.008)


@pytest.mark.parametrize(
    ("first", "clusters", "message"),
    [
        pytest.param((1, 4), 4, "two seeds or more", id="one seed"),
        pytest.param((2, 3), 4, "flags of shape", id="other faces"),
        pytest.param((2, 0), 0, "flags of shape", id="no face"),
    ],
)
def test_refusals(first, clusters, message):
    with pytest.raises(InputError, match=message):
        crossed(np.ones(first), np.ones((2, clusters)), np.arange(clusters))


def test_many_tests_do_not_meet_a_floor_of_the_draws():
    """A difference that no draw brings near zero passes Holm's adjustment over thousands of pairs."""
    values = np.where(np.arange(2_000) % 10 < 3, 1.0, 0.0) - np.where(np.arange(2_000) % 10 == 9, 1.0, 0.0)
    found = paired(values, np.arange(2_000) // 2)
    assert found.low > 0.1 and found.p_value < 1e-10

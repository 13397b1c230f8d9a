"""Faces as points of a plane."""

import numpy as np
import pytest

from fercore.curation import embedding_map
from fercore.errors import Cancelled


def clouds(each=40, seed=0):
    """Three clouds of vectors in 60 dimensions, far from each other; and the cloud of each."""
    random = np.random.default_rng(seed)
    which = np.repeat(np.arange(3), each)
    centres = random.normal(0, 10, (3, 60))
    return (centres[which] + random.normal(0, 1, (3 * each, 60))).astype(np.float32), which


def silent(done, total):
    """Nobody listens."""


def nearest(points, which):
    """The share of points whose nearest other point is of the same cloud."""
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    return (which[apart.argmin(axis=1)] == which).mean()


def test_clouds_stay_clouds_and_a_seed_repeats_them():
    vectors, which = clouds()
    axes = embedding_map.principal_axes(vectors, 0)
    reduced = axes.project(vectors)
    assert reduced.shape == (120, 50) and reduced.dtype == np.float32
    steps = []
    fitted = embedding_map.fit(reduced, 0, 1, lambda *step: steps.append(step))
    assert nearest(fitted.points, which) == 1
    assert steps[0] == (0, 750) and steps[-1] == (750, 750) and steps == sorted(steps)
    again = embedding_map.fit(reduced, 0, 1, silent)
    np.testing.assert_allclose(again.points, fitted.points)


def test_others_are_placed_among_their_own():
    vectors, which = clouds()
    fitted = embedding_map.fit(vectors, 0, 1, silent)
    random = np.random.default_rng(9)
    there = np.repeat([0, 45, 90], 10)
    placed = fitted.place(vectors[there] + random.normal(0, 0.5, (30, 60)).astype(np.float32), silent)
    apart = np.linalg.norm(placed[:, None] - fitted.points[None], axis=2)
    assert placed.dtype == np.float32
    assert (which[apart.argmin(axis=1)] == which[there]).all()


def test_it_can_be_stopped():
    def stop(done, _total):
        if done >= 100:
            raise Cancelled

    with pytest.raises(Cancelled):
        embedding_map.fit(clouds()[0], 0, 1, stop)


@pytest.mark.parametrize("count", [10, 11, 30])
def test_few_faces(count):
    vectors = np.random.default_rng(0).normal(0, 1, (count, 3)).astype(np.float32)
    axes = embedding_map.principal_axes(vectors, 0)
    points = embedding_map.fit(axes.project(vectors), 0, 1, silent).points
    assert points.shape == (count, 2) and np.isfinite(points).all()


def test_faces_that_are_all_alike_lie_in_one_place():
    vectors = np.full((20, 8), 3, np.float32)
    axes = embedding_map.principal_axes(vectors, 0)
    fitted = embedding_map.fit(axes.project(vectors), 0, 1, silent)
    assert not fitted.points.any()
    assert fitted.place(axes.project(vectors[:4]), silent).tolist() == [[0, 0]] * 4
    assert embedding_map.framed(fitted.points).tolist() == [[0, 0]] * 20


@pytest.mark.parametrize(
    ("count", "most", "expected"), [(5, 9, 5), (9, 9, 9), (30, 9, 9)], ids=["fewer", "as many", "more"]
)
def test_a_draw_has_at_most_so_many_rising_places(count, most, expected):
    places = embedding_map.drawn(count, 1, most)
    assert len(places) == len(set(places.tolist())) == expected and (np.diff(places) > 0).all()
    assert places.max() < count
    np.testing.assert_array_equal(places, embedding_map.drawn(count, 1, most))
    assert embedding_map.MOST_FITTED == 50_000


def test_the_frame_is_filled_and_keeps_shapes():
    points = np.array([[10, 0], [30, 5], [20, 10]], np.float32)
    assert embedding_map.framed(points).tolist() == [[-1, -0.5], [1, 0], [0, 0.5]]

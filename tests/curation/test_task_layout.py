"""How a review task is laid out."""

import numpy as np
import pytest

from fercore.curation.task_layout import MixedIn, Overlap, task_layout
from fercore.errors import InputError

FACES = list(range(100, 300))


@pytest.mark.parametrize(
    ("overlap", "people", "needed"),
    [
        pytest.param(Overlap(), {1: 200}, 1, id="one each"),
        pytest.param(Overlap(twice=0.3), {1: 140, 2: 60}, 2, id="some seen by two"),
        pytest.param(Overlap(thrice=0.25), {1: 150, 3: 50}, 3, id="some seen by three"),
        pytest.param(Overlap(0.3, 0.25), {1: 90, 2: 60, 3: 50}, 3, id="both"),
        pytest.param(Overlap(twice=1), {2: 200}, 2, id="all seen by two"),
    ],
)
def test_how_many_people_see_a_face(overlap, people, needed):
    laid = task_layout(FACES, overlap, [], shuffle=False, seed=1)
    assert dict(zip(*np.unique(laid.people, return_counts=True), strict=True)) == people
    assert laid.faces.tolist() == FACES and overlap.people == needed


def of(laid, kind):
    return laid.kinds == laid.names.index(kind)


def test_extras_make_their_shares_of_all():
    extras = [MixedIn("gold", range(50), 0.1, people=4), MixedIn("control", range(1000), 0.2)]
    laid = task_layout(FACES, Overlap(twice=0.5), extras, shuffle=False, seed=1)
    assert (len(laid.faces), of(laid, "gold").sum(), of(laid, "control").sum()) == (286, 29, 57)
    assert laid.faces[of(laid, "plain")].tolist() == FACES
    assert not set(laid.faces[~of(laid, "plain")]) & set(FACES)
    assert len(set(laid.faces)) == 286, "no face lies there twice"
    assert np.flatnonzero(of(laid, "control")).std() > 40, "they lie everywhere"
    assert set(laid.people[of(laid, "gold")]) == {4} and set(laid.people[~of(laid, "gold")]) == {1, 2}


def test_there_may_be_fewer_extras_than_wanted():
    laid = task_layout(FACES, Overlap(), [MixedIn("control", [*FACES, 1, 2], 0.5)], shuffle=False, seed=1)
    assert sorted(laid.faces[of(laid, "control")]) == [1, 2]


def test_the_same_seed_lays_out_the_same():
    extras = [MixedIn("control", range(50), 0.1)]
    first, same, other = (task_layout(FACES, Overlap(0.3), extras, shuffle=True, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.faces, same.faces) and np.array_equal(first.people, same.people)
    assert not np.array_equal(first.faces, other.faces)
    assert set(first.faces[of(first, "plain")]) == set(FACES)


@pytest.mark.parametrize(("twice", "thrice"), [(-0.1, 0), (0, 1.1), (0.6, 0.5)])
def test_shares_that_are_none(twice, thrice):
    with pytest.raises(InputError, match="100 %"):
        Overlap(twice, thrice)


@pytest.mark.parametrize("shares", [(-0.1, 0.2), (1.0, 0.0), (0.5, 0.5)])
def test_shares_of_extras_that_are_none(shares):
    extras = [MixedIn(kind, range(9), share) for kind, share in zip(("gold", "control"), shares, strict=True)]
    with pytest.raises(InputError, match="mixed in"):
        task_layout(FACES, Overlap(), extras, shuffle=False, seed=1)

"""How a review task is laid out."""

import numpy as np
import pytest

from fercore.curation.handing import Overlap, lay_out
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
    laid = lay_out(FACES, [], overlap, 0, shuffle=False, seed=1)
    assert dict(zip(*np.unique(laid.people, return_counts=True), strict=True)) == people
    assert laid.faces.tolist() == FACES and overlap.people == needed


def test_control_faces_make_their_share_of_all():
    laid = lay_out(FACES, range(1000), Overlap(), 0.2, shuffle=False, seed=1)
    assert (len(laid.faces), laid.control.sum()) == (250, 50)
    assert laid.faces[~laid.control].tolist() == FACES
    assert not set(laid.faces[laid.control]) & set(FACES)
    assert len(set(laid.faces)) == 250, "no face lies there twice"
    assert np.flatnonzero(laid.control).std() > 40, "they lie everywhere"


def test_there_may_be_fewer_control_faces_than_wanted():
    laid = lay_out(FACES, [*FACES, 1, 2], Overlap(), 0.5, shuffle=False, seed=1)
    assert sorted(laid.faces[laid.control]) == [1, 2]


def test_the_same_seed_lays_out_the_same():
    one, same, other = (lay_out(FACES, range(50), Overlap(0.3), 0.1, shuffle=True, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.faces, same.faces) and np.array_equal(one.people, same.people)
    assert not np.array_equal(one.faces, other.faces)
    assert set(one.faces[~one.control]) == set(FACES)


@pytest.mark.parametrize(("twice", "thrice"), [(-0.1, 0), (0, 1.1), (0.6, 0.5)])
def test_shares_that_are_none(twice, thrice):
    with pytest.raises(InputError, match="100 %"):
        Overlap(twice, thrice)


@pytest.mark.parametrize("control", [-0.1, 1.0])
def test_a_share_of_control_faces_that_is_none(control):
    with pytest.raises(InputError, match="control"):
        lay_out(FACES, [], Overlap(), control, shuffle=False, seed=1)

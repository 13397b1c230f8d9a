"""Agreement of a dataset's people, from the votes in the store to the command line."""

import json

import pytest

from fercore.cli import cli
from fercore.errors import InputError, NotFoundError
from fercore.services.review import agreement
from tests.conftest import fill
from tests.store.review.test_decisions import decide


@pytest.fixture
def decided(store):
    """Ten faces: anna decides all, bora the first eight and another way on two, chae none that is shared."""
    ids = fill(store, "D", [n % 7 for n in range(10)])
    for n, face in enumerate(ids):
        decide(store, "anna", face, emotion=n % 7)
    for n, face in enumerate(ids[:6]):
        decide(store, "bora", face, emotion=n % 7)
    decide(store, "bora", ids[6], emotion=0)
    decide(store, "bora", ids[7], reason="blurred")
    decide(store, "chae", fill(store, "other", [3], start=50)[0], emotion=3)
    return store


def test_votes_become_figures(decided):
    found = agreement.agree(decided, "D")
    assert found.people == ["anna", "bora"]
    shared = found.overall["agreeing pairs"]
    assert (shared.faces, shared.value) == (8, pytest.approx(6 / 8))
    pair = found.pairs["anna", "bora"]
    assert pair.faces == 8 and pair.low <= pair.value <= pair.high
    names = list(agreement.CATEGORY_NAMES)
    assert found.confused[names.index("Surprise")][names.index("Angry")] == 1
    assert found.confused[names.index("Angry")][names.index("rejected")] == 1


@pytest.mark.parametrize(
    ("dataset", "error", "sentence"),
    [
        pytest.param("other", InputError, "No face of 'other' was decided by two people yet", id="one person"),
        pytest.param("none", NotFoundError, "no dataset 'none'", id="no dataset"),
    ],
)
def test_what_cannot_be_measured(decided, dataset, error, sentence):
    with pytest.raises(error, match=sentence):
        agreement.agree(decided, dataset)


def test_the_command_line_says_the_same(lite, capsys):
    ids = fill(lite, "D", [0, 1, 2])
    for who in ("anna", "bora"):
        for n, face in enumerate(ids):
            decide(lite, who, face, emotion=n)
    cli.main(["agreement", "--dataset", "D", "--json"], standalone_mode=False)
    printed = json.loads(capsys.readouterr().out)
    assert printed["overall"]["Fleiss' kappa"]["value"] == 1.0
    assert printed["pairs"][0]["people"] == ["anna", "bora"]
    cli.main(["agreement", "--dataset", "D"], standalone_mode=False)
    assert "anna and bora" in capsys.readouterr().out

"""Votes become a label by a rule, or leave the face disputed."""

import pytest

from fercore.curation.votes import Basis, Event, Label, label

ANGRY, HAPPY, SAD = 0, 3, 5


def votes(*said):
    """One vote each, in this order: an emotion, a reason to reject, or None where somebody is not sure."""
    return [
        Event(number, "", "unsure")
        if what is None
        else Event(number, "", "rejected", None, what)
        if isinstance(what, str)
        else Event(number, "", "confirmed" if what == HAPPY else "relabelled", what)
        for number, what in enumerate(said)
    ]


OPEN = Label(None, "disputed")
NO = Label(HAPPY, "rejected", "blurred")


@pytest.mark.parametrize(
    ("said", "latest", "majority", "unanimous"),
    [
        pytest.param((), Label(HAPPY), Label(HAPPY), Label(HAPPY), id="nobody"),
        pytest.param((SAD,), Label(SAD, "relabelled"), Label(SAD, "relabelled"), Label(SAD, "relabelled"), id="one"),
        pytest.param(
            (SAD, SAD), Label(SAD, "relabelled"), Label(SAD, "relabelled"), Label(SAD, "relabelled"), id="both"
        ),
        pytest.param((SAD, HAPPY), Label(HAPPY, "confirmed"), OPEN, OPEN, id="one each"),
        pytest.param((SAD, SAD, HAPPY), Label(HAPPY, "confirmed"), Label(SAD, "relabelled"), OPEN, id="two of three"),
        pytest.param((SAD, HAPPY, ANGRY), Label(ANGRY, "relabelled"), OPEN, OPEN, id="three ways"),
        pytest.param((SAD, SAD, HAPPY, HAPPY), Label(HAPPY, "confirmed"), OPEN, OPEN, id="two against two"),
        pytest.param(("other", "blurred"), NO, NO, NO, id="rejected for two reasons is rejected"),
        pytest.param(("blurred", SAD), Label(SAD, "relabelled"), OPEN, OPEN, id="rejected or sad"),
        pytest.param((None,), OPEN, OPEN, OPEN, id="not sure"),
        pytest.param((SAD, SAD, None), OPEN, OPEN, OPEN, id="one of three is not sure"),
    ],
)
def test_a_label_by_each_rule(said, latest, majority, unanimous):
    found = [label(Basis(HAPPY, rule), votes(*said)) for rule in ("latest", "majority", "unanimous")]
    assert found == [latest, majority, unanimous]


@pytest.mark.parametrize("rule", ["latest", "majority", "unanimous"])
@pytest.mark.parametrize("said", [(SAD, ANGRY), (None,), (SAD, SAD), ()])
def test_a_ruling_stands_above_all_votes(rule, said):
    sad = Event(9, "", "relabelled", SAD)
    assert label(Basis(HAPPY, rule, sad), votes(*said)) == Label(SAD, "relabelled")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param((), Label(HAPPY, "rejected", "bad crop"), id="the source's emotion"),
        pytest.param((SAD, None), Label(SAD, "rejected", "bad crop"), id="the last that was voted for"),
    ],
)
def test_a_face_that_is_ruled_out_keeps_its_emotion(said, expected):
    out = Event(9, "", "rejected", None, "bad crop")
    assert label(Basis(HAPPY, "majority", out), votes(*said)) == expected


def test_an_adjudicator_who_is_not_sure_settles_nothing():
    assert label(Basis(HAPPY, "majority", Event(9, "", "unsure")), votes(SAD, ANGRY)) == OPEN


def test_the_order_in_which_votes_come_is_theirs_not_the_list_s():
    assert label(Basis(HAPPY), votes(SAD, ANGRY)[::-1]) == Label(ANGRY, "relabelled")

"""Votes become a label by a rule, or leave the face disputed."""

import pytest

from fercore.curation.votes import Event, LabelBasis, agreement, is_disputed, label, standing
from fercore.curation.votes import FaceLabel as Label

ANGRY, HAPPY, SAD = 0, 3, 5


def votes(*answers):
    """One vote each, in this order: an emotion, a reason to reject, or None where somebody is not sure."""
    return [
        Event(number, "", "unsure")
        if what is None
        else Event(number, "", "rejected", None, what)
        if isinstance(what, str)
        else Event(number, "", "confirmed" if what == HAPPY else "relabelled", what)
        for number, what in enumerate(answers)
    ]


OPEN = Label(None, "disputed")
NO = Label(HAPPY, "rejected", "blurred")


@pytest.mark.parametrize(
    ("answers", "latest", "majority", "unanimous"),
    [
        pytest.param((), Label(HAPPY), Label(HAPPY), Label(HAPPY), id="nobody"),
        pytest.param((SAD,), Label(SAD, "relabelled"), Label(SAD, "relabelled"), Label(SAD, "relabelled"), id="one"),
        pytest.param(
            (SAD, SAD),
            Label(SAD, "relabelled"),
            Label(SAD, "relabelled"),
            Label(SAD, "relabelled"),
            id="both",
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
def test_a_label_by_each_rule(answers, latest, majority, unanimous):
    result = [label(LabelBasis(HAPPY, rule), votes(*answers)) for rule in ("latest", "majority", "unanimous")]
    assert result == [latest, majority, unanimous]


@pytest.mark.parametrize("rule", ["latest", "majority", "unanimous"])
@pytest.mark.parametrize("answers", [(SAD, ANGRY), (None,), (SAD, SAD), ()])
def test_a_ruling_stands_above_all_votes(rule, answers):
    sad = Event(9, "", "relabelled", SAD)
    assert label(LabelBasis(HAPPY, rule, sad), votes(*answers)) == Label(SAD, "relabelled")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param((), Label(HAPPY, "rejected", "bad crop"), id="the source's emotion"),
        pytest.param((SAD, None), Label(SAD, "rejected", "bad crop"), id="the last that was voted for"),
    ],
)
def test_a_face_that_is_ruled_out_keeps_its_emotion(answers, expected):
    out = Event(9, "", "rejected", None, "bad crop")
    assert label(LabelBasis(HAPPY, "majority", out), votes(*answers)) == expected


def test_an_adjudicator_who_is_not_sure_settles_nothing():
    assert label(LabelBasis(HAPPY, "majority", Event(9, "", "unsure")), votes(SAD, ANGRY)) == OPEN


def test_the_order_in_which_votes_come_is_theirs_not_the_list_s():
    assert label(LabelBasis(HAPPY), votes(SAD, ANGRY)[::-1]) == Label(ANGRY, "relabelled")


def event(number, action, kind="relabelled", emotion=None, undoes=None):
    return Event(number, action, kind, emotion, None, undoes)


FIRST, SECOND = event(1, "a", emotion=SAD), event(2, "b", emotion=HAPPY)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param([], None, id="none"),
        pytest.param([FIRST], FIRST, id="one"),
        pytest.param([SECOND, FIRST], SECOND, id="the latest, in whatever order they come"),
        pytest.param([FIRST, SECOND, event(3, "c", "undone", undoes="b")], FIRST, id="the latest was undone"),
        pytest.param([FIRST, SECOND, event(3, "c", "undone", undoes="a")], SECOND, id="an earlier one was undone"),
        pytest.param([FIRST, event(2, "c", "undone", undoes="a")], None, id="all were undone"),
        pytest.param([FIRST, event(2, "c", "reverted", undoes="a")], None, id="reverted"),
        pytest.param(
            [FIRST, event(2, "c", "reverted", undoes="a"), event(3, "d", "restored", undoes="c")],
            FIRST,
            id="a revert was undone",
        ),
        pytest.param(
            [
                FIRST,
                event(2, "c", "reverted", undoes="a"),
                event(3, "d", "restored", undoes="c"),
                event(4, "e", "reverted", undoes="a"),
            ],
            None,
            id="reverted once more",
        ),
        pytest.param([event(1, "c", "undone", undoes="x")], None, id="only what undoes another"),
    ],
)
def test_the_event_that_stands(events, expected):
    assert standing(events) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param((), False, id="nobody"),
        pytest.param((SAD,), False, id="one"),
        pytest.param((SAD, SAD), False, id="both say the same"),
        pytest.param((HAPPY, SAD), True, id="they differ"),
        pytest.param((None,), True, id="not sure"),
        pytest.param((None, None), True, id="both not sure"),
        pytest.param(("blurred", "other"), False, id="rejected for two reasons"),
        pytest.param(("blurred", SAD), True, id="rejected or sad"),
    ],
)
def test_disputed_by_any_rule_unless_somebody_ruled(answers, expected):
    for rule in ("latest", "majority", "unanimous"):
        assert is_disputed(LabelBasis(HAPPY, rule), votes(*answers)) is expected
        assert is_disputed(LabelBasis(HAPPY, rule, event(9, "r", "unsure")), votes(*answers)) is expected
    assert is_disputed(LabelBasis(HAPPY, "latest", event(9, "r", "confirmed", HAPPY)), votes(*answers)) is False


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], None),
        (["sad"], None),
        (["unsure"], 0.0),
        (["sad", "unsure"], 0.0),
        (["sad", "sad"], 1.0),
        (["sad", "happy"], 0.5),
        (["sad", "happy", "sad"], 2 / 3),
        (["sad", "happy", "angry", "happy"], 0.5),
    ],
)
def test_the_share_of_the_most_frequent_answer(answers, expected):
    assert agreement(answers) == expected


@pytest.mark.parametrize(
    ("source", "answers", "expected"),
    [
        pytest.param(HAPPY, ("blurred",), Label(HAPPY, "rejected", "blurred"), id="the source's"),
        pytest.param(None, ("blurred",), Label(None, "rejected", "blurred"), id="none"),
        pytest.param(HAPPY, (SAD, "blurred"), Label(SAD, "rejected", "blurred"), id="the last that was named"),
        pytest.param(HAPPY, (ANGRY, SAD, "other"), Label(SAD, "rejected", "other"), id="the last of two"),
    ],
)
def test_a_rejected_face_keeps_the_emotion_it_had(source, answers, expected):
    assert label(LabelBasis(source), votes(*answers)) == expected

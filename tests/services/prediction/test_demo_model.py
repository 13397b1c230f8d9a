"""The demo's model: offered first, compared before it is promoted, and guarded while visitors are given it."""

import numpy as np
import pytest

from fercore.errors import InputError, NotFoundError
from fercore.services.prediction import demo_model
from fercore.services.training import runs as run_service
from fercore.services.training import snapshots
from fercore.statuses import Status
from fercore.store.training import runs
from tests.conftest import fill
from tests.services.comparison.conftest import run
from tests.services.prediction.test_certainty import judged


def finished(store):
    number = run(store)
    with store.database.writing() as session:
        runs.set_values(session, number, status=Status.DONE, reported_epoch=1)
    return number


@pytest.fixture
def three(store):
    """Runs 1, 2 and 3 with models; 70 test and 70 validation faces."""
    fill(store, "D", [n % 7 for n in range(14)])
    fill(store, "D", [n % 7 for n in range(70)], "validation", 50)
    fill(store, "D", [n % 7 for n in range(70)], "test", 150)
    snapshots.freeze(store, "S", ["D"])
    for _ in range(3):
        finished(store)
    return store


def right(count, of=70):
    """Confidences by which so many of the faces are read rightly."""
    return np.where(np.arange(of) < count, 0.9, 0.1)


def offered(store):
    return [view.run.id for view in demo_model.offered(store)]


def test_without_a_promoted_run_every_finished_one_is_offered_the_best_first(three):
    assert offered(three) == [3, 2, 1] and demo_model.promoted(three) is None
    judged(three, 2, "validation", right(60))
    judged(three, 3, "validation", right(40))
    assert offered(three) == [2, 3, 1] and demo_model.default_run(three) == 2


def test_visitors_are_given_the_promoted_run_and_those_beside_it(three):
    demo_model.promote(three, 1)
    assert offered(three) == [1] == [demo_model.promoted(three)]
    demo_model.show_beside(three, 3)
    assert offered(three) == [1, 3]
    demo_model.promote(three, 3)
    assert offered(three) == [3], "the former model is shown no longer"
    demo_model.show_beside(three, 2)
    demo_model.take_out(three, 2)
    assert offered(three) == [3]
    demo_model.show_beside(three, 2)
    demo_model.take_out(three, 3)
    assert offered(three) == [3, 2, 1], "without a model of its own, the demo offers all"


def test_what_visitors_are_not_shown_is_not_there_for_them(three):
    for number in (1, 2, 9):
        demo_model.check_shown(three, number)
    demo_model.promote(three, 1)
    demo_model.check_shown(three, 1)
    with pytest.raises(NotFoundError, match="There is no run '2'"):
        demo_model.check_shown(three, 2)


@pytest.mark.parametrize(
    ("promoted", "beside", "sentence"),
    [(None, 1, "No run is the demo's model yet"), (1, 1, "Run 1 is the demo's model already")],
)
def test_nothing_is_shown_beside_nothing(three, promoted, beside, sentence):
    if promoted:
        demo_model.promote(three, promoted)
    with pytest.raises(InputError, match=sentence):
        demo_model.show_beside(three, beside)


@pytest.mark.parametrize("act", [demo_model.promote, demo_model.promotion, demo_model.show_beside])
def test_a_run_without_a_model_has_no_place(three, act):
    with three.database.writing() as session:
        runs.set_values(session, 2, status=Status.FAILED)
    with pytest.raises(InputError, match="Run 2 has no trained model"):
        act(three, 2)


def test_a_run_that_visitors_are_given_cannot_be_deleted(three):
    demo_model.promote(three, 1)
    with pytest.raises(InputError, match="Visitors are given run 1"):
        run_service.remove(three, 1)
    demo_model.take_out(three, 1)
    run_service.remove(three, 1)
    assert offered(three) == [3, 2]


def test_a_promotion_says_where_it_is_worse(three):
    judged(three, 1, "test", right(60))
    judged(three, 1, "validation", right(40))
    judged(three, 2, "test", right(30))
    judged(three, 2, "validation", right(41))
    judged(three, 2, "train", right(14, 14))
    demo_model.promote(three, 1)
    promotion = demo_model.promotion(three, 2)
    assert promotion.present == 1 and promotion.missing == ()
    assert [(each.view.split, each.is_worse, each.is_better) for each in promotion.places] == [
        ("test", True, False),
        ("validation", False, False),
    ], "faces that it learned say nothing"
    assert promotion.places[0].p_value == pytest.approx(2 * promotion.places[0].compared.p_value)
    back = demo_model.promotion(three, 1)
    assert back.present is None and all(each.compared is None for each in back.places)
    [first, _] = demo_model.as_json(promotion)["places"]
    assert (first["worse"], first["difference"]["value"], first["present"]) == (True, pytest.approx(-3 / 7), 60 / 70)


def test_splits_that_only_the_present_model_was_evaluated_on_are_named(three):
    judged(three, 1, "test", right(60))
    demo_model.promote(three, 1)
    promotion = demo_model.promotion(three, 2)
    assert promotion.places == () and promotion.missing == (("D", "test"),)

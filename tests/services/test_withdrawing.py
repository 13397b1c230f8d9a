"""A crop that is taken back: the old face comes back, the new one is withdrawn and stays so."""

from dataclasses import replace
from uuid import uuid4

import pytest

from fercore.services import freezing, reverting, reviewing
from fercore.services.reverting import Asked
from fercore.store import snapshots
from fercore.store.decisions import Manner, Wish, record
from tests.services.recuts import WITHDRAWN, decide, event, recut, states, undo, view_of
from tests.store.test_decisions import decide as by_hand


def test_undo_brings_the_old_face_back_and_the_new_one_is_withdrawn(store, on_photo):
    recut(store, on_photo[0])
    again = undo(store)
    assert again.undone_face == on_photo[0]
    assert states(store) == [("undecided", None)] * 3 + [WITHDRAWN]
    _, third = recut(store, on_photo[0])
    assert len(third.cut) == 1 and states(store)[3:] == [WITHDRAWN, ("undecided", None)]


@pytest.mark.parametrize("undone_first", [True, False], ids=["what stood on it was undone", "something stands on it"])
def test_a_withdrawn_face_counts_as_rejected_whatever_was_said_of_it(store, on_photo, undone_first):
    made, result = recut(store, on_photo[0])
    new_id = result.cut[on_photo[0]]
    decide(store, new_id)
    if undone_first:
        undo(store)
    undo(store, made)
    assert states(store) == [("undecided", None)] * 3 + [WITHDRAWN]
    for who in ("Lee", "Park"):
        by_hand(store, who, new_id, emotion=4)
    assert states(store)[3] == WITHDRAWN
    with store.database.writing() as session:
        ruling = Wish(str(uuid4()), str(uuid4()), new_id, 4)
        record(session, "judge", [ruling], Manner(adjudicates=True))
    assert states(store)[3] == WITHDRAWN


def test_nobody_withdraws_what_another_cut(store, on_photo):
    made, _ = recut(store, on_photo[0])
    reviewing.commit(store, replace(view_of(store), reviewer="Lee"), [event("undo", undoes=made["action"])])
    assert states(store)[0] == WITHDRAWN and states(store)[3] == ("undecided", None)


def test_one_that_lies_in_a_snapshot_stays_there(store, on_photo):
    recut(store, on_photo[0])
    frozen = freezing.freeze(store, "S", ["D"])
    undo(store)
    assert states(store)[-1] == WITHDRAWN
    with store.database.reading() as session:
        assert len(snapshots.rows(session, frozen.id)) == frozen.faces == 3


def test_a_person_s_afternoon_taken_back_takes_their_crops_back(store, on_photo):
    _, result = recut(store, on_photo[0])
    decide(store, result.cut[on_photo[0]])
    recut(store, on_photo[1], [0, 0, 60, 60])
    assert reverting.revert(store, Asked("D", "Kim")) == 3
    assert states(store) == [("undecided", None)] * 3 + [WITHDRAWN] * 2

"""Faces that are drawn on a photo, and the lines above the grid: how many faces there are, and how many are left."""

import pytest

from fercore.services.review import grid
from fercore.ui.review_grid.desk import Desk
from tests.services.review.added import BOX
from tests.services.review.recrops import event, view_of


def tell(desk, *events):
    desk.receive({"batch": events[0]["id"], "have": desk.key, "events": list(events)})
    return desk.left, desk.total


@pytest.mark.parametrize("emotion", [None, 6], ids=["without a label", "with a label"])
def test_an_added_face_that_is_undone_is_counted_no_more(store, on_photo, emotion):
    desk = Desk(store, view_of(store), 10)
    before = desk.left, desk.total
    added = event("add", face=on_photo[0], box=BOX, emotion=emotion, page=desk.page.id)
    left, total = before
    assert tell(desk, added) == (left + (emotion is None), total + 1)
    back = event("undo", undoes=None)
    assert tell(desk, back) == before == grid.counts(store, view_of(store))[::-1]
    assert desk.page.face_ids == on_photo

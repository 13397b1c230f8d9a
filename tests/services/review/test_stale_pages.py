"""Enter and decisions on several faces leave alone what was decided elsewhere since the page was drawn."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from fercore.clock import now
from fercore.curation.review_filter import ReviewFilter
from fercore.services.review import assignments
from fercore.services.review.assignments import TaskPlan
from fercore.store.tables import Decision, Lease
from fercore.ui.review_grid.desk import Desk
from fercore.ui.review_grid.payload import page_data
from tests.conftest import fill
from tests.services.review.recrops import event, view_of


@pytest.fixture
def faces(store):
    return fill(store, "D", [3, 5, 1, 0, 3, 3])


class Tab:
    """A browser tab: it knows what it was shown, and nothing newer."""

    def __init__(self, store, view, size=6):
        self.desk = Desk(store, view, size)
        self.draw()

    def draw(self):
        self.tiles = {tile["id"]: tile for tile in page_data(self.desk, {}, "")["page"]["tiles"]}
        self.page = self.desk.page.id

    def send(self, events, turn=None, **more):
        message = {"batch": str(uuid4()), "have": self.desk.key, "events": events} | more
        if turn:
            message["turn"] = {"to": turn, "from": self.desk.key}
        self.desk.receive(message)
        return self.desk.ack

    def event(self, face, bulk, action, emotion=None):
        tile = self.tiles[face]
        return event("decide", face=face, emotion=tile["emotion"] if emotion is None else emotion) | {
            "action": action,
            "page": self.page,
            "seen": tile["seen"],
            "bulk": bulk,
        }

    def digit(self, *faces, emotion=6):
        action = str(uuid4())
        self.send([self.event(face, len(faces) > 1, action, emotion) for face in faces])
        return action

    def enter(self, *but):
        action = str(uuid4())
        open_faces = [face for face, tile in self.tiles.items() if not tile["mine"] and face not in but]
        return self.send([self.event(face, True, action) for face in open_faces], "next")

    def undo(self, action):
        return self.send([event("undo", undoes=action)])


def votes(store, who="Kim"):
    """The emotion that each of a person's decisions gave, by face."""
    with store.database.reading() as session:
        rows = session.execute(select(Decision.face_id, Decision.emotion).where(Decision.reviewer == who))
        return [tuple(row) for row in rows]


def test_enter_in_a_second_tab_of_one_person(store, faces):
    first, second = Tab(store, view_of(store)), Tab(store, view_of(store))
    for face in faces[:3]:
        first.digit(face)
    before = second.desk.key
    ack = second.enter()
    assert sorted(votes(store)) == sorted(
        [*((face, 6) for face in faces[:3]), (faces[3], 0), *((f, 3) for f in faces[4:])]
    )
    assert len(ack["skipped"]) == 3 and ack["stays"] and second.desk.key == before, "what was left alone is shown"
    assert [(tile["id"], tile["emotion"], tile["mine"]) for tile in ack["tiles"]] == [(f, 6, True) for f in faces[:3]]
    assert len(ack["stored"]) == 3
    second.send([], "next")
    assert second.desk.key != before, "the second Enter goes on"


def test_a_selection_in_a_second_tab(store, faces):
    first, second = Tab(store, view_of(store)), Tab(store, view_of(store))
    first.digit(faces[1], emotion=0)
    second.digit(*faces[:3], emotion=4)
    assert sorted(votes(store)) == [(faces[0], 4), (faces[1], 0), (faces[2], 4)]


def test_one_key_on_one_face_is_meant(store, faces):
    first, second = Tab(store, view_of(store)), Tab(store, view_of(store))
    first.digit(faces[1], emotion=0)
    second.digit(faces[1], emotion=4)
    assert votes(store) == [(faces[1], 0), (faces[1], 4)]


def test_a_tab_s_own_keys_and_undo_do_not_stand_in_its_way(store, faces):
    tab = Tab(store, view_of(store))
    action = tab.digit(*faces[:2], emotion=0)
    tab.undo(action)
    ack = tab.enter()
    assert ack["skipped"] == [] and len(ack["stored"]) == 6


def test_the_same_enter_sent_twice_is_acknowledged_twice(store, faces):
    tab = Tab(store, view_of(store))
    sent = [tab.event(face, True, str(uuid4())) for face in faces]
    for _ in range(2):
        assert len(tab.send(sent)["stored"]) == 6
    assert len(votes(store)) == 6


def test_what_a_second_person_decided_is_left_alone(store, faces):
    kim, lee = Tab(store, view_of(store)), Tab(store, ReviewFilter(view_of(store).dataset_id, "Lee"))
    kim.digit(faces[0])
    ack = lee.enter()
    assert [face for face, _ in votes(store, "Lee")] == faces[1:] and len(ack["skipped"]) == 1
    assert ack["tiles"][0]["emotion"] == 6


def test_a_later_page_shows_it_and_enter_agrees(store, faces):
    Tab(store, view_of(store)).digit(faces[0])
    lee = Tab(store, ReviewFilter(view_of(store).dataset_id, "Lee"))
    assert lee.enter()["skipped"] == []
    assert (faces[0], 6) in votes(store, "Lee")


@pytest.mark.parametrize("blind", [True, False])
def test_a_task_whose_faces_went_to_another_person_in_the_meantime(store, faces, blind):
    task = assignments.create(store, TaskPlan("T", "D", blind=blind))
    view = ReviewFilter(view_of(store).dataset_id, "Kim", task=task, blind=blind)
    kim = Tab(store, view)
    kim.send([], looks=True)
    with store.database.writing() as session:
        session.execute(update(Lease).values(until=now() - timedelta(seconds=1)))
    lee = Tab(store, ReviewFilter(view.dataset_id, "Lee", task=task, blind=blind))
    for face in faces[:2]:
        lee.digit(face)
    ack = kim.enter()
    assert [face for face, _ in votes(store)] == faces[2:] and len(ack["skipped"]) == 2


def test_an_overlap_needs_both_votes(store, faces):
    task = assignments.create(store, TaskPlan("T", "D", twice=1.0, people=("Kim", "Lee")))
    view = ReviewFilter(view_of(store).dataset_id, "Kim", task=task, blind=True)
    kim, lee = Tab(store, view), Tab(store, ReviewFilter(view.dataset_id, "Lee", task=task, blind=True))
    kim.digit(faces[0])
    assert lee.enter()["skipped"] == []
    assert len(votes(store, "Lee")) == 6


def test_enter_at_the_same_moment_in_two_tabs(store, faces):
    tabs = [Tab(store, view_of(store)) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(Tab.enter, tabs))
    assert sorted(face for face, _ in votes(store)) == faces
    assert sorted(len(ack["skipped"]) for ack in answers) == [0, 6]

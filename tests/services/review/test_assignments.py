"""Review tasks: faces are handed out so that nobody gets another's, all come to an end, and nothing is lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from fercore.clock import now
from fercore.curation.lease_owner import LeaseOwner
from fercore.curation.review_filter import Cursor, ReviewFilter
from fercore.errors import InputError, NotFoundError
from fercore.services.review import assignments, face_detail, grid, offered_tasks
from fercore.services.review.assignments import TaskPlan
from fercore.store.review import leases, tasks
from fercore.store.tables import Decision, Face, Lease, TaskFace
from tests.conftest import fill


class Person:
    """Somebody with a tab open in a task."""

    def __init__(self, store, task, name):
        with store.database.reading() as session:
            dataset = session.scalar(select(Face.dataset_id).limit(1))
        self.store, self.tab, self.page = store, str(uuid4()), None
        self.view = ReviewFilter(dataset, name, task=task, blind=True)

    def turn(self, size=10):
        following = self.page.following if self.page else None
        self.page = grid.open_page(self.store, self.view, following or Cursor(), size, self.tab)
        return self.page.face_ids

    def decide(self, faces, emotion=2):
        events = [
            {"id": str(uuid4()), "action": str(uuid4()), "type": "decide", "face": face, "emotion": emotion}
            for face in faces
        ]
        grid.commit(self.store, self.view, events, self.tab)
        return events

    def undo(self, event):
        grid.commit(self.store, self.view, [{"id": str(uuid4()), "type": "undo", "undoes": event["action"]}], self.tab)

    @property
    def left(self):
        return grid.counts(self.store, self.view)[1]


@pytest.fixture
def faces(store):
    return fill(store, "D", [number % 7 for number in range(40)])


def standing(store):
    return assignments.listed(store)[0]


def make(store, **plan):
    return assignments.create(store, TaskPlan("t", "D", **plan))


def test_two_people_never_get_the_same_face(store, faces):
    task = make(store)
    kim, lee = Person(store, task, "Kim"), Person(store, task, "Lee")
    assert not set(kim.turn()) & set(lee.turn())
    kim.decide(kim.page.face_ids)
    lee.decide(lee.page.face_ids[:3])
    assert sorted([*kim.turn(), *lee.page.face_ids]) == faces[10:30], "Kim's next ten follow Lee's"


@pytest.mark.parametrize(
    ("plan", "people", "expected"),
    [
        pytest.param({"twice": 0.5}, ("Kim", "Lee"), 60, id="half of them twice"),
        pytest.param({"thrice": 1.0}, ("Kim", "Lee", "Park"), 120, id="all of them three times"),
        pytest.param({}, ("Kim",), 40, id="alone"),
    ],
)
def test_a_task_comes_to_its_end_with_as_many_decisions_as_planned(store, faces, plan, people, expected):
    task = make(store, order="random", seed=3, people=people, **plan)
    team = [Person(store, task, name) for name in people]
    for _ in range(40):
        for person in team:
            person.decide(person.turn(7))
    assert (standing(store).wanted, standing(store).done, standing(store).left) == (expected, expected, 0)
    assert [person.left for person in team] == [0] * len(team) and not standing(store).is_open
    with store.database.reading() as session:
        assert session.scalar(select(func.sum(TaskFace.open))) == 0
        seen = dict(session.execute(select(Lease.face_id, func.count()).group_by(Lease.face_id)).all())
        assert seen == dict(session.execute(select(TaskFace.face_id, TaskFace.wanted)).all())


def test_what_is_skipped_is_free_for_others_and_comes_again(store, faces):
    task = make(store)
    kim, lee = Person(store, task, "Kim"), Person(store, task, "Lee")
    first = kim.turn(30)
    assert kim.turn(30) == faces[30:]
    assert lee.turn(30) == first, "Kim has left them"
    lee.decide(first[:29])
    assert kim.turn(30) == faces[30:], "from the front again, without what Lee has"


def test_leases_end_and_late_decisions_still_count(store, faces):
    task = make(store)
    kim, lee = Person(store, task, "Kim"), Person(store, task, "Lee")
    late = kim.turn(40)
    assert lee.turn() == [] and lee.left == 0
    with store.database.writing() as session:
        session.execute(update(Lease).values(until=now() - timedelta(seconds=1)))
    assert lee.turn() == late[:10]
    kim.decide(late[:5])
    lee.decide(late[:10])
    assert standing(store).done == 15, "both saw five of them"
    assert lee.turn(40) == late[10:]
    lee.decide(late[10:])
    assert standing(store).left == 0 and kim.left == 0


def test_leaving_gives_back_what_this_tab_holds_only(store, faces):
    task = make(store)
    kim, elsewhere, lee = Person(store, task, "Kim"), Person(store, task, "Kim"), Person(store, task, "Lee")
    kim.turn(40)
    held = elsewhere.turn(40)
    assert held == faces, "the same person's other tab takes them over"
    assignments.leave(store, LeaseOwner(task, "Kim", kim.tab))
    assert lee.turn() == []
    assignments.leave(store, LeaseOwner(task, "Kim", elsewhere.tab))
    assert lee.turn() == faces[:10]


def test_an_undone_decision_is_to_be_made_again(store, faces):
    kim = Person(store, make(store), "Kim")
    event = kim.decide(kim.turn(40))[0]
    assert standing(store).left == 0
    kim.undo(event)
    assert (standing(store).left, kim.left) == (1, 1)
    assert kim.turn() == faces[:1]


def test_who_decided_before_the_task_is_not_asked_again(store, faces):
    Person(store, None, "Kim").decide(faces[:25])
    kim = Person(store, make(store), "Kim")
    assert kim.turn(40) == faces[25:]
    assert standing(store).done == 25


def test_a_blind_task_hides_what_others_say(store, faces):
    task = make(store, twice=1.0)
    kim, lee = Person(store, task, "Kim"), Person(store, task, "Lee")
    kim.decide(kim.turn(40), emotion=6)
    shown = grid.tiles(store, lee.view, lee.turn(40))
    assert [(tile["emotion"], tile["state"], tile["mine"]) for tile in shown] == [
        (number % 7, "undecided", False) for number in range(40)
    ]
    assert face_detail.detail(store, lee.view, faces[0])["history"] == []
    lee.decide(faces, emotion=3)
    assert len(face_detail.detail(store, lee.view, faces[0])["history"]) == 1
    with store.database.reading() as session:
        kinds = session.scalars(select(Decision.kind).where(Decision.reviewer == "Lee").order_by(Decision.sequence))
        assert list(kinds) == ["confirmed" if number % 7 == 3 else "relabelled" for number in range(40)]
    assert {tile["emotion"] for tile in grid.tiles(store, lee.view, faces)} == {3}


def test_the_same_event_twice_counts_once(store, faces):
    kim = Person(store, make(store), "Kim")
    events = kim.decide(kim.turn())
    grid.commit(store, kim.view, events, kim.tab)
    assert standing(store).done == 10


def test_only_who_takes_part_is_offered_a_task(store, faces):
    everybody, kims = make(store), make(store, people=("Kim",))
    assert {task.id for task in offered_tasks.offered(store, "Kim")} == {everybody, kims}
    assert {task.id for task in offered_tasks.offered(store, "Lee")} == {everybody}
    assignments.close(store, everybody)
    assert offered_tasks.offered(store, "Lee") == []
    assignments.remove(store, kims)
    with pytest.raises(NotFoundError), store.database.reading() as session:
        tasks.get(session, kims)


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        pytest.param({"people": ("Kim",), "twice": 0.1}, "2 people are needed", id="too few people"),
        pytest.param({"emotion": 3, "state": "rejected"}, "No face", id="no face of that kind"),
        pytest.param({"twice": 0.7, "thrice": 0.7}, "100 %", id="shares"),
    ],
)
def test_plans_that_cannot_be_made(store, faces, plan, words):
    with pytest.raises(InputError, match=words):
        make(store, **plan)
    assert assignments.listed(store) == []


def test_when_it_will_be_done(store, faces):
    kim = Person(store, make(store), "Kim")
    kim.decide(kim.turn(20))
    assert standing(store).finish(now()) is None, "a moment is no pace"
    with store.database.writing() as session:
        first = session.scalar(select(Lease.face_id).limit(1))
        earlier = now() - timedelta(hours=1)
        session.execute(update(Lease).where(Lease.face_id == first).values(decided_at=earlier))
    result = standing(store)
    assert assignments.pace(result.parts[0]) == pytest.approx(20, rel=0.01)
    assert result.finish(now()) - now() == pytest.approx(timedelta(hours=1), rel=0.02)


def test_many_earlier_votes_are_counted_in_parts(store, faces, monkeypatch):
    monkeypatch.setattr(leases, "CHUNK", 4)
    Person(store, None, "Kim").decide(faces[:25])
    assert Person(store, make(store), "Kim").turn(40) == faces[25:]


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)], ids=["ahead", "back"])
def test_a_server_whose_clock_jumps_loses_nothing_and_strands_no_face(store, faces, monkeypatch, jump):
    task = assignments.create(store, TaskPlan("t", "D"))
    kim, lee = Person(store, task, "Kim"), Person(store, task, "Lee")
    before = kim.turn()
    lee.turn()
    monkeypatch.setattr("fercore.store.review.leases.now", lambda: now() + jump)
    monkeypatch.setattr("fercore.store.review.decisions.now", lambda: now() + jump)
    kim.decide(before)
    request = len(before)
    for person in (lee, kim, lee):
        while page := person.turn():
            person.decide(page)
            request += len(page)
    with store.database.reading() as session:
        decided = list(session.scalars(select(Decision.face_id)))
    assert set(decided) == set(faces) and len(decided) == request
    assert (kim.left, lee.left) == (0, 0)

"""Two datasets and people of nearly the same names: nothing of one is the other's."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from fercore.clock import now
from fercore.curation.lease_owner import LeaseOwner
from fercore.curation.review_filter import Cursor, ReviewFilter
from fercore.services.review import adjudication, agreement, assignments, grid
from fercore.services.review.assignments import TaskPlan
from fercore.store.datasets import datasets
from fercore.store.review import decision_transfer, decisions, face_queue, history, labels, leases
from fercore.store.review.history import DecisionFilter
from fercore.store.tables import Face, Lease, Vote
from tests.conftest import fill
from tests.services.review.votes import rule, say
from tests.store.review.test_decisions import decide, undo

ANGRY, HAPPY, SAD = 0, 3, 5


def number(store, name):
    with store.database.reading() as session:
        return datasets.named(session, name).id


@pytest.fixture
def alike(store):
    """Three faces each in D and D 2; Kim and Kim 2 decide in both, in this order."""
    faces = {name: fill(store, name, [HAPPY] * 3, start=start) for name, start in (("D", 0), ("D 2", 50))}
    actions = [decide(store, who, faces[name][place], SAD) for who, name, place in DECIDED]
    return faces, actions


DECIDED = (("Kim", "D", 0), ("Kim 2", "D", 1), ("Kim", "D 2", 0), ("Kim 2", "D 2", 1), ("Kim", "D 2", 2))


@pytest.mark.parametrize(
    ("who", "name", "undone", "expected"),
    [
        pytest.param("Kim", "D", [], 0, id="the first dataset, decided before the second"),
        pytest.param("Kim", "D 2", [], 4, id="the second dataset"),
        pytest.param("Kim 2", "D", [], 1, id="another person"),
        pytest.param("Kim 2", "D 2", [], 3, id="another person, second dataset"),
        pytest.param("Kim", "D 2", [4], 2, id="the one before what was undone"),
        pytest.param("Kim", "D 2", [4, 2], None, id="nothing is left there"),
        pytest.param("Lee", "D", [], None, id="a person without decisions"),
    ],
)
def test_the_last_action_is_this_persons_in_this_dataset(store, alike, who, name, undone, expected):
    _, actions = alike
    for place in undone:
        undo(store, who, actions[place])
    with store.database.reading() as session:
        result = decisions.last_action(session, who, number(store, name))
    assert result == (None if expected is None else (actions[expected], None))


@pytest.mark.parametrize(
    ("who", "name", "expected"),
    [
        pytest.param(None, None, [4, 3, 2, 1, 0], id="all"),
        pytest.param("Kim", None, [4, 2, 0], id="one person"),
        pytest.param("Kim 2", None, [3, 1], id="the other person"),
        pytest.param(None, "D", [1, 0], id="one dataset"),
        pytest.param(None, "D 2", [4, 3, 2], id="the other dataset"),
        pytest.param("Kim", "D 2", [4, 2], id="one person in one dataset"),
    ],
)
def test_a_range_of_the_history(store, alike, who, name, expected):
    _, actions = alike
    within = DecisionFilter(name and number(store, name), who)
    with store.database.reading() as session:
        assert [past.action for past in history.listed(session, within, 9)] == [actions[n] for n in expected]
        assert history.count(session, within) == (len(expected), len(expected))
        assert [past.dataset for past in history.listed(session, within, 9)] == [DECIDED[n][1] for n in expected]
        assert len(history.listed(session, within, 1)) == 1


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [(None, None, [0, 1, 2, 3, 4]), (2, None, [2, 3, 4]), (None, 2, [0, 1]), (1, 3, [1, 2]), (2, 2, [])],
)
def test_a_range_begins_with_its_first_moment_and_ends_before_its_last(store, alike, since, until, expected):
    _, actions = alike
    begun = now() - timedelta(hours=9)
    with store.database.writing() as session:
        from fercore.store.tables import Decision

        for place, action in enumerate(actions):
            moment = begun + timedelta(hours=place)
            session.execute(update(Decision).where(Decision.action == action).values(decided_at=moment))
    ends = [None if hours is None else begun + timedelta(hours=hours) for hours in (since, until)]
    with store.database.reading() as session:
        result = history.listed(session, DecisionFilter(None, None, *ends), 9)
    assert [past.action for past in result] == [actions[place] for place in expected][::-1]


def test_votes_and_faces_are_those_of_one_dataset(store, alike):
    faces, _ = alike
    with store.database.reading() as session:
        assert labels.votes_in(session, number(store, "D")) == [
            (faces["D"][0], "Kim", "relabelled", SAD),
            (faces["D"][1], "Kim 2", "relabelled", SAD),
        ]
        assert [
            named_face.face_id for named_face in decision_transfer.named_faces(session, number(store, "D 2"))
        ] == faces["D 2"]
        assert [
            record.reviewer for record in decision_transfer.records(session, Face.dataset_id == number(store, "D"))
        ] == [
            "Kim",
            "Kim 2",
        ]
        assert len(list(decision_transfer.records(session))) == 5
        made = decision_transfer.made(session, number(store, "D"))
        assert sorted(answer[0] for answer in made.by_id.values()) == faces["D"][:2]
        assert {who for _, who, _ in made.moments} == {"Kim", "Kim 2"}
        index = decision_transfer.FaceIndex(session)
        assert [index.find(name, f"train/{start}") for name, start in (("D", 0), ("D 2", 50))] == [
            faces["D"][0],
            faces["D 2"][0],
        ]


def test_a_ruling_is_no_vote_even_when_one_of_two_is_undone(store):
    faces = fill(store, "D", [HAPPY] * 2)
    say(store, "Kim", faces, SAD)
    rule(store, faces, ANGRY, who="Kim")
    last = rule(store, faces, HAPPY, who="Kim")
    undo(store, "Kim", last)
    with store.database.reading() as session:
        stored = [(vote.face_id, vote.reviewer, vote.emotion) for vote in session.scalars(select(Vote))]
        assert sorted(stored) == [(face, "Kim", SAD) for face in faces]
        assert [session.get_one(Face, face).emotion for face in faces] == [ANGRY, ANGRY]
        events = labels.events_of(session, "Kim", faces)
        assert {face: [event.emotion for event in message] for face, message in events.items()} == {
            face: [SAD] for face in faces
        }


def test_rulings_of_somebody_without_a_vote_leave_none(store):
    faces = fill(store, "D", [HAPPY])
    rule(store, faces, ANGRY)
    undo(store, "judge", rule(store, faces, SAD))
    with store.database.reading() as session:
        assert session.scalars(select(Vote)).all() == []
    assert adjudication.rules(store) == {"D": "latest"}


def test_work_renews_what_is_in_hand_and_nothing_of_others(store):
    """A quarter of an hour before its end, one decision keeps the other nine faces for as long again."""
    faces = fill(store, "D", [number % 7 for number in range(20)])
    task = assignments.create(store, TaskPlan("t", "D"))
    dataset = number(store, "D")
    with store.database.writing() as session:
        for who in ("Kim", "Kim 2"):
            leases.take(session, LeaseOwner(task, who), -1, 5)
        session.execute(update(Lease).values(until=now() + timedelta(seconds=30)))
    view = ReviewFilter(dataset, "Kim", task=task, blind=True)
    grid.commit(store, view, [{"id": str(uuid4()), "action": str(uuid4()), "face": faces[0], "emotion": SAD}])
    with store.database.reading() as session:
        left = {}
        for scalar in session.scalars(select(Lease)):
            until = scalar.until if scalar.until.tzinfo else scalar.until.replace(tzinfo=now().tzinfo)
            left[scalar.face_id] = (
                scalar.reviewer,
                scalar.decided_at is not None,
                until - now() > timedelta(minutes=14),
            )
    assert left == {
        faces[0]: ("Kim", True, False),
        **{face: ("Kim", False, True) for face in faces[1:5]},
        **{face: ("Kim 2", False, False) for face in faces[5:10]},
    }
    with store.database.writing() as session:
        session.execute(update(Lease).where(Lease.reviewer == "Kim 2").values(until=now() - timedelta(seconds=1)))
    page = grid.open_page(store, ReviewFilter(dataset, "Lee", task=task, blind=True), Cursor(), 20)
    assert page.face_ids == faces[5:], "what Kim holds is not given to Lee"


def test_agreement_is_that_of_one_dataset_and_rejections_count_apart(store):
    first, second = fill(store, "D", [HAPPY] * 3), fill(store, "D 2", [HAPPY] * 2, start=50)
    for who, answers in (("Kim", (SAD, SAD, HAPPY)), ("Kim 2", (SAD, HAPPY, HAPPY))):
        for face, emotion in zip(first, answers, strict=True):
            decide(store, who, face, emotion)
    for who in ("Kim", "Lee"):
        decide(store, who, second[0], reason="blurred")
    decide(store, "Lee", second[1], ANGRY)
    result, other = agreement.agree(store, "D"), agreement.agree(store, "D 2")
    assert (result.people, other.people) == (["Kim", "Kim 2"], ["Kim", "Lee"])
    assert result.overall["agreeing pairs"].value == pytest.approx(2 / 3) and other.overall["agreeing pairs"].value == 1
    assert (list(result.by_category), list(other.by_category)) == (["Happy", "Sad"], ["rejected"])
    assert (result.confused[HAPPY][SAD], result.confused[SAD][SAD], result.confused[HAPPY][HAPPY]) == (1, 1, 1)
    assert (sum(map(sum, other.confused)), other.confused[7][7]) == (1, 1)


def test_what_one_person_takes_back_is_theirs_to_decide_again_though_another_has_decided_it(store):
    faces = fill(store, "D", [HAPPY] * 2)
    task = assignments.create(store, TaskPlan("t", "D", twice=1.0))
    document = {}
    for who in ("Kim", "Kim 2"):
        view = ReviewFilter(number(store, "D"), who, task=task, blind=True)
        event = {"id": str(uuid4()), "action": str(uuid4()), "face": faces[0], "emotion": SAD}
        grid.commit(store, view, [event])
        document[who] = (view, event["action"])
    view, action = document["Kim"]
    grid.commit(store, view, [{"id": str(uuid4()), "type": "undo", "undoes": action}])
    with store.database.reading() as session:
        result = {scalar.reviewer: scalar.decided_at is not None for scalar in session.scalars(select(Lease))}
        assert result == {"Kim": False, "Kim 2": True}
        assert [leases.left(session, task, who) for who in ("Kim", "Kim 2", "Lee")] == [2, 1, 1]


def test_decided_faces_of_a_page_are_this_persons_or_ruled(store):
    faces, other = fill(store, "D", [HAPPY] * 4), fill(store, "D 2", [HAPPY], start=50)
    for who, face in (("Kim", faces[0]), ("Kim", faces[1]), ("Kim 2", faces[1]), ("Kim", other[0])):
        decide(store, who, face, SAD)
    rule(store, faces[1:4], ANGRY)
    with store.database.reading() as session:
        for who, adjudicates, some, expected in (
            ("Kim", False, faces, 2),
            ("Kim", False, faces[1:], 1),
            ("Kim 2", False, faces, 1),
            ("Lee", False, faces, 0),
            ("Lee", True, faces, 3),
            ("Lee", True, faces[:2], 1),
            ("Kim", True, other, 0),
        ):
            view = ReviewFilter(number(store, "D"), who, adjudicates=adjudicates)
            assert face_queue.decided_of(session, view, some) == expected, (who, adjudicates)

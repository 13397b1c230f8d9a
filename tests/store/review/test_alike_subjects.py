"""The same subject in two datasets of nearly the same name is two people."""

import pytest

from fercore.services.training import snapshots as snapshot_service
from fercore.store.tables import Face
from fercore.store.training import snapshots
from tests.conftest import fill
from tests.store.review.test_alike_names import ANGRY, HAPPY, SAD


@pytest.fixture
def subjects(store):
    """S1 in D and in D 2, S2 in D: two people of the same name."""
    faces = {name: fill(store, name, [HAPPY, SAD, ANGRY], start=start) for name, start in (("D", 0), ("D 2", 50))}
    message = {("D", 0): "S1", ("D", 1): "S2", ("D 2", 0): "S1", ("D 2", 1): "S1"}
    with store.database.writing() as session:
        for (name, place), subject in message.items():
            session.get_one(Face, faces[name][place]).subject = subject
    return faces


def frozen(store, *names):
    snapshot_service.freeze(store, "S", names)
    with store.database.reading() as session:
        return snapshots.named(session, "S").id


def test_the_same_subject_in_two_datasets_is_two_people(store, subjects):
    snapshot = frozen(store, "D", "D 2")
    with store.database.reading() as session:
        result = snapshots.subjects(session, snapshot)
    d, other = subjects["D"], subjects["D 2"]
    people = [result[face] for face in (d[0], d[1], other[0], other[1])]
    assert people[2] == people[3] and len(set(people)) == 3
    assert (result[d[2]], result[other[2]]) == (None, None)


@pytest.mark.parametrize(
    ("moved", "people"),
    [
        pytest.param([("D 2", 0)], 1, id="S1 of one dataset in both splits"),
        pytest.param([("D 2", 0), ("D 2", 1)], 0, id="S1 of one dataset in the one, of the other in the other"),
        pytest.param([("D", 0), ("D", 1)], 0, id="both of one dataset moved"),
        pytest.param([("D 2", 2)], 0, id="a face without a subject"),
    ],
)
def test_people_in_two_splits_are_counted_by_dataset(store, subjects, moved, people):
    with store.database.writing() as session:
        for name, place in moved:
            session.get_one(Face, subjects[name][place]).split = "test"
    snapshot = frozen(store, "D", "D 2")
    with store.database.reading() as session:
        assert snapshots.shared(session, snapshot) == snapshots.SplitOverlap(0, people)


@pytest.mark.parametrize(
    ("named", "alone"),
    [
        pytest.param([("D", 0, "S1"), ("D", 1, "S1"), ("D", 2, "S1")], True, id="one person"),
        pytest.param([("D", 0, "S1"), ("D", 1, "S1"), ("D", 2, None)], False, id="a face of nobody knows whom"),
        pytest.param([("D", 0, "S1"), ("D", 1, "S1"), ("D", 2, "S10")], False, id="two people"),
    ],
)
def test_one_person_alone(store, subjects, named, alone):
    with store.database.writing() as session:
        for name, place, subject in named:
            session.get_one(Face, subjects[name][place]).subject = subject
    snapshot = frozen(store, "D")
    with store.database.reading() as session:
        assert snapshots.shows_one_person(session, snapshot) is alone


def test_two_datasets_of_the_same_subject_are_two_people(store, subjects):
    with store.database.writing() as session:
        for face in [face for faces in subjects.values() for face in faces]:
            session.get_one(Face, face).subject = "S1"
    snapshot = frozen(store, "D", "D 2")
    with store.database.reading() as session:
        assert not snapshots.shows_one_person(session, snapshot)

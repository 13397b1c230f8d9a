"""Leaks between splits, within and across datasets."""

from fercore.services.audit import leaks
from fercore.services.audit.leaks import LeakedFace, Place
from fercore.services.training import preflight, snapshots
from tests.curation.duplicates.pictures import gray, pictures
from tests.services.audit.planted import put
from tests.services.review.votes import say


def table(audit):
    """(from, to): exact, near, people; only where there is a leak."""
    return {
        (f"{pair.source.dataset} {pair.source.split}", f"{pair.target.dataset} {pair.target.split}"): counted
        for pair in audit.pairs
        if any(counted := (pair.exact, pair.near, len(pair.people)))
    }


def test_each_two_splits_of_which_one_is_held_out_are_compared(store):
    faces = pictures(8)
    put(store, "A", faces[[0, 1, 2, 0]])
    put(store, "A", [faces[0], gray(faces[1] + 15.0), faces[3]], "test")
    put(store, "A", [faces[3][:, ::-1], faces[4]], "validation")
    put(store, "B", [faces[2], faces[5]])
    put(store, "B", [faces[4], faces[2]], "test")
    audit = leaks.audit(store, ["A", "B"])
    assert table(audit) == {
        ("A train", "A test"): (1, 1, 0),
        ("A validation", "A test"): (0, 1, 0),
        ("A train", "B test"): (1, 0, 0),
        ("A validation", "B test"): (1, 0, 0),
        ("B train", "B test"): (1, 0, 0),
    }
    assert len(audit.pairs) == 9, "of five splits each two but the two for training"
    assert all(pair.target.split != "train" for pair in audit.pairs)


def test_leaked_faces_lead_to_their_copies_and_to_all_that_must_go(store):
    faces = pictures(4)
    train = put(store, "A", [faces[0], gray(faces[0] + 15.0), faces[0], faces[1]])
    test = put(store, "A", [faces[0], faces[1][:, ::-1], faces[2]], "test")
    (pair,) = leaks.audit(store, ["A"]).pairs
    assert (pair.source, pair.target) == (Place("A", "train"), Place("A", "test"))
    mirrored = pair.leaked[1]
    assert pair.leaked == (LeakedFace(test[0], train[0], "exact", 1.0), mirrored)
    assert (mirrored.face, mirrored.source, mirrored.kind) == (test[1], train[3], "mirrored")
    assert pair.sources == tuple(train)


def test_people_are_shared_within_a_dataset_only(store):
    faces = pictures(8)
    train = put(store, "A", faces[:3], subjects=["01", "01", "02"])
    put(store, "A", faces[3:5], "test", subjects=["01", None])
    put(store, "B", faces[5:7], "test", subjects=["01", "02"])
    audit = leaks.audit(store, ["A", "B"])
    assert table(audit) == {("A train", "A test"): (0, 0, 1)}
    pair = next(pair for pair in audit.pairs if pair.people)
    assert [each.subject for each in pair.people] == ["01"] and pair.sources == tuple(train[:2])


def test_exact_leaks_agree_with_those_before_a_training(store):
    faces = pictures(5)
    put(store, "A", faces[[0, 1, 2, 1]])
    put(store, "A", faces[[1, 2, 4]], "test")
    snapshots.freeze(store, "S", ["A"])
    (caution,) = preflight.leaks(store, "S")
    (pair,) = leaks.audit(store, ["A"]).pairs
    assert caution.text.startswith(f"{len(pair.sources)} training faces are in another split") and pair.exact == 2


def test_blank_pictures_are_no_altered_copies(lite):
    blank = pictures(1)[0] * 0
    put(lite, "A", [blank, blank + 9])
    put(lite, "A", [blank + 50, blank], "test")
    assert table(leaks.audit(lite, ["A"])) == {("A train", "A test"): (1, 0, 0)}


def test_rejected_faces_do_not_leak(lite):
    face = pictures(1)[0]
    (train,) = put(lite, "A", [face])
    put(lite, "A", [face], "test")
    assert table(leaks.audit(lite, ["A"])) == {("A train", "A test"): (1, 0, 0)}
    say(lite, "Kim", [train], reason="not a face")
    audit = leaks.audit(lite, ["A"])
    assert audit.pairs == () and (audit.faces, audit.rejected) == (1, 1)

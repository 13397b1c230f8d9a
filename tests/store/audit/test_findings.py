"""Audits and findings in the store, on both databases."""

import pytest

from fercore.errors import NotFoundError
from fercore.services.audit import score_card
from fercore.services.datasets import catalogue
from fercore.store.audit import audits, findings, pair_verdicts, present
from fercore.store.audit.findings import NewFinding
from fercore.store.system import names
from tests.conftest import fill
from tests.services.review.votes import rule, say

HAPPY, SAD = 3, 5


@pytest.fixture
def audited(store):
    """An ended audit of a dataset of eight: four label findings, two control faces, two groups of copies."""
    faces = fill(store, "D", [HAPPY] * 8)
    with store.database.writing() as session:
        audit = audits.begin(session, [1], "hash", {"checks": ["labels"]}, "tester")
        found = [NewFinding(face, label=HAPPY, suggested=SAD, score=0.9 - place / 10) for place, face in
                 enumerate(faces[:4])]  # fmt: skip
        findings.add(session, audit.id, "labels", False, found)
        findings.add(session, audit.id, "labels", True, [NewFinding(face, label=HAPPY) for face in faces[4:6]])
        pairs = [
            NewFinding(faces[1], faces[0], detail="near", cluster=1, score=0.8),
            NewFinding(faces[3], faces[2], detail="exact", cluster=2, score=1.0),
            NewFinding(faces[5], faces[4], detail="blank", cluster=3),
        ]
        findings.add(session, audit.id, "duplicates", False, pairs)
        audits.note(session, audit.id, "labels", {"count": 4, "population": 8, "detail": {}})
        audits.end(session, audit.id)
        return faces, audit.id


def read(store, number, check="labels", **more):
    with store.database.reading() as session:
        return findings.faces(session, audits.get(session, number), check, **more)


def test_found_faces_by_rank_and_in_parts(store, audited):
    faces, number = audited
    assert [each.face for each in read(store, number)] == faces[:4]
    assert [each.face for each in read(store, number, part=(1, 2))] == faces[1:3]
    assert [each.face for each in read(store, number, control=True)] == faces[4:6]
    first = read(store, number)[0]
    assert (first.dataset, first.split, first.label, first.suggested, first.score) == ("D", "train", HAPPY, SAD, 0.9)


@pytest.mark.parametrize("decide", [say, rule])
def test_faces_that_were_decided_since(store, audited, decide):
    faces, number = audited
    arguments = (store, "Kim", faces[1:3]) if decide is say else (store, faces[1:3])
    decide(*arguments, SAD)
    assert [each.face for each in read(store, number, only_decided=True)] == faces[1:3]
    assert [each.is_decided for each in read(store, number)] == [False, True, True, False]
    with store.database.writing() as session:
        later = audits.begin(session, [1], "other", {}, "tester")
        findings.add(session, later.id, "labels", False, [NewFinding(face) for face in faces])
        assert later.after > 0
    assert read(store, later.id, only_decided=True) == [], "these decisions came before"


def test_copies_by_groups_but_for_blank_ones(store, audited):
    faces, number = audited
    with store.database.reading() as session:
        groups = findings.clusters(session, number, "duplicates", "blank")
    assert groups == {faces[0]: 1, faces[1]: 1, faces[2]: 2, faces[3]: 2}


def test_verdicts_of_people_whichever_face_comes_first(store, audited):
    faces, number = audited
    with store.database.writing() as session:
        pair_verdicts.give(session, (faces[1], faces[0]), "Kim", "different")
        pair_verdicts.give(session, (faces[0], faces[1]), "Kim", "same picture")
        pair_verdicts.give(session, (faces[0], faces[1]), "Lee", "not sure")
        pair_verdicts.give(session, (faces[6], faces[7]), "Lee", "different")
        pair_verdicts.take_back(session, (faces[7], faces[6]), "Lee")
        names.rename_person(session, "Kim", "Kim Minji")
    with store.database.reading() as session:
        said = findings.verdicts(session, number, "duplicates", False)
    assert {rank: sorted(each) for rank, each in said.items()} == {
        0: [("Kim Minji", "same picture"), ("Lee", "not sure")]
    }


def test_audits_go_on_end_and_are_listed(store, audited):
    with store.database.writing() as session:
        begun = audits.begin(session, [1], "new", {"run": 1}, "tester")
        assert audits.begin(session, [1], "new", {"run": 1}, "tester").id == begun.id
        others = [audits.begin(session, [1], *given, "tester").id for given in (("new", {"run": 2}), ("x", {"run": 1}))]
        assert begun.id not in others
        assert [each.id for each in audits.listed(session)] == [audited[1]]
        audits.end(session, begun.id)
        assert [each.id for each in audits.of_datasets(session, [1])] == [begun.id, audited[1]]
        assert audits.of_datasets(session, [1, 2]) == [] and audits.covering(session, [2]) == []
        assert not present.is_current(session, audits.get(session, begun.id))
        with pytest.raises(NotFoundError):
            audits.get(session, 99)


def test_an_audit_stays_while_one_of_its_datasets_is_there(store, audited):
    fill(store, "E", [SAD], start=50)
    with store.database.writing() as session:
        both = audits.begin(session, [1, 2], "both", {}, "tester")
        audits.end(session, both.id)
    catalogue.remove(store, "E")
    assert score_card.listed(store)[0].datasets == ("D", "a deleted dataset")
    assert not score_card.is_current(store, both.id)


def test_findings_go_with_their_faces_and_a_deleted_dataset_shows_no_audit(store, audited):

    assert len(score_card.listed(store)) == 1
    catalogue.remove(store, "D")
    assert score_card.listed(store) == [] and read(store, audited[1]) == []

"""Names given on the command line: datasets and people renamed, people retired and called back."""

import json

import click
import pytest
from click.testing import CliRunner

from fercore.cli import cli
from fercore.errors import InputError, InUseError, NotFoundError
from fercore.services.datasets import catalogue
from fercore.services.review import agreement, decision_transfer, history, label_studio, reviewers
from fercore.services.review.history import HistoryQuery
from fercore.store.review import decisions
from tests.conftest import fill
from tests.services.review.votes import say
from tests.services.system.test_names import job

HAPPY, SAD = 3, 5


def answer(*words, typed=None):
    given = CliRunner().invoke(cli, [str(word) for word in words], input=typed, standalone_mode=False)
    if given.exception:
        raise given.exception
    return given.output


def document(*words):
    return json.loads(answer(*words, "--json"))


def test_a_dataset_is_renamed(lite):
    fill(lite, "D", [HAPPY])
    assert document("rename", "dataset", "D", " Korean faces ") == {"dataset": "Korean faces", "was": "D"}
    assert [item["name"] for item in document("datasets")] == ["Korean faces"]
    assert answer("rename", "dataset", "Korean faces", "K") == "'Korean faces' is now 'K'.\n"


def test_a_person_is_renamed_retired_and_called_back(lite):
    say(lite, "Kim", fill(lite, "D", [HAPPY]), SAD)
    assert document("rename", "person", "Kim", "Kim Jiwon") == {"person": "Kim Jiwon", "was": "Kim"}
    active = [{"person": "Kim Jiwon", "retired": False}, {"person": "tester", "retired": False}]
    assert document("people") == active
    assert document("retire", "Kim Jiwon", "--yes") == {"person": "Kim Jiwon", "retired": True}
    assert document("people")[0]["retired"] and reviewers.listed(lite) == ["tester"]
    assert answer("people").splitlines()[1].split() == ["Kim", "Jiwon", "retired"]
    assert answer("call-back", "Kim Jiwon") == "'Kim Jiwon' is active.\n"
    assert document("people") == active


def test_retiring_asks_first(lite):
    reviewers.add(lite, "Kim")
    with pytest.raises(click.exceptions.Abort):
        answer("retire", "Kim", typed="n\n")
    assert reviewers.retired(lite) == []
    assert "'Kim' is retired." in answer("retire", "Kim", typed="y\n")
    assert reviewers.retired(lite) == ["Kim"]


@pytest.mark.parametrize(
    ("words", "error", "sentence"),
    [
        pytest.param(["rename", "dataset", "X", "Y"], NotFoundError, "no dataset 'X'", id="unknown dataset"),
        pytest.param(["rename", "dataset", "D", "E"], InputError, "already", id="another dataset's name"),
        pytest.param(["rename", "dataset", "D", "a/b"], InputError, "cannot be a name", id="no name"),
        pytest.param(["rename", "dataset", "E", "F"], InUseError, "works with 'E'", id="a job works with it"),
        pytest.param(["rename", "person", "X", "Y"], NotFoundError, "no person 'X'", id="unknown person"),
        pytest.param(["rename", "person", "Kim", "lee"], InputError, "already", id="another person's name"),
        pytest.param(["rename", "person", "Old", "Y"], NotFoundError, "was renamed: Kim", id="a former name"),
        pytest.param(["retire", "X", "--yes"], NotFoundError, "no person 'X'", id="retire an unknown person"),
        pytest.param(["retire", "X"], NotFoundError, "no person 'X'", id="unknown, before it asks"),
        pytest.param(["retire", "Old", "--yes"], NotFoundError, "was renamed: Kim", id="retire a former name"),
        pytest.param(["retire", "tester", "--yes"], InputError, "settings", id="the settings' user"),
        pytest.param(["call-back", "X"], NotFoundError, "no person 'X'", id="call an unknown person back"),
        pytest.param(["snapshot", "s", "--dataset", "Former"], NotFoundError, "was renamed: D", id="a former dataset"),
    ],
)
def test_a_mistake_changes_nothing(lite, words, error, sentence):
    fill(lite, "D", [HAPPY])
    fill(lite, "E", [HAPPY])
    answer("rename", "dataset", "D", "Former")
    answer("rename", "dataset", "Former", "D")
    for name in ("Old", "Lee"):
        reviewers.add(lite, name)
    reviewers.rename(lite, "Old", "Kim")
    job(lite, {"dataset": "E"}, "held")
    before = (document("datasets"), document("people"))
    with pytest.raises(error, match=sentence):
        answer(*words)
    assert (document("datasets"), document("people")) == before


def reviewed(store, faces):
    result = agreement.agree(store, "New")
    return result.people, result.overall


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_decisions_of_an_old_file_come_to_the_renamed_person_and_dataset(store, tmp_path, form):
    faces = fill(store, "D", [HAPPY] * 4)
    say(store, "Kim", faces, SAD)
    say(store, "Lee", faces, HAPPY)
    file = tmp_path / f"d.{form}"
    decision_transfer.export(store, file)
    history.revert(store, HistoryQuery(reviewer="Kim"))

    for name in ("E", "New"):
        catalogue.rename(store, "D" if name == "E" else "E", name)
    for name in ("Kim J", "Kim Jiwon"):
        reviewers.rename(store, "Kim" if name == "Kim J" else "Kim J", name)
    assert decision_transfer.import_file(store, file)["added"] == 0, "all of them are here already"
    catalogue.remove(store, "New")
    fill(store, "E", [HAPPY] * 4)
    catalogue.rename(store, "E", "New")
    assert decision_transfer.import_file(store, file, skip_bad=True)["skipped"][0]["why"] == "There is no dataset 'D'."
    catalogue.rename(store, "New", "D")
    catalogue.rename(store, "D", "New")
    assert decision_transfer.import_file(store, file)["added"] == 8
    assert agreement.agree(store, "New").people == ["Kim Jiwon", "Lee"]
    assert reviewers.everybody(store) == ["Kim Jiwon", "Lee", "tester"]


def test_a_name_that_two_datasets_had_is_told_with_both(store, tmp_path):
    from fercore.services.datasets import catalogue

    say(store, "Kim", fill(store, "D", [HAPPY]), SAD)
    file = tmp_path / "d.csv"
    decision_transfer.export(store, file)
    catalogue.rename(store, "D", "One")
    fill(store, "D", [HAPPY])
    assert decision_transfer.import_file(store, file)["added"] == 0
    catalogue.rename(store, "D", "Two")
    report = decision_transfer.import_file(store, file, skip_bad=True)
    assert [item["why"] for item in report["skipped"]] == ["Several datasets were named 'D': One, Two."]


def test_an_export_of_label_studio_comes_to_the_renamed_person_once(store, tmp_path):
    fill(store, "D", [HAPPY])
    values = {"id": 1, "completed_by": {"email": "kim@lab.kr"}, "created_at": "2026-03-01T09:30:00.123456Z"}
    values["result"] = [{"value": {"choices": ["Sad"]}}]
    file = tmp_path / "project.json"
    file.write_text(json.dumps([{"id": 1, "data": {"face": "train/0"}, "annotations": [values]}]))
    assert label_studio.import_file(store, file, "D").added == 1
    reviewers.rename(store, "kim@lab.kr", "Kim")
    again = label_studio.import_file(store, file, "D")
    assert (again.added, again.known, reviewers.everybody(store)) == (0, 1, ["Kim", "tester"])
    values["id"], values["created_at"] = 2, "2026-03-02T09:30:00.123456Z"
    file.write_text(json.dumps([{"id": 1, "data": {"face": "train/0"}, "annotations": [values]}]))
    assert label_studio.import_file(store, file, "D").added == 1
    assert reviewers.everybody(store) == ["Kim", "tester"]


def test_a_former_name_is_understood_where_a_person_is_asked_for(store):
    from fercore.services.review import assignments, task_editing
    from fercore.services.review.assignments import TaskPlan
    from fercore.services.review.task_editing import TaskChanges

    say(store, "Kim", fill(store, "D", [HAPPY] * 2), SAD)
    reviewers.rename(store, "Kim", "Kim Jiwon")
    assignments.create(store, TaskPlan("t", "D", people=["Kim", "Lee"]))
    [task] = assignments.listed(store)
    assert task.task.people == ["Kim Jiwon", "Lee"]
    task_editing.edit(store, task.task.id, TaskChanges("t", people=["Kim", "Kim Jiwon"]))
    assert assignments.listed(store)[0].task.people == ["Kim Jiwon"]
    assert history.revert(store, HistoryQuery(reviewer="Kim")) == 2


def test_the_name_of_a_persons_outbox_outlives_renames(store):
    for name in ("Kim", "Lee"):
        reviewers.add(store, name)
    reviewers.rename(store, "Kim", "Kim J")
    reviewers.rename(store, "Kim J", "Kim Jiwon")
    assert reviewers.outbox(store, "Kim Jiwon") == "Kim" and reviewers.outbox(store, "Lee") == "Lee"
    reviewers.add(store, "Kim")
    other = reviewers.outbox(store, "Kim")
    assert other not in ("Kim", "Kim Jiwon", "Lee"), "another person of that name has an outbox of their own"
    reviewers.rename(store, "Kim", "Kim Minsu")
    assert reviewers.outbox(store, "Kim Minsu") == other
    reviewers.rename(store, "Kim Jiwon", "Kim")
    assert reviewers.outbox(store, "Kim") == "Kim" and reviewers.outbox(store, "unknown") == "unknown"


def test_the_settings_user_is_one_person_after_a_rename(store):
    faces = fill(store, "D", [HAPPY] * 2)
    say(store, "tester", faces[:1], SAD)
    reviewers.rename(store, "tester", "Kim")
    assert reviewers.listed(store) == reviewers.everybody(store) == ["Kim"] and reviewers.own_name(store) == "Kim"
    say(store, "tester", faces[1:], SAD)  # from a tab that was open meanwhile
    with store.database.reading() as session:
        assert {event.reviewer for face in faces for event in decisions.history(session, face)} == {"Kim"}
    assert reviewers.outbox(store, "Kim") == "tester", "what waits in the browser is delivered"
    with pytest.raises(InputError, match="FERCORE_USER"):
        reviewers.retire(store, "Kim")


def test_a_restored_backup_knows_the_names_that_people_and_datasets_had(lite, tmp_path):
    say(lite, "Kim", fill(lite, "D", [HAPPY] * 2), SAD)
    document("review", "export", tmp_path / "d.csv")
    document("rename", "dataset", "D", "New")
    document("rename", "person", "Kim", "Kim Jiwon")
    document("backup", tmp_path / "b.zip")
    document("review", "revert", "--reviewer", "Kim")
    document("restore", tmp_path / "b.zip", "--replace")
    known = document("review", "import", tmp_path / "d.csv")
    assert (known["added"], known["known"], known["skipped"]) == (0, 2, [])
    document("remove", "--dataset", "New", "--yes")
    again = CliRunner().invoke(cli, ["review", "import", str(tmp_path / "d.csv")], standalone_mode=False)
    assert "There is no dataset 'D'" in str(again.exception)

"""The report: its figures are those of the store, its conclusions those of the tests, and it is the same each time."""

import numpy as np
import pytest

from fercore.errors import InputError
from fercore.exports.documents import files
from fercore.language import use
from fercore.populations import Population
from fercore.services.comparison import foreign_models, pair, results, stored_evaluations
from fercore.services.comparison.report.contents import report
from fercore.services.comparison.report.material import ReportChoice
from fercore.services.comparison.results import TableChoice
from fercore.services.datasets import catalogue
from fercore.services.training import snapshots
from fercore.store.comparison import evaluations
from fercore.store.datasets import datasets
from tests.conftest import fill
from tests.services.comparison.conftest import HAPPY, SAD, evaluate, faces_of, run
from tests.services.comparison.test_pair import guesses, prepared
from tests.store.review.test_decisions import decide

MAY, MAY_NOT = 1, 2


@pytest.fixture
def measured(store):
    return prepared(store)


def tables(document):
    return {
        table.name: [dict(zip([c.title for c in table.columns], row, strict=True)) for row in table.rows]
        for table in document.tables
    }


def test_figures_are_those_of_the_results(measured):
    store, _, rights = measured
    found = tables(report(store, ReportChoice()))
    [cell] = [
        row.cells["D"] for row in results.results(store, stored_evaluations.listed(store), TableChoice("test")).rows
    ]
    [row] = found["results-accuracy"]
    assert (row["Accuracy"], row["95 % from"], row["to"], row["Faces"]) == (cell.value, cell.low, cell.high, 60)
    assert row["Accuracy"] == pytest.approx(np.mean([right.mean() for right in rights]))
    assert [each["Accuracy"] for each in found["ranking-1-test"]] == sorted(
        (right.mean() for right in rights), reverse=True
    )


def test_pairs_are_tested_as_elsewhere_and_adjusted(measured):
    store, *_ = measured
    rows = {(row["A"], row["B"]): row for row in tables(report(store, ReportChoice()))["pairs-1-test"]}
    assert len(rows) == 3
    for (a, b), row in rows.items():
        compared = pair.of_runs(store, a, b, "D", "test")
        assert (row["A − B, points"], row["p"]) == (compared.difference.value, compared.p_value)
        assert row["p after Holm"] >= row["p"]


def test_holm_is_taken_over_all_that_the_report_tests(measured):
    """A difference that is shown on one place may not be, once others are looked at as well."""
    store, (a, b, _), _ = measured
    labels = [HAPPY, SAD, 6] * 20
    close = np.arange(60) < 50
    other = np.where(np.arange(60) < 7, False, close)
    fill(store, "E", labels, "test", 300)
    for number, right in ((a, close), (b, other)):
        evaluate(store, number, "E", "test", guesses(labels, right))
    raw = [pair.of_runs(store, a, b, name, "test").p_value for name in ("D", "E")]
    rows = [table for name, table in tables(report(store, ReportChoice((a, b)))).items() if name.startswith("pairs-")]
    found = sorted(row["p after Holm"] for [row] in rows)
    assert found == pytest.approx(sorted([min(raw) * 2, max(raw)]))


def test_two_runs_are_concluded_by_their_claim(measured):
    store, (a, b, c), _ = measured
    assert f"D · test: Run {a} reads these faces better than run {b}: 16.7 points" in "\n".join(
        report(store, ReportChoice((a, b))).listing(MAY)
    )
    document = report(store, ReportChoice((a, c)))
    assert document.listing(MAY) == ("Nothing: no difference between these runs was tested and shown.",)
    assert "No evidence of a difference: 1.7 points" in "\n".join(document.listing(MAY_NOT))


def test_many_runs_are_concluded_after_holm(measured):
    store, (a, b, c), _ = measured
    document = report(store, ReportChoice())
    assert f"D · test: run {a} reads these faces better than run {b}." in document.listing(MAY)
    assert any(
        f"run {a} is the most accurate here, but is not shown to be better than run {c}" in each
        for each in document.listing(MAY_NOT)
    )
    assert any("fewer than 5 seeds" in sentence for sentence in document.listing(MAY_NOT))


def limits(document):
    return "\n".join(document.listing(MAY_NOT))


def test_one_run_is_no_comparison(measured):
    store, (a, *_), _ = measured
    document = report(store, ReportChoice((a,), " Is it\ngood? "))
    assert document.sections[0].blocks[0].text == "Is it good?"
    assert document.title == "Report on 1 run"
    assert "No two of these runs were evaluated on one split" in str(
        [s.blocks for s in document.sections if s.title == "Tests"]
    )


def test_learned_faces_and_training_accuracies_are_limits(store):
    fill(store, "D", [HAPPY, SAD])
    fill(store, "E", [HAPPY, SAD, SAD], "test")  # the first two are pixel for pixel those of D
    snapshots.freeze(store, "S", ["D"])
    number = run(store)
    evaluate(store, number, "D", "train", [HAPPY, SAD])
    evaluate(store, number, "E", "test", [HAPPY, HAPPY, SAD])
    document = report(store, ReportChoice())
    [leak] = tables(document)["leaks"]
    assert (leak["Tested on"], leak["Learned faces among them"]) == ("E · test", 2)
    assert leak["Accuracy"] == pytest.approx(2 / 3) and leak["Accuracy without learned faces"] == 1.0
    assert "Anything of new faces from D · train: these faces were learned." in limits(document)
    assert "Figures on E · test at face value" in limits(document)


def test_changed_labels_are_a_limit(measured):
    store, *_ = measured
    assert "labels of before" not in limits(report(store, ReportChoice()))
    decide(store, "a", faces_of(store, "D", "test")[0], emotion=SAD)
    assert "Figures counted with labels of before" in limits(report(store, ReportChoice()))


def test_a_model_from_elsewhere_is_told_apart(measured, tmp_path):
    store, (a, *_), _ = measured
    rows = [f"{face},happy" for face in faces_of(store, "D", "test")]
    file = tmp_path / "p.csv"
    file.write_text("\n".join(["face,prediction", *rows]))
    foreign = foreign_models.import_predictions(store, file, "DeepFace <b>", "D", "test").run
    document = report(store, ReportChoice((a, foreign)))
    assert "models from elsewhere have not learned these faces" in limits(document)
    [row] = [row for row in tables(document)["runs"] if row["Run"] == foreign]
    assert (row["Backbone"], row["Seed"]) == ("DeepFace <b>", None)
    assert b"DeepFace <b>" not in files.html(document)


def imported(store, tmp_path, name, faces):
    file = tmp_path / f"{name}.csv"
    file.write_text("\n".join(["face,prediction", *(f"{face},happy" for face in faces)]))
    return foreign_models.import_predictions(store, file, name, "D", "test").run


def test_a_model_of_few_faces_takes_none_from_the_others(measured, tmp_path):
    """What is shown of two runs stays shown once a file of ten faces is imported."""
    store, (a, b, _), _ = measured
    few = imported(store, tmp_path, "few", faces_of(store, "D", "test")[:10])
    document = report(store, ReportChoice())
    assert f"D · test: run {a} reads these faces better than run {b}." in document.listing(MAY)
    assert f"Run {few} is left out: it was evaluated on 10 of 60 faces only." in limits(document)
    assert {row["Faces"] for row in tables(document)["pairs-1-test"]} == {60}


def test_a_model_of_few_faces_is_stale_only_where_their_labels_change(measured, tmp_path):
    store, *_ = measured
    faces = faces_of(store, "D", "test")
    few = imported(store, tmp_path, "few", faces[:10])
    views = {view.run: view for view in stored_evaluations.listed(store)}
    assert stored_evaluations.stale(store, views.values()) == set()
    decide(store, "a", faces[20], emotion=6)
    assert views[few].id not in stored_evaluations.stale(store, views.values())
    decide(store, "a", faces[0], emotion=6)
    assert views[few].id in stored_evaluations.stale(store, views.values())


def test_runs_of_one_answer_are_called_so(measured, tmp_path):
    store, *_ = measured
    happy = imported(store, tmp_path, "happy", faces_of(store, "D", "test"))
    said = limits(report(store, ReportChoice()))
    assert f"That run {happy} knows every emotion: on D · test it only ever answers Happy." in said
    assert f"That run {happy} reads emotions on D · test: always answering Happy gives 33.3%." in said


@pytest.mark.parametrize(("faces", "few"), [(2, True), (29, True), (30, False)])
def test_models_of_few_faces_stand_last_and_are_not_judged(measured, tmp_path, faces, few):
    """Happy to all of 30 faces is right of half of them; two faces that are both happy are no ground for a warning."""
    store, *_ = measured
    with store.database.reading() as session:
        dataset = datasets.named(session, "D").id
        ids, labels = evaluations.labelled_faces(session, dataset, "test")
    happy = sorted(ids, key=lambda face: labels[ids.index(face)] != HAPPY)[:faces]
    number = imported(store, tmp_path, "happy", happy)
    document = report(store, ReportChoice())
    said = limits(document)
    assert (f"That run {number} knows every emotion: on D · test it only ever answers Happy." in said) is not few
    assert (f"That run {number} reads emotions on D · test" in said) is not few
    places = [row for row in tables(document)["results-accuracy"] if row["Tested on"] == "D · test"]
    if few:
        assert (places[-1]["Runs"], places[-1]["Accuracy"] > 0.6) == (str(number), True), "last, high as it is"
    assert [row["Runs"] for row in places if "few faces" in (row["Mark"] or "")] == [str(number)] * few


def test_gaps_are_measured_where_both_sides_are(store):
    labels = [HAPPY, SAD] * 40
    fill(store, "D", [HAPPY, SAD])
    fill(store, "West", labels, "test", 50)
    fill(store, "Korea", labels, "test", 200)
    snapshots.freeze(store, "S", ["D"])
    a, b = run(store), run(store, seed=1)
    for number, right in ((a, 30), (b, 60)):
        evaluate(store, number, "West", "test", guesses(labels, np.arange(80) < 70))
        evaluate(store, number, "Korea", "test", guesses(labels, np.arange(80) < right))
    assert "gaps" not in tables(report(store, ReportChoice()))
    catalogue.set_population(store, "West", Population.WESTERN)
    catalogue.set_population(store, "Korea", Population.EAST_ASIAN)
    document = report(store, ReportChoice())
    assert [row["Gap, points"] for row in tables(document)["gaps"]] == pytest.approx([0.5, 0.125])
    assert f"Run {a}: Western minus East Asian accuracy is 50.0 points" in "\n".join(document.listing(MAY))
    assert f"The gap of run {b} is smaller than that of run {a}: by 37.5 points" in "\n".join(document.listing(MAY))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_made_twice_it_is_the_same_but_for_its_date(measured, language):
    store, *_ = measured
    use(language)
    first, second = (report(store, ReportChoice()) for _ in range(2))
    use("en")
    assert first.language == language
    later = files.html(first).replace(first.made.encode(), second.made.encode())
    assert later == files.html(second)
    assert files.zipped(first) == files.zipped(first)


def test_names_in_any_signs_make_files_of_plain_names(store):
    fill(store, "D", [HAPPY, SAD])
    fill(store, "서울 · a/b", [HAPPY, SAD] * 5, "test", 50)
    snapshots.freeze(store, "S", ["D"])
    for seed in range(3):
        evaluate(store, run(store, seed=seed), "서울 · a/b", "test", [HAPPY, SAD] * 5)
    document = report(store, ReportChoice())
    names = [block.name for block in (*document.tables, *document.pictures, *document.sources)]
    assert len(set(names)) == len(names) and all(
        set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.") for name in names
    )


@pytest.mark.parametrize(("runs", "words"), [((99,), "There is no run '99'"), ((), "No evaluation yet")])
def test_nothing_to_report_on_is_said(store, runs, words):
    with pytest.raises(InputError, match=words):
        report(store, ReportChoice(runs))

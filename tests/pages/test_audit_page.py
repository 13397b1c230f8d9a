"""The Audit page: start an audit, read its score card, look at its findings, judge pairs, send faces to review."""

import shutil

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from fercore.clock import now
from fercore.curation.checks import Check
from fercore.drawing.faces import dataset as drawn
from fercore.jobs import queue
from fercore.services import jobs
from fercore.services.audit import audit_request, dataset_audit, score_card
from fercore.services.audit.audit_request import Doubt
from fercore.services.audit.methods import Method
from fercore.settings import ROOT, Settings
from fercore.store import open_store
from fercore.store.tables import Audit, Face, Job
from fercore.ui.audit import pair_findings
from fercore.ui.shell import session
from tests.conftest import fill
from tests.curation.duplicates.pictures import gray
from tests.pages.conftest import opened, press, shown, texts
from tests.services.audit.planted import put
from tests.services.review.votes import say
from tests.sharing import made_once


@pytest.fixture(scope="session")
def audited_folder(tmp_path_factory):
    """An installation of two datasets, written once; the second, <b>D, has twenty test faces that training has
    brighter, and was audited."""

    def audit(folder):
        store = open_store(installation(folder))
        fill(store, "first", [1] * 3)
        pixels, labels = drawn("west", 12, 0)
        given = [(int(label) + (at % 7 == 0)) % 7 for at, label in enumerate(labels)]
        put(store, "<b>D", pixels, labels=given)
        put(store, "<b>D", [gray(face + 15.0) for face in pixels[:20]], "test", given[:20])
        dataset_audit.audit(store, audit_request.request(["<b>D"]))
        store.database.close()

    return made_once(tmp_path_factory, "audited", audit)


def installation(folder):
    return Settings(data_dir=folder / "data", models_dir=folder / "models", user="tester")


@pytest.fixture
def audited(audited_folder, tmp_path):
    """A copy of it where the environment of this test points: (store, the audit's number, <b>D's test faces)."""
    shutil.copytree(audited_folder, tmp_path, dirs_exist_ok=True)
    store = open_store(installation(tmp_path))
    with store.database.reading() as session:
        numbers = list(session.scalars(select(Audit.id)))
        test = list(session.scalars(select(Face.id).where(Face.split == "test").order_by(Face.id)))
    yield store, numbers[0], test
    store.database.close()


def audit_shows(language="en", **query):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.session_state["language"] = language
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page("pages/curate/audit.py").run()
    assert not app.exception, app.exception
    return app


def html(app):
    return " ".join(str(element.proto.body) for element in app.get("html"))


def test_without_faces_it_leads_to_datasets(lite):
    assert "There is nothing to audit yet." in texts(opened("curate/audit.py"))


def test_an_audit_is_started_of_the_chosen_datasets(lite):
    fill(lite, "first", [1] * 3)
    fill(lite, "second", [2] * 3, start=9)
    app = opened("curate/audit.py")
    assert "No audit yet" in texts(app)
    app.multiselect(key="datasets").set_value(["second", "first"]).run()
    press(app, "Audit")
    with session.store().database.reading() as reading:
        (job,) = reading.query(Job)
    assert job.kind == "audit" and [each["dataset"] for each in job.arguments["datasets"]] == ["second", "first"]
    assert set(job.arguments["checks"]) == set(Check)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_score_card(audited, language):
    store, _, test = audited
    app = audit_shows(language)
    leaked = "**20** / 20" if language == "ko" else "**20** of 20 (100.00%)"
    assert leaked in texts(app)
    say(store, "Kim", test[:1], reason="other")
    changed = {"en": "have changed since", "ko": "바뀌었습니다"}[language]
    assert changed in texts(audit_shows(language)) and changed not in texts(app)


@pytest.mark.parametrize(
    ("check", "words"), [("labels", "Review these"), ("faces", ""), ("duplicates", "copy"), ("leaks", "held out")]
)
def test_the_findings_of_a_check(audited, check, words):
    store, number, _ = audited
    app = audit_shows(check=check)
    count = score_card.card(store, number).line(Check(check)).count
    if check in ("duplicates", "leaks"):
        assert html(app).count('data-testid="wall-pair"') == min(count, 48)
        assert "<b>D" not in html(app) and "&lt;b&gt;D" in html(app) and words in html(app)
    else:
        assert html(app).count('data-testid="wall-face"') == min(count, 96)


def test_bias_as_tables(audited):
    app = audit_shows(check="bias")
    properties = [frame.value for frame in app.dataframe]
    assert (
        "Emotion × Split" in properties[0]["Properties"].tolist() and "Brightness" in properties[1]["Measure"].tolist()
    )


def test_leaks_between_two_splits_are_chosen_from_the_matrix(audited):
    app = audit_shows(check="leaks", splits="0")
    assert html(app).count('data-testid="wall-pair"') == 20
    assert app.dataframe[0].value.iloc[0].tolist() == ["<b>D · train", "<b>D · test", 0, 20, None]


def test_findings_are_sent_to_review(audited):
    store, number, _ = audited
    app = audit_shows(check="labels")
    count = score_card.card(store, number).line(Check.LABELS).count
    press(app, f"Send {count} faces")
    assert f"The task was made: {count} chosen faces, 20 control faces." in texts(app)
    assert "Suspicious labels" in texts(opened("curate/tasks.py"))


def test_pairs_are_judged_one_by_one_and_taken_back(audited, monkeypatch):
    store, number, _ = audited
    app = audit_shows(check="leaks")
    monkeypatch.setattr(pair_findings, "HELD_SECONDS", 0.0)
    press(app, "Judge pairs one by one")
    assert app.query_params["judge"] in ("yes", ["yes"])
    for _ in range(3):
        press(app, "Different")
    assert judged(store, number) == 3
    press(audit_shows(check="leaks", judge="yes"), "Undo")
    assert judged(store, number) == 2, "also after a reload"
    press(app, "All pairs")
    assert html(app).count('data-testid="wall-pair"') == 20


def test_pairs_of_the_chosen_splits_are_judged(audited):
    store, _, _ = audited
    put(store, "E", drawn("east", 1, 9)[0][:5], "test", subjects=["p"] * 5)
    put(store, "E", drawn("east", 1, 3)[0][:1], subjects=["p"])
    dataset_audit.audit(store, audit_request.request(["<b>D", "E"], (Check.LEAKS,)))
    app = audit_shows(check="leaks", judge="yes")
    options = app.selectbox(key="splits").options
    assert options == ["all", "<b>D · train → <b>D · test", "E · train → E · test"]
    assert "Pairs judged: 0 of 76" in progress(app), "20 and 1 found, 50 and 5 control pairs"
    app.selectbox(key="splits").select_index(2).run()
    assert "Pairs judged: 0 of 6" in progress(app), "1 found, all of the 5 pairs of a face each as control"
    press(app, "Different")
    assert "Pairs judged: 1 of 6" in progress(app)
    app.selectbox(key="splits").select_index(1).run()
    assert "Pairs judged: 0 of 70" in progress(app)


def progress(app):
    return " ".join(bar.proto.text for bar in app.get("progress"))


def judged(store, number):
    line = score_card.card(store, number).line(Check.LEAKS)
    return line.right.wrong + line.control.wrong


def test_a_key_that_is_held_down_judges_one_pair(audited, monkeypatch):
    store, number, _ = audited
    monkeypatch.setattr(pair_findings, "HELD_SECONDS", 60.0)
    app = audit_shows(check="leaks", judge="yes")
    for _ in range(4):
        press(app, "Different")
    assert judged(store, number) == 1


def test_show_leads_to_a_check_that_stands_in_the_address(audited):
    app = audit_shows()
    app.button(key="show-leaks").click().run()
    assert app.query_params["check"] in ("leaks", ["leaks"]) and html(app).count('data-testid="wall-pair"') == 20


def test_a_finished_audit_takes_the_place_of_the_one_before(audited):
    store, number, _ = audited
    app = audit_shows(check="leaks")
    app.multiselect(key="datasets").set_value(["<b>D"]).run()
    press(app, "Audit")
    assert app.session_state["audit"] == number
    later = dataset_audit.audit(store, audit_request.request(["<b>D"], (Check.DUPLICATES,)))
    app.run()
    assert app.session_state["audit"] == later and "judge" not in app.query_params


def test_an_address_of_an_audit_that_is_gone(audited):
    app = audit_shows(audit="99")
    assert "'99', which is not here" in texts(app)


def test_nothing_found(lite):
    put(lite, "D", drawn("west", 2, 0)[0], labels=[at % 7 for at in range(14)])
    dataset_audit.audit(lite, audit_request.request(["D"], (Check.DUPLICATES, Check.LEAKS)))
    assert "Nothing was found." in texts(audit_shows(check="leaks"))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_cross_validation_stands_in_the_job_panel(audited, language, monkeypatch):
    store, _, _ = audited
    monkeypatch.setattr(queue, "advance", lambda *_: None)
    doubt = Doubt(Method.CROSSVAL, backbone="VGG16", epochs=1)
    jobs.submit(store, audit_request.request(["<b>D"], (Check.LABELS,), doubt))
    assert "Audit of <b>D" in texts(audit_shows()) if language == "en" else "<b>D 감사" in texts(audit_shows("ko"))
    with store.database.writing() as writing:
        (job,) = writing.query(Job)
        assert (job.kind, job.lane) == ("crossval", "device")
        job.status, job.done, job.total, job.message, job.heartbeat_at = "running", 1, 3, "*Fold* 2", now()
    (bar,) = [each for each in audit_shows(language).get("progress") if "Fold" in each.proto.text]
    assert bar.proto.value == 33 and "<b>D" in shown(bar.proto.text) and "*Fold* 2" in shown(bar.proto.text)

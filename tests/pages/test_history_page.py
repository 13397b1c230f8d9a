"""The page History: decisions as files, both ways."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from fercore.clock import now
from fercore.services.review import decision_transfer, history
from fercore.services.review.history import HistoryQuery
from fercore.store.tables import Decision, Face
from fercore.ui.review import history as history_panel
from fercore.ui.shell import session
from tests.conftest import fill
from tests.pages.conftest import opened, press, shown, texts
from tests.services.review.test_label_studio import annotation, task
from tests.services.review.votes import say


@pytest.fixture
def faces():
    return fill(session.store(), "D", [3, 5, 1])


def bring(app, name, data):
    app.file_uploader(key="decisions-file").set_value((name, data, "text/plain")).run()
    assert not app.exception
    app.button(key="decisions-bring").click().run()
    assert not app.exception
    return texts(app)


def kept():
    with session.store().database.reading() as reading:
        return reading.query(Decision).count()


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_what_one_installation_hands_over_another_takes_once(faces, form):
    say(session.store(), "Kim", faces, 2)
    data = decision_transfer.exported(session.store(), form)
    app = opened("curate/history.py")
    assert "0 decisions are new, 3 were here already." in bring(app, f"decisions.{form}", data)
    with session.store().database.writing() as writing:
        writing.query(Decision).delete()
    assert "3 decisions are new, 0 were here already." in bring(app, f"decisions.{form}", data)
    assert kept() == 3 and "**3 decisions** in effect." in texts(app)


def test_before_anybody_decided_decisions_of_label_studio_come_in(faces):
    app = opened("curate/history.py")
    assert "There are no decisions yet." in texts(app)
    tasks = [task(1, {"face": "train/0"}, annotation("Sad"))]
    assert "1 decision is new" in bring(app, "project.json", json.dumps(tasks).encode())
    assert app.selectbox(key="decisions-of").value == "D" and kept() == 1


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("d.csv", b"a,b\n1,2\n", "column"),
        ("d.csv", "기쁨".encode("cp949"), "UTF-8"),
        ("d.jsonl", b"{", "Line 1"),
        ("d.json", b"{}", "Label Studio"),
        ("d.csv", b"", "column"),
    ],
)
def test_another_file_is_a_calm_sentence_and_changes_nothing(faces, name, data, why):
    app = opened("curate/history.py")
    answers = bring(app, name, data) + " ".join(shown(error.value) for error in app.error)
    assert why in answers and kept() == 0
    assert list(session.store().uploads.iterdir()) == []


def test_a_revert_is_made_and_undone_under_the_name_of_the_person_at_the_page(faces):
    say(session.store(), "Kim", faces[:1], 2)
    app = opened("curate/history.py")
    app.selectbox(key="past-reviewer").set_value("Kim").run()
    press(app, "Revert 1 decision")
    assert "1 decision of Kim is reverted under your name, tester." in texts(app)
    history.revert(session.store(), HistoryQuery("D", "Kim"), "tester")
    app.run()
    assert "**0 decisions** in effect, 1 more was undone." in texts(app)
    assert "tester reverted 1 decision of Kim." in texts(app)
    press(app, "Undo this revert")
    assert "**1 decision** in effect." in texts(app) and history.reverts(session.store())[0].undone


def moments(*hours):
    """Moments as they are typed: whole minutes of this machine's time, so many hours ago."""
    return [
        None if ago is None else (datetime.now() - timedelta(hours=ago)).replace(second=0, microsecond=0)
        for ago in hours
    ]


@pytest.mark.parametrize(
    ("since", "until", "listed", "left"),
    [
        pytest.param(None, None, 3, [3, 5, 1], id="all"),
        pytest.param(25, 2, 1, [3, 2, 2], id="yesterday"),
        pytest.param(2, None, 1, [2, 5, 2], id="since two hours ago"),
        pytest.param(None, 25, 1, [2, 2, 1], id="up to before yesterday"),
    ],
)
def test_decisions_of_a_range_are_listed_and_taken_back_alone(faces, monkeypatch, since, until, listed, left):
    """Kim decided the third face two days ago, the first yesterday, the second an hour ago; Kim 2 all of D 2."""
    store, confirmed = session.store(), []
    monkeypatch.setattr(history_panel, "dialog", lambda title, part, *arguments: confirmed.append(arguments))
    alike = fill(store, "D 2", [3, 5, 1], start=50)
    say(store, "Kim 2", alike, 2)
    for face, ago in zip((faces[2], faces[0], faces[1]), (48, 24, 1), strict=True):
        action = say(store, "Kim", [face], 2)
        with store.database.writing() as writing:
            moment = now() - timedelta(hours=ago)
            writing.execute(update(Decision).where(Decision.action == action).values(decided_at=moment))
    app = opened("curate/history.py")
    app.session_state["past-since"], app.session_state["past-until"] = moments(since, until)
    app.selectbox(key="past-reviewer").set_value("Kim").run()
    words = "1 decision" if listed == 1 else f"{listed} decisions"
    assert not app.exception and f"{words} in effect." in texts(app).replace("**", "")
    request = next(button for button in app.button if button.label == f"Revert {words}")
    request.click().run()
    [(which, count, crops)] = confirmed  # a dialog's own buttons need a browser
    assert not app.exception and count == history.revert(store, which, "tester") == listed and crops == 0
    with store.database.reading() as reading:
        assert [reading.get_one(Face, face).emotion for face in faces] == left
        assert [reading.get_one(Face, face).emotion for face in alike] == [2, 2, 2]

"""The page on which a lead shares faces among people, and the choice of a task in review."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from fercore.services.review import adjudication, assignments, my_work, reviewers
from fercore.services.review.assignments import TaskPlan
from fercore.settings import ROOT
from tests.conftest import fill
from tests.pages.conftest import opened, press, texts
from tests.services.review.votes import say


def button(app, label):
    return next(item for item in app.button if item.label == label)


def test_a_task_is_made_watched_and_closed(lite):
    fill(lite, "D", [number % 7 for number in range(20)])
    reviewers.add(lite, "Kim")
    reviewers.add(lite, "Lee")
    app = opened("curate/tasks.py")
    assert button(app, "Start the task").disabled
    app.text_input(key="task-name").set_value("Clean it").run()
    app.multiselect(key="task-people").set_value(["Kim", "Lee"]).run()
    app.number_input(key="task-twice").set_value(50).run()
    button(app, "Start the task").click().run()
    assert not app.exception
    [made] = assignments.listed(lite)
    assert (made.task.name, made.task.people, made.wanted, made.task.blind) == ("Clean it", ["Kim", "Lee"], 30, True)
    assert "No one has started yet." in texts(app)
    button(app, "Close").click().run()
    assert assignments.listed(lite)[0].is_open and "0 of 30 decisions are made" in texts(app)
    assignments.close(lite, made.task.id)
    app.run()
    button(app, "Reopen").click().run()
    assert assignments.listed(lite)[0].is_open
    assignments.close(lite, made.task.id)
    app.run()
    button(app, "Delete").click().run()
    assert "All decisions stay." in texts(app)


def test_a_plan_that_cannot_be_is_a_calm_sentence(lite):
    fill(lite, "D", [3] * 4)
    reviewers.add(lite, "Kim")
    app = opened("curate/tasks.py")
    app.text_input(key="task-name").set_value("x").run()
    app.multiselect(key="task-people").set_value(["Kim"]).run()
    app.number_input(key="task-thrice").set_value(10).run()
    button(app, "Start the task").click().run()
    assert not app.exception and "3 people are needed" in texts(app)


def test_review_offers_a_task_to_who_takes_part_only(lite):
    fill(lite, "D", [3] * 4)
    reviewers.add(lite, "Kim")
    assignments.create(lite, TaskPlan("Clean it", "D", people=["Kim"], instructions="Look **twice**."))
    app = opened("curate/review.py")
    assert all(box.label != "Work on" for box in app.selectbox)
    app.selectbox(key="reviewer").set_value("Kim").run()
    box = next(box for box in app.selectbox if box.label == "Work on")
    assert box.options == ["Clean it · D", "no task: browse a dataset"]
    assert "Look **twice**." in [text.value for text in app.text]
    assert assignments.listed(lite)[0].parts == [], "opening the page takes no face"
    desk = app.session_state["desk"]
    desk.receive({"batch": "1", "have": desk.key, "looks": True})
    assert assignments.listed(lite)[0].parts[0].in_hand == 4
    box.set_value(0).run()
    assert not app.exception
    assert assignments.listed(lite)[0].parts == [], "what was in hand is given back"


@pytest.mark.parametrize(
    ("query", "work"), [({}, 1), ({"dataset": "D"}, 0), ({"task": "1"}, 1), ({"task": "1", "dataset": "D"}, 1)]
)
def test_a_link_to_a_dataset_leads_there_whatever_tasks_there_are(lite, query, work):
    fill(lite, "D", [3] * 4)
    assignments.create(lite, TaskPlan("Clean it", "D"))
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.session_state["language"] = "en"
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page("pages/curate/review.py").run()
    box = next(box for box in app.selectbox if box.label == "Work on")
    assert box.value == work


def test_adjudication_shows_what_is_open_and_changes_the_rule(lite):
    faces = fill(lite, "D", [3] * 4)
    fill(lite, "E", [3] * 4, start=50)
    for who, emotion in (("Kim", 5), ("Lee", 2)):
        say(lite, who, faces[:2], emotion)
    app = opened("curate/adjudicate.py")
    assert "No face of this dataset is disputed" not in texts(app) and adjudication.disputed(lite) == {"D": 2}
    app.selectbox(key="rule-D").set_value("majority").run()
    assert "2 labels change" in texts(app) and adjudication.rules(lite)["D"] == "latest", "it asks first"
    press(app, "Keep the rule")
    assert adjudication.rules(lite)["D"] == app.selectbox(key="rule-D").value == "latest"
    app.selectbox(key="rule-D").set_value("majority").run()
    press(app, "Change the rule")
    assert not app.exception and adjudication.rules(lite)["D"] == "majority"
    assert adjudication.disputed(lite) == {"D": 2}
    assert app.selectbox(key="adjudicated").options == ["D · 2", "E · 0"]
    assert "No face of this dataset is disputed" not in texts(app)
    app.text_input(key="ruling-note").set_value("the mouth").run()
    assert app.session_state["desk"].note == "the mouth"
    app.selectbox(key="adjudicated").set_value("E").run()
    assert not app.exception and "No face of this dataset is disputed" in texts(app)


def test_my_work_on_home(lite):
    faces = fill(lite, "D", [3] * 10)
    reviewers.add(lite, "Kim")
    assignments.create(lite, TaskPlan("Later", "D", people=["Kim"], quota=4))
    assignments.create(lite, TaskPlan("Sooner", "D", people=["Kim"], deadline=date(2001, 1, 1)))
    assignments.create(lite, TaskPlan("Others", "D", people=["Lee"]))
    say(lite, "Kim", faces[:3], 3)
    result = my_work.work_of(lite, "Kim")
    assert [(row.task.name, row.decided, row.goal) for row in result] == [("Sooner", 0, 10), ("Later", 0, 4)]
    app = opened("start/home.py")
    assert all(item.label != "Continue" for item in app.button), "nothing for who takes part in nothing"
    app.selectbox(key="reviewer").set_value("Kim").run()
    assert not app.exception and len([item for item in app.button if item.label == "Continue"]) == 2
    next(item for item in app.button if item.label == "Continue").click().run()
    assert not app.exception


def test_tasks_and_datasets_of_alike_names_are_offered_apart(lite):
    for name, start in (("D", 0), ("D 2", 50)):
        fill(lite, name, [3] * 4, start=start)
        assignments.create(lite, TaskPlan("t", name))
    assignments.create(lite, TaskPlan("t 2", "D", people=["Kim"]))
    app = opened("curate/review.py")
    assert app.selectbox(key="task").options == ["t · D 2", "t · D", "no task: browse a dataset"]
    app.selectbox(key="task").set_value(0).run()
    assert not app.exception and app.selectbox(key="dataset").options == ["D", "D 2"]

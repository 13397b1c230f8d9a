"""The page Reviewers: figures of a person, a dash where nothing is known, and numbers that lead to their faces."""

from uuid import uuid4

import pytest

from fercore import language as languages
from fercore.curation.review_filter import ReviewFilter
from fercore.services.review import grid, reviewer_record, reviewers
from fercore.store.tables import Face
from tests.conftest import fill
from tests.pages.conftest import opened, shown, texts
from tests.store.review.test_decisions import decide


@pytest.fixture(autouse=True)
def english():
    yield
    languages.use("en")


@pytest.fixture
def played(lite):
    """Six faces of D and two of E that Kim decided; three of D are settled, one of them otherwise."""
    ids = fill(lite, "D", [3] * 6)
    other = fill(lite, "E", [5] * 2, start=50)
    for face in (*ids, *other):
        decide(lite, "Kim", face, emotion=3)
    decide(lite, "*Lee* :smile:", ids[0], reason="not sure")
    with lite.database.reading() as session:
        view = ReviewFilter(session.get_one(Face, ids[0]).dataset_id, "judge", adjudicates=True)
    events = [
        {"id": str(uuid4()), "action": str(uuid4()), "type": "decide", "face": face, "emotion": emotion}
        for face, emotion in zip(ids[:3], (3, 3, 5), strict=True)
    ]
    grid.commit(lite, view, events)
    return lite, ids, other


def page(person, language="en"):
    languages.use(language)  # AppTest words the options of selectors in this thread
    app = opened("curate/reviewer.py", language)
    app.selectbox(key="person").set_value(person).run()
    assert not app.exception, app.exception
    return app


def links(app):
    """Each link to Review by its label: the query of its address."""
    result = [node.proto for node in app.get("page_link")]
    return {shown(row.label): row.query_string for row in result if row.page.startswith("review") and row.query_string}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_person_without_decisions_is_led_to_review_alone(played, language):
    reviewers.add(played[0], "Park")
    app = page("Park", language)
    assert "Park" in app.info[0].value
    result = {shown(node.proto.label) for node in app.get("page_link") if node.proto.page.startswith("review")}
    assert result - {"Review", "검토", "Reviewers", "검토자별 기록"} == {
        {"en": "Go to Review", "ko": "검토로 가기"}[language]
    }
    assert not app.metric and not app.subheader and not app.get("download_button") and links(app) == {}


def test_faces_of_a_number_lead_back_to_their_person(played):
    app = opened("curate/review.py")
    for name, value in {"task": "0", "of": "D", "person": "Kim", "part": "settled.wrong"}.items():
        app.query_params[name] = value
    app.run()
    assert "1 selected face · Kim · Settled faces · other than known" in texts(app)
    back = next(node.proto for node in app.get("page_link") if shown(node.proto.label) == "Back to Reviewers · Kim")
    assert (back.page, back.query_string) == ("reviewer", "person=Kim")


@pytest.mark.parametrize(
    ("origin", "label", "query"),
    [
        pytest.param("reviewer?person=Kim", "Back to Reviewers · Kim", "person=Kim", id="a reviewer"),
        pytest.param("history?past-reviewer=Kim", "Back to History", "past-reviewer=Kim", id="history"),
        pytest.param("snapshots?", "Back to Snapshots", "", id="snapshots"),
        pytest.param("https://elsewhere?x=1", None, None, id="no page of the app"),
    ],
)
def test_chosen_faces_lead_back_to_the_page_that_showed_them(played, origin, label, query):
    app = opened("curate/review.py")
    for name, value in {"task": "0", "faces": str(played[1][0]), "from": origin}.items():
        app.query_params[name] = value
    app.run()
    result = {shown(node.proto.label): node.proto.query_string for node in app.get("page_link")}
    back = {name: value for name, value in result.items() if name.startswith("Back to")}
    assert back == ({} if label is None else {label: query})
    next(button for button in app.button if button.key == "leave-chosen").click().run()
    assert "from" not in app.query_params


def test_a_face_of_a_cell_knows_the_way_back(played):
    from fercore.ui.widgets import face_list

    app = opened("curate/history.py")
    app.selectbox(key="past-reviewer").set_value("Kim").run()
    walls = " ".join(str(element.proto.body) for element in app.get("html"))
    assert "from=history%3Fpast-reviewer%3DKim" in walls
    assert "from" not in face_list.query("1"), "outside of such a page"


def test_figures_and_their_links(played):
    app = page("Kim")
    assert [metric.value for metric in app.metric] == ["–", "–", "66.7%"]
    result = links(app)
    assert result["2 right"] == "task=0&of=D&person=Kim&part=settled.right"
    assert result["1 wrong"].endswith("part=settled.wrong")
    assert "confirmed: 6" in result and "8 faces decided" not in result, "these lie in two datasets"
    assert {"D · 6 faces", "E · 2 faces"} <= set(result)
    app.selectbox(key="record-dataset").set_value("E").run()
    assert links(app)["2 faces decided"] == "task=0&of=E&person=Kim&part=votes.all"


def test_a_name_is_text(played):
    app = page("*Lee* :smile:")
    assert any("outside of these emotions" in shown(element.value) for element in app.caption)
    assert "Happy → not sure: 1" in " ".join(links(app))
    assert not any("*Lee*" in str(element.value) for element in app.markdown), "never as Markdown"


@pytest.mark.parametrize(
    ("wanted", "person"), [("Kim", "Kim"), ("Kim before", "Kim"), ("Nobody", "tester"), ("", "tester")]
)
def test_the_address_names_the_person(played, wanted, person, monkeypatch):
    if wanted == "Kim before":
        reviewers.rename(played[0], "Kim", "Kim before")
        reviewers.rename(played[0], "Kim before", "Kim")
    from streamlit.testing.v1 import AppTest

    from fercore.settings import ROOT

    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.session_state["language"] = "en"
    app.run()
    app.query_params["person"] = wanted
    app.switch_page("pages/curate/reviewer.py").run()
    assert app.selectbox(key="person").value == person
    assert ("There is no person named" in texts(app)) == (wanted == "Nobody")


def test_review_opens_on_exactly_these_faces_and_keeps_them_while_they_change(played):
    from streamlit.testing.v1 import AppTest

    from fercore.settings import ROOT

    store, ids, _ = played
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.session_state["language"] = "en"
    app.run()
    for name, value in {"task": "0", "of": "D", "person": "Kim", "part": "settled.wrong"}.items():
        app.query_params[name] = value
    app.switch_page("pages/curate/review.py").run()
    assert app.session_state["desk"].view.face_ids == (ids[2],)
    decide(store, "Kim", ids[2], emotion=5)
    assert reviewer_record.faces_of(store, "Kim", "D", "settled.wrong") == []
    app.run()
    assert app.session_state["desk"].view.face_ids == (ids[2],)
    next(button for button in app.button if button.key == "leave-chosen").click().run()
    assert app.session_state["desk"].view.face_ids is None and not app.exception


@pytest.mark.parametrize("place", ["curate/agreement.py", "curate/tasks.py"])
def test_other_pages_lead_here(played, place):
    from fercore.services.review import assignments
    from fercore.services.review.assignments import TaskPlan

    task = assignments.create(played[0], TaskPlan("t", "D"))
    view = ReviewFilter(1, "Kim", task=task)
    grid.open_page(played[0], view, grid.Cursor(), 3, "tab")
    app = opened(place)
    result = [node.proto.query_string for node in app.get("page_link") if node.proto.query_string]
    assert "person=Kim" in result, result

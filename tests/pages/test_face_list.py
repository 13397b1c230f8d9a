"""Where a number stands for faces, they are shown and Review shows them."""

import pytest
from streamlit.testing.v1 import AppTest

from fercore.services.review import agreement
from fercore.services.training import face_weights, snapshots
from fercore.settings import ROOT
from fercore.ui.shell import session
from tests.conftest import fill
from tests.pages.conftest import opened, press, texts
from tests.services.review.votes import say


def walls(app):
    return " ".join(str(element.proto.body) for element in app.get("html"))


@pytest.fixture
def said(lite):
    """Kim and Lee agree on one face of the second dataset and not on three."""
    fill(lite, "first **one**", [1] * 3)
    faces = fill(lite, "D", [3] * 6, start=50)
    say(lite, "Kim", faces[:4], 5)
    say(lite, "Lee", faces[:3], 2)
    say(lite, "Lee", faces[3:4], 5)
    return faces


def review_shows(expected, **query):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.session_state["language"] = "en"
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page("pages/curate/review.py").run()
    assert not app.exception, app.exception
    assert sorted(app.session_state["desk"].page.face_ids) == sorted(expected)
    return app


def led_to(app):
    """The faces on the desk after a switch to Review."""
    return sorted(app.session_state["desk"].page.face_ids)


def test_history_shows_its_faces_and_leads_to_them(said):
    app = opened("curate/history.py")
    assert all(f"#{face}" in walls(app) for face in said[:4]) and f"#{said[4]}" not in walls(app)
    assert f"faces={said[0]}" in walls(app)
    press(app, "Review 4 faces")
    assert led_to(app) == said[:4] and "4 selected faces" in texts(app)


def test_a_cell_of_agreement_shows_its_faces(said):
    assert agreement.faces_of_cell(session.store(), "D", 2, 5) == said[:3]
    assert agreement.faces_of_cell(session.store(), "D", 5, 5) == said[3:4]
    app = opened("curate/agreement.py")
    app.selectbox(key="dataset").set_value("D").run()
    box = app.selectbox(key="agreement-cell-D")
    assert box.options == ["Fear ↔ Sad", "Sad ↔ Sad"]
    box.select_index(0).run()
    press(app, "Review 3 faces")
    assert led_to(app) == said[:3]


def test_a_change_between_snapshots_shows_its_faces(lite, said):
    snapshots.freeze(lite, "old", ["D", "first **one**"])
    say(lite, "Park", said[:2], 0)
    say(lite, "Park", said[5:], reason="blurred")
    face_weights.from_hand(lite, "D", {said[4]: 2})
    snapshots.freeze(lite, "new", ["D"])
    app = opened("curate/snapshots.py")
    box = app.selectbox(key="diff-change")
    assert {option.rpartition(" · ")[0] for option in box.options} >= {"removed", "Fear → Angry", "another weight"}
    assert "1 face has another weight." in texts(app)
    box.select_index(next(n for n, option in enumerate(box.options) if option.startswith("removed"))).run()
    assert {button.label for button in app.button} >= {"Review 1 face · D", "Review 3 faces · first \\*\\*one\\*\\*"}
    press(app, "Review 3 faces · first \\*\\*one\\*\\*")
    assert len(led_to(app)) == 3


@pytest.mark.parametrize("page", ["curate/review.py", "curate/datasets.py"])
def test_a_number_opens_its_face(said, page):
    app = opened(page)
    app.text_input(key="find-face").set_value(f"#{said[2]}").run()
    assert not app.exception and led_to(app) == [said[2]]
    app.text_input(key="find-face").set_value("#99999").run()
    assert "There is no face with the number #99999." in texts(app)


def test_an_address_names_faces_and_can_be_left(said):
    app = review_shows(said[1:3], faces=f"{said[1]}-{said[2]}")
    press(app, "Show all faces of the dataset")
    assert len(led_to(app)) == 6
    review_shows(said, faces="<b>", dataset="D")


def test_a_freeze_leads_to_what_it_left_out(lite, said):
    say(lite, "Park", said[4:], reason="blurred")
    app = opened("curate/snapshots.py")
    app.text_input[0].set_value("s")
    app.multiselect[0].set_value(["D"])
    press(app, "Freeze")
    assert "'s' contains 4 faces." in texts(app) and "2 faces were left out:" in texts(app)
    press(app, "Review 2 faces")
    assert led_to(app) == said[4:]

"""Orders and a model's opinion on the review page."""

import numpy as np
import pytest
from sqlalchemy import select

from fercore.curation.review_filter import ORDERS
from fercore.store.review import model_predictions
from fercore.store.tables import Face, Job
from fercore.store.training import runs
from tests.pages.conftest import opened, texts
from tests.services.review.votes import say

RUN = 1  # the one of `full` that is done


@pytest.fixture
def app(full):
    return opened("curate/review.py")


def test_every_order_is_offered_and_those_of_a_model_ask_for_one(app):
    assert len(app.selectbox(key="order").options) == len(ORDERS)
    for order in ORDERS:
        app.selectbox(key="order").set_value(order).run()
        assert not app.exception
        asks = "requires model" in texts(app)
        assert asks == (order in ("suspicious", "uncertain"))


def test_an_order_that_votes_change_is_sorted_again_when_asked(full, app):
    app.selectbox(key="order").set_value("random").run()
    assert all(button.key != "sort-again" for button in app.button)
    app.selectbox(key="order").set_value("disputed first").run()
    first = app.session_state["desk"].page.face_ids
    for who, emotion in (("Kim", 1), ("Lee", 2)):
        say(full, who, first[4:5], emotion)
    app.run()
    assert app.session_state["desk"].page.face_ids == first
    app.button(key="sort-again").click().run()
    assert not app.exception and app.session_state["desk"].page.face_ids[0] == first[4]


def test_a_model_is_asked_and_its_opinion_shown_on_record(full, app):
    app.selectbox(key="advisor").set_value(RUN).run()
    assert "has predictions for 0 faces" in texts(app)
    app.selectbox(key="order").set_value("suspicious").run()
    assert "choose a model that has predicted these faces" in texts(app)
    app.button(key="ask-advisor").click().run()
    with full.database.reading() as session:
        request = session.scalars(select(Job).where(Job.kind == "opinion")).one()
        assert request.arguments == {"run": RUN, "dataset": "D"}
        faces = session.scalars(select(Face.id).where(Face.split == "validation").order_by(Face.id)).all()
    assert app.button(key="ask-advisor").disabled
    with full.database.writing() as session:
        model_predictions.add(
            session, RUN, session.get_one(Face, faces[0]).dataset_id, faces, np.full((len(faces), 7), 1 / 7, np.float32)
        )
    app.run()
    assert not app.exception and "requires model predictions: choose a model" not in texts(app)
    desk = app.session_state["desk"]
    assert desk.page.face_ids[:14] == faces and desk.view.advisor is None
    app.toggle(key="opinion-shown").set_value(True).run()
    assert app.session_state["desk"].view.advisor == RUN


def test_a_model_that_is_gone_is_forgotten(full, app):
    app.selectbox(key="advisor").set_value(RUN).run()
    app.toggle(key="opinion-shown").set_value(True).run()
    with full.database.writing() as session:
        runs.remove(session, RUN)
    app.run()
    assert not app.exception and app.session_state["desk"].view.advisor is None


def test_the_guide_says_what_to_look_for_and_shows_what_was_settled(full, app):
    assert "jaw dropped" not in texts(app)
    app.session_state["guide"] = True
    app.run()
    assert not app.exception and "jaw dropped" in texts(app) and "settled in Adjudicate" in texts(app)

"""Whatever happens on the way, what was pressed is stored exactly once."""

import signal
import time

import pytest
from sqlalchemy import select

from fercore.services.review import reviewers
from fercore.store.tables import Decision
from tests.browser.grid import open_grid, press, wait_outage, wait_saved
from tests.browser.wire import Wire
from tests.conftest import fill

pytestmark = pytest.mark.browser


def stored(app):
    """(face, emotion) of every decision, in the order in which they were stored."""
    with app.store.database.reading() as session:
        return [
            tuple(row)
            for row in session.execute(select(Decision.face_id, Decision.emotion).order_by(Decision.sequence))
        ]


@pytest.fixture
def wire(app):
    between = Wire(app.port)
    yield between
    between.close()


@pytest.mark.slow
def test_a_network_that_is_cut_for_ten_seconds(app, page, wire):
    faces = fill(app.store, "D", [3] * 20)
    app.url = f"http://localhost:{wire.port}"
    open_grid(page, app)
    press(page, "Digit1", "Digit2")
    wait_saved(page, 2)
    wire.cut()
    press(page, "Digit3", "Digit4")
    wait_outage(page, "2 decisions wait here")
    press(page, "Digit5")
    time.sleep(10)
    wire.mend()
    wait_saved(page, 5)
    press(page, "Digit6")
    wait_saved(page, 6)
    assert stored(app) == list(zip(faces[:6], range(6), strict=True))


def test_a_server_that_stands_still(app, page):
    faces = fill(app.store, "D", [3] * 20)
    open_grid(page, app)
    press(page, "Digit1")
    wait_saved(page, 1)
    app.signal(signal.SIGSTOP)
    press(page, "Digit2", "Digit3")
    wait_outage(page, "2 decisions wait here")
    app.signal(signal.SIGCONT)
    wait_saved(page, 3)
    assert stored(app) == list(zip(faces[:3], range(3), strict=True))


@pytest.mark.slow
def test_a_server_that_is_killed_between_key_presses(app, page):
    faces = fill(app.store, "D", [3] * 20)
    open_grid(page, app)
    press(page, "Digit1", "Digit2")
    app.stop()
    press(page, "Digit3")
    app.start()
    wait_saved(page, 3)
    press(page, "Digit4")
    wait_saved(page, 4)
    assert sorted(stored(app)) == list(zip(faces[:4], range(4), strict=True))


def test_two_people_on_one_face(app, browser):
    faces = fill(app.store, "D", [3])
    contexts = [browser.new_context(locale="en-US") for _ in range(2)]
    for number, context in enumerate(contexts):
        context.add_cookies([{"name": "fercore_reviewer", "value": f"r{number}", "url": app.url}])
    for number in range(2):
        reviewers.add(app.store, f"r{number}")
    tabs = [context.new_page() for context in contexts]
    for tab in tabs:
        open_grid(tab, app)
    press(tabs[0], "Digit1")
    press(tabs[1], "Digit2")
    for tab in tabs:
        wait_saved(tab, 1)
    with app.store.database.reading() as session:
        decisions = session.execute(select(Decision.reviewer, Decision.face_id, Decision.emotion))
        assert sorted(tuple(row) for row in decisions) == [("r0", faces[0], 0), ("r1", faces[0], 1)]
    for context in contexts:
        context.close()


@pytest.mark.parametrize("moment", ["2031-05-05T05:05:05", "2001-01-01T01:01:01"], ids=["ahead", "back"])
def test_a_browser_whose_clock_jumps(app, page, moment):
    faces = fill(app.store, "D", [3] * 20)
    open_grid(page, app)
    press(page, "Digit1")
    wait_saved(page, 1)
    page.clock.set_system_time(moment)
    press(page, "Digit2", "Digit3")
    wait_saved(page, 3)
    page.reload()
    wait_saved(page, 3)
    assert stored(app) == list(zip(faces[:3], range(3), strict=True))


def test_decisions_that_waited_under_a_persons_old_name_come_after_a_rename(app, browser):
    faces = fill(app.store, "D", [3] * 20)
    reviewers.add(app.store, "Kim")
    context = browser.new_context(locale="en-US")
    context.add_cookies([{"name": "fercore_reviewer", "value": "Kim", "url": app.url}])
    page = context.new_page()
    open_grid(page, app)
    press(page, "Digit1")
    wait_saved(page, 1)
    page.get_by_text("decision saved", exact=True).wait_for()
    app.stop()
    press(page, "Digit2", "Digit3")
    wait_outage(page, "2 decisions wait here")
    page.close()
    reviewers.rename(app.store, "Kim", "Kim J")
    reviewers.rename(app.store, "Kim J", "Kim Jiwon")
    app.start()
    page = context.new_page()
    open_grid(page, app)
    wait_saved(page, 2)
    page.get_by_text("decisions saved", exact=True).wait_for()
    with app.store.database.reading() as session:
        decisions = session.execute(select(Decision.reviewer, Decision.face_id, Decision.emotion))
        assert sorted(tuple(row) for row in decisions) == [("Kim Jiwon", face, n) for n, face in enumerate(faces[:3])]
    context.close()

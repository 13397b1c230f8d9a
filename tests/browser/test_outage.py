"""Outages: by name and by address, in one tab and in two, with the server, the network or the database file gone."""

import shutil

import pytest
from sqlalchemy import select

from fercore.store.tables import Decision
from tests.browser.grid import open_grid, press, wait_outage, wait_painted, wait_saved
from tests.browser.wire import Wire
from tests.conftest import fill

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DIGITS = [f"Digit{number % 7 + 1}" for number in range(60)]


def stored(app):
    """(face, emotion) of every decision, in the order in which they were stored."""
    with app.store.database.reading() as session:
        rows = session.execute(select(Decision.face_id, Decision.emotion).order_by(Decision.sequence))
        return [tuple(row) for row in rows]


def wait_stored(page, app, count):
    for _ in range(400):
        if len(stored(app)) >= count:
            return
        page.wait_for_timeout(100)


@pytest.fixture
def wire(app):
    between = Wire(app.port)
    yield between
    between.close()


@pytest.mark.parametrize(
    ("outage", "host"),
    [
        ("network", "127.0.0.1"),
        pytest.param("server", "localhost", marks=pytest.mark.long),
        pytest.param("server", "127.0.0.1", marks=pytest.mark.long),
        pytest.param("network", "localhost", marks=pytest.mark.long),
    ],
)
def test_no_key_of_sixty_is_lost_in_an_outage(app, page, wire, host, outage):
    faces = fill(app.store, "D", [3] * 80)
    app.url = f"http://{host}:{app.port if outage == 'server' else wire.port}"
    open_grid(page, app, "dataset=D&size=90")
    app.stop() if outage == "server" else wire.cut()
    for digit in DIGITS:
        press(page, digit)
        page.wait_for_timeout(100)  # long enough for Streamlit's own dialog to come up in between
    wait_outage(page, "60 decisions wait here")
    app.start() if outage == "server" else wire.mend()
    wait_saved(page, 60)
    assert sorted(stored(app)) == [(face, number % 7) for number, face in enumerate(faces[:60])]


@pytest.mark.parametrize(
    "survivors", ["both", *(pytest.param(each, marks=pytest.mark.long) for each in ("one", "none"))]
)
def test_two_tabs_in_an_outage(app, browser, survivors):
    faces = fill(app.store, "D", [3] * 40)
    context = browser.new_context(locale="en-US")
    tabs = [context.new_page() for _ in range(2)]
    for number, tab in enumerate(tabs):
        open_grid(tab, app)
        press(tab, *["ArrowRight"] * (number * 10))
    app.stop()
    for number, tab in enumerate(tabs):
        tab.bring_to_front()
        press(tab, *["Digit1", "Digit2", "Digit3", "Digit5"])
        wait_outage(tab, "4 decisions wait here")
        if survivors == "none" or (survivors == "one" and number == 0):
            tab.close()
    app.start()
    if survivors == "none":
        open_grid(context.new_page(), app)
    wait_stored(context.pages[-1], app, 8)
    expected = [
        (face, emotion) for start in (0, 10) for face, emotion in zip(faces[start:], (0, 1, 2, 4), strict=False)
    ]
    context.pages[-1].wait_for_timeout(1500)  # nothing comes a second time
    assert sorted(stored(app)) == sorted(expected)
    left = "() => Object.keys(localStorage).filter((key) => key.startsWith('fercore.outbox')).length === 0"
    context.pages[-1].wait_for_function(left)
    context.close()


def test_an_outbox_of_an_earlier_version_and_one_that_is_damaged(app, page):
    faces = fill(app.store, "D", [3] * 5)
    open_grid(page, app)
    grid = page.locator("[data-testid=face-grid]")
    before = grid.bounding_box()["y"]
    app.stop()
    press(page, "1")
    wait_outage(page, "1 decision waits here")
    page.evaluate(
        "() => { const key = Object.keys(localStorage).find((one) => one.startsWith('fercore.outbox'));"
        " const [event] = JSON.parse(localStorage.getItem(key)); const base = key.split('#')[0];"
        " localStorage.setItem(base, JSON.stringify([{ ...event, id: 'x', emotion: 99 }, event]));"
        " localStorage.setItem(`${base}#damaged`, '[{\"id\"'); }"
    )
    app.start()
    wait_stored(page, app, 1)
    assert stored(app) == [(faces[0], 0)]
    refused = page.locator("[data-testid=refused]")
    refused.wait_for()
    assert grid.bounding_box()["y"] == before, "faces stay where they are when the bar appears"
    page.get_by_text("Decisions that cannot be stored: 2").click()
    assert "'id' cannot be used" in refused.inner_text() and "Unreadable entry" in refused.inner_text()
    press(page, "Escape")
    page.locator("[data-testid=face-grid]").focus()
    press(page, "Digit2")
    wait_stored(page, app, 2)
    refused.get_by_role("button").click()
    refused.wait_for(state="hidden")


def test_where_the_browser_makes_no_numbers_of_its_own(app, page):
    """Without a certificate, a page under a name in the network has no crypto.randomUUID."""
    fill(app.store, "D", [3] * 5)
    page.add_init_script("delete Crypto.prototype.randomUUID")
    open_grid(page, app)
    press(page, "1", "2")
    wait_saved(page, 2)


@pytest.mark.parametrize("happened", ["removed", "replaced"])
def test_a_database_file_that_is_removed_or_replaced(app, page, happened):
    faces = fill(app.store, "D", [3] * 10)
    open_grid(page, app)
    press(page, "1")
    wait_saved(page, 1)
    file = app.store.settings.data_dir / "fercore.db"
    away = file.with_name("away.db")
    file.rename(away)
    if happened == "replaced":
        shutil.copy(away, file)
    press(page, "2", "3")
    wait_outage(page, "was removed or replaced while fercore was running")
    wait_outage(page, "Your 2 decisions wait here")
    press(page, "5")
    away.replace(file)
    wait_saved(page, 4)
    assert stored(app) == [(faces[0], 0), (faces[1], 1), (faces[2], 2), (faces[3], 4)]


def test_enter_in_a_second_tab_shows_what_it_left_alone(app, browser):
    faces = fill(app.store, "D", [3] * 12)
    context = browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900})
    tabs = [context.new_page() for _ in range(2)]
    for tab in tabs:
        open_grid(tab, app)
    press(tabs[0], "1", "2", "3")
    wait_saved(tabs[0], 3)
    tabs[1].bring_to_front()
    press(tabs[1], "Enter")
    tabs[1].get_by_text("left unchanged: 3. Press Enter again to go on.").first.wait_for()
    wait_saved(tabs[1], 9)
    assert sorted(stored(app)) == sorted([*zip(faces[:3], (0, 1, 2), strict=True), *((face, 3) for face in faces[3:])])
    shown = tabs[1].locator("[data-elsewhere=true]")
    assert [shown.nth(n).get_attribute("data-emotion") for n in range(3)] == ["Angry", "Disgust", "Fear"]
    before = tabs[1].evaluate("document.querySelector('[data-testid=face-grid]').dataset.painted")
    press(tabs[1], "Enter")
    wait_painted(tabs[1], before)
    assert len(stored(app)) == 12
    context.close()

"""The map of faces in a real browser: drawn, pointed at, chosen from by hand and by keyboard, and sent to review."""

import math
import re

import numpy as np
import pytest
from sqlalchemy import select

from fercore.services.audit.face_map import MapChoice
from fercore.store.tables import Decision, Face, Selection
from tests.browser.grid import wait_painted, wait_saved
from tests.browser.running import App, at_rest, visit
from tests.conftest import fill
from tests.crawl.test_accessible import serious
from tests.services.audit.mapped import keep

pytestmark = pytest.mark.browser

HAPPY, SAD, FEAR = 3, 5, 2
EACH = 12
CENTRES = {HAPPY: (-0.6, 0), SAD: (0.6, 0.3), FEAR: (0.4, -0.7)}
NO_WEBGL = """const get = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind.startsWith('webgl') ? null : get.call(this, kind, ...more);
};"""
SCREEN_OF = """place => { const root = document.querySelector('.fcm-root');
  const box = root.querySelector('.fcm-over').getBoundingClientRect();
  const [left, top] = root.fercoreMap.plot.screenOf(place);
  return [box.left + left, box.top + top]; }"""


def filled(store):
    """A map of three clouds of 12 training faces each, an emotion to each; returns the faces' numbers by emotion."""
    ids = fill(store, "D", [emotion for emotion in CENTRES for _ in range(EACH)])
    random = np.random.default_rng(0)
    centres = np.repeat(np.array(list(CENTRES.values())), EACH, axis=0)
    keep(store, MapChoice(("D",)), ids, centres + random.uniform(-0.05, 0.05, centres.shape))
    return {emotion: ids[at * EACH : (at + 1) * EACH] for at, emotion in enumerate(CENTRES)}


def opened(page, url):
    visit(page, f"{url}/map")
    page.locator("[data-testid=map-entry]").first.wait_for()
    page.locator(".fcm-message").wait_for(state="hidden")


def circled(page, centre, radius=0.2):
    """Draw a line around a place of the map."""
    x, y = page.evaluate(SCREEN_OF, list(centre))
    edge = page.evaluate(SCREEN_OF, [centre[0] + radius, centre[1]])[0] - x
    for step in range(25):
        turn = 2 * math.pi * step / 24
        page.mouse.move(x + edge * math.cos(turn), y + edge * math.sin(turn))
        if not step:
            page.mouse.down()
    page.mouse.up()


def counted(page, count):
    page.wait_for_function(
        "text => document.querySelector('[data-testid=map-count]')?.textContent === text", arg=f"{count} faces selected"
    )


def shown_faces(page):
    tiles = page.locator("[data-testid=map-face]")
    return {int(tile.get_attribute("data-face-id")) for tile in tiles.all()}


def test_from_the_map_to_a_decision(app, page):
    faces = filled(app.store)
    opened(page, app.url)
    entries = [re.sub(r"\s+", " ", text) for text in page.locator("[data-testid=map-entry]").all_inner_texts()]
    assert entries == ["Fear 12", "Happy 12", "Sad 12"]
    x, y = page.evaluate(SCREEN_OF, list(CENTRES[SAD]))
    page.mouse.move(x, y, steps=3)
    page.locator(".fcm-card").wait_for()
    assert "Sad" in page.locator(".fcm-card").inner_text() and "train" in page.locator(".fcm-card").inner_text()
    circled(page, CENTRES[SAD])
    counted(page, EACH)
    assert shown_faces(page) == set(faces[SAD])
    at_rest(page)
    page.get_by_text("Send these to review").click()
    page.get_by_role("button", name="Send 12 faces").click()
    page.get_by_text("The task was made: 12 chosen faces").wait_for()
    page.get_by_role("link", name="Work on it").click()
    wait_painted(page)
    page.keyboard.press("1")
    wait_saved(page, 1)
    with app.store.database.reading() as session:
        [sent] = session.scalars(select(Selection))
        [decided] = session.scalars(select(Decision.face_id))
        assert (sent.reason, sent.run_id, sent.filter["map"]) == ("map", None, ["D"])
        assert decided in faces[SAD] and session.get_one(Face, decided).emotion == 0


def test_the_keyboard_alone_selects(app, page):
    faces = filled(app.store)
    opened(page, app.url)
    assert page.locator("[data-testid=map-select]").is_disabled()
    happy = page.locator("[data-testid=map-entry][data-code='3']")
    happy.focus()
    page.keyboard.press("Enter")
    page.locator("[data-testid=map-entry][data-code='3'][aria-pressed=true]").wait_for()
    assert page.evaluate("document.activeElement.dataset.code") == "3", "the keyboard stays where it pressed"
    page.locator("[data-testid=map-select]").focus()
    page.keyboard.press("Enter")
    counted(page, EACH)
    assert shown_faces(page) == set(faces[HAPPY])
    circled(page, CENTRES[SAD])
    page.get_by_text("0 faces selected").wait_for()
    page.locator(".fcm-plot").focus()
    page.keyboard.press("Escape")
    page.locator(".fcm-answer").wait_for(state="hidden")


def test_zoom_and_move_keep_lines_on_their_faces(app, page):
    faces = filled(app.store)
    opened(page, app.url)
    before = page.evaluate(SCREEN_OF, list(CENTRES[FEAR]))
    page.locator(".fcm-plot").focus()
    page.keyboard.press("+")
    page.wait_for_function(f"({SCREEN_OF})({list(CENTRES[FEAR])})[0] !== {before[0]}")
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(300)
    circled(page, CENTRES[FEAR], 0.12)
    counted(page, EACH)
    assert shown_faces(page) == set(faces[FEAR])


@pytest.mark.parametrize("colour", ["split", "dataset", "brightness"])
def test_other_columns_colour_the_map(app, page, colour):
    filled(app.store)
    opened(page, app.url)
    page.locator(".fcm-colour").select_option(colour)
    page.wait_for_function("!document.querySelector('.fcm-entries').innerText.includes('Happy')")
    entries = page.locator("[data-testid=map-entry]").all()
    assert sum(int(entry.locator(".fcm-number").inner_text()) for entry in entries) == 3 * EACH


def test_a_token_is_of_its_browser_and_its_map(app, page, browser):
    filled(app.store)
    asked = []
    page.on("request", lambda request: "/fercore/maps/" in request.url and asked.append(request))
    opened(page, app.url)
    address = asked[0].url
    token = asked[0].headers["x-fercore-token"]
    read = "([url, token]) => fetch(url, {headers: {'X-Fercore-Token': token}}).then(answer => answer.status)"
    assert page.evaluate(read, [address, token]) == 200
    assert page.evaluate(read, [address, "x" * 43]) == 404
    elsewhere = browser.new_context().new_page()
    elsewhere.goto(f"{app.url}/")
    assert elsewhere.evaluate(read, [address, token]) == 404
    elsewhere.context.close()


def test_calm_words_where_the_server_or_webgl_is_away(app, page):
    filled(app.store)
    page.route("**/fercore/maps/**", lambda route: route.abort())
    visit(page, f"{app.url}/map")
    page.get_by_text("The server cannot be reached for the map").wait_for()
    page.unroute("**/fercore/maps/**")
    page.get_by_role("button", name="Try again").click()
    page.locator("[data-testid=map-entry]").first.wait_for()
    page.add_init_script(NO_WEBGL)
    visit(page, f"{app.url}/map")
    page.get_by_text("This browser does not draw WebGL").wait_for()


def test_a_token_that_the_server_forgot_is_renewed(app, page):
    filled(app.store)
    refused = []

    def once(route):
        if refused:
            route.continue_()
        else:
            refused.append(route.request.headers["x-fercore-token"])
            route.fulfill(status=404, body="Not found")

    page.route("**/fercore/maps/*/points", once)
    tokens = []
    page.on("request", lambda request: "/points" in request.url and tokens.append(request.headers["x-fercore-token"]))
    opened(page, app.url)
    assert len(set(tokens)) == 2


@pytest.mark.parametrize(("base", "host"), [("faces/app", "localhost"), ("", "127.0.0.1")], ids=["path", "address"])
def test_below_a_path_and_under_an_address(tmp_path, page, monkeypatch, base, host):
    if base:
        monkeypatch.setenv("STREAMLIT_SERVER_BASE_URL_PATH", base)
    running = App(tmp_path)
    filled(running.store)
    running.url = f"http://{host}:{running.port}/{base}".rstrip("/")
    running.start()
    try:
        opened(page, running.url)
        circled(page, CENTRES[HAPPY])
        counted(page, EACH)
        link = page.locator("[data-testid=map-face] a").first.get_attribute("href")
        assert link.startswith(f"/{base}/review?".replace("//", "/"))
    finally:
        running.stop()
        running.store.database.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("code", ["en-US", "ko-KR"])
def test_axe_finds_nothing_serious_on_a_map_with_a_selection(app, browser, theme, code):
    filled(app.store)
    page = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=theme, locale=code).new_page()
    opened(page, app.url)
    happy = page.locator("[data-testid=map-entry][data-code='3']")
    assert ("행복" if code == "ko-KR" else "Happy") in happy.inner_text()
    happy.click()
    page.locator("[data-testid=map-select]").click()
    page.locator("[data-testid=map-face]").first.wait_for()
    at_rest(page)
    assert serious(page) == []
    page.context.close()


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_it_fits_the_window(app, page, width):
    filled(app.store)
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, app.url)
    circled(page, CENTRES[HAPPY])
    counted(page, EACH)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box, legend = page.locator(".fcm-plot").bounding_box(), page.locator(".fcm-legend").bounding_box()
    assert box["width"] > 300 and (legend["y"] >= box["y"] + box["height"] - 1) == (width < 901)

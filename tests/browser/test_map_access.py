"""The readers of a map, from where, and what is said where it cannot be shown."""

import pytest

from tests.browser.map_page import CENTRES, EACH, HAPPY, circled, counted, filled, opened
from tests.browser.running import App, visit

pytestmark = pytest.mark.browser

NO_WEBGL = """const get = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind.startsWith('webgl') ? null : get.call(this, kind, ...more);
};"""


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

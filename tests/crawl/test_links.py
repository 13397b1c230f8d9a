"""Every link of Home and of empty pages lands on what it says."""

import re

import pytest

from tests.conftest import fill
from tests.crawl.filled import DATASETS, ODD

pytestmark = pytest.mark.browser


def count_of(text):
    return int(re.search(r"[\d,]+", text)[0].replace(",", ""))


def heading(tab, name):
    tab.page.get_by_role("heading", name=name, exact=True).wait_for()
    tab.check()


@pytest.mark.parametrize("code", ["ko", pytest.param("en", marks=pytest.mark.long)])
def test_faces_without_an_emotion_are_what_the_link_opens(crawler, code):
    """Also for a person to whom tasks are offered, and who has worked on one before."""
    tab = crawler(code)
    tab.visit("review")
    tab.visit("")
    link = tab.page.locator("[data-testid=stMain] a[href*='review']:not([href*='reviewer'])").first
    words = link.locator("xpath=ancestor::*[@data-testid='stLayoutWrapper'][1]").inner_text()
    link.click()
    heading(tab, "Review" if code == "en" else "검토")
    tab.page.locator("[data-testid=face-tile]").first.wait_for()
    tiles = tab.page.locator("[data-testid=face-tile]")
    assert ODD in words
    assert {tile.get_attribute("data-emotion") for tile in tiles.all()} == {""}
    assert tiles.count() == count_of(words.replace(ODD, ""))


@pytest.mark.parametrize("name", DATASETS)
def test_a_datasets_own_link_opens_that_dataset(reader, name):
    tab = reader
    tab.visit("")
    place = DATASETS.index(name)
    links = tab.page.locator(
        "[data-testid=stMain] a[href*='review']:not([href*='reviewer'])",
        has_text=re.compile(r"^\s*(grid_view)?\s*Review$"),
    )
    links.nth(place).click()
    heading(tab, "Review")
    assert tab.page.get_by_role("combobox", name="Dataset").input_value() == name


@pytest.mark.parametrize(
    ("link", "tab_name"),
    [("Import a dataset", "Import a dataset"), ("Extract faces from photos", "Extract faces from photos")],
)
@pytest.mark.parametrize("installation", ["reader", "newcomer"])
def test_ways_to_bring_faces_in_open_their_form(request, link, tab_name, installation):
    tab = request.getfixturevalue(installation)
    tab.visit("")
    if installation == "reader":
        tab.page.get_by_text("Import more faces").click()
        tab.page.wait_for_timeout(500)  # it opens slowly, and what stands in it moves meanwhile
    tab.page.get_by_role("link", name=link).click()
    heading(tab, "Datasets")
    tab.page.wait_for_function(
        "name => [...document.querySelectorAll('[role=tab]')].some(tab => tab.innerText === name"
        " && tab.getAttribute('aria-selected') === 'true' && tab.offsetParent)",
        arg=tab_name,
    )


@pytest.mark.parametrize(
    ("path", "link", "title"),
    [
        ("review", "Go to Datasets", "Datasets"),
        ("tasks", "Go to Datasets", "Datasets"),
        ("adjudicate", "Go to Datasets", "Datasets"),
        ("agreement", "Go to Datasets", "Datasets"),
        ("history", "Start reviewing", "Review"),
        ("snapshots", "Go to Datasets", "Datasets"),
        ("train", "Go to Snapshots", "Snapshots"),
        ("sweeps", "Go to Snapshots", "Snapshots"),
        ("runs", "Go to Train", "Train"),
        ("compare", "Go to Train", "Train"),
        ("predict", "Go to Home", "From faces to a fair comparison"),
    ],
)
def test_empty_pages_lead_to_what_is_missing(newcomer, path, link, title):
    newcomer.visit(path)
    newcomer.page.get_by_test_id("stMain").get_by_role("link", name=link).click()
    heading(newcomer, title)


@pytest.mark.parametrize(
    ("prepare", "words", "title"),
    [
        pytest.param("undecided", "14 faces of D are not reviewed yet", "Review", id="review"),
        pytest.param("unlabelled", "3 faces of D 2 have no emotion yet", "Review", id="label"),
    ],
)
def test_the_next_step_names_its_faces_and_opens_them(app, page, prepare, words, title):
    fill(app.store, "D", [number % 7 for number in range(14)])
    if prepare == "unlabelled":
        fill(app.store, "D 2", [3, None, None, None, 5])
    page.goto(app.url)
    row = page.locator("[data-testid=stMain]").get_by_text(words)
    row.wait_for()
    page.locator("[data-testid=stMain] a[href*='review']:not([href*='reviewer'])").first.click()
    page.get_by_role("heading", name=title, exact=True).wait_for()
    page.locator("[data-testid=face-tile]").first.wait_for()
    assert page.locator("[data-testid=face-tile]").count() == count_of(words)


def test_a_click_is_not_followed_by_what_a_timer_asks_for(readers):
    """The server would take the timer's page for the one that a link asked for, and the link would do nothing."""
    tab = readers("en")
    asked = []
    tab.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: asked.append(frame)))
    tab.visit("")
    before = len(asked)
    tab.page.wait_for_timeout(2_500)
    assert len(asked) > before, "a job runs, and its bar is drawn again every second"
    tab.page.locator(".st-key-product").click()
    tab.page.wait_for_timeout(200)  # what was on its way
    before = len(asked)
    tab.page.wait_for_timeout(2_300)
    assert len(asked) == before
    tab.page.wait_for_timeout(3_000)
    assert len(asked) > before

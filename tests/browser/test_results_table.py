"""The table of results in a real browser: presses, the address, the keyboard, and the way back."""

import pytest

from fercore.services.comparison import foreign_models
from fercore.services.training import runs as run_service
from fercore.services.training import snapshots
from fercore.services.training.runs import TrainRequest
from fercore.store.training import runs
from fercore.training.recipes.recipe import MODERN, PAPER
from tests.browser.running import at_rest, visit
from tests.conftest import fill
from tests.services.comparison.conftest import HAPPY, SAD, evaluate, faces_of

pytestmark = pytest.mark.browser

FACES = 40
BACKBONES = {"VGG16": (20, 36), "Xception": (36, 28), "MobileNetV2": (28, 20)}


def made(app, backbone, snapshot="S", recipe=MODERN, seed=0):
    """A finished run."""
    run = run_service.create(app.store, TrainRequest(snapshot, backbone, recipe, "none", seed))
    with app.store.database.writing() as session:
        runs.set_values(session, run, status="done", reported_epoch=1)
    return run


@pytest.fixture
def compared(app):
    """Three trainings, the last one with two seeds, on two datasets of 40 test faces each."""
    fill(app.store, "A", [HAPPY, SAD])
    fill(app.store, "A", [HAPPY] * FACES, "test", 10)
    fill(app.store, "B", [HAPPY] * FACES, "test", 80)
    snapshots.freeze(app.store, "S", ["A"])
    for backbone, rights in BACKBONES.items():
        for seed in range(2 if backbone == "MobileNetV2" else 1):
            run = made(app, backbone, seed=seed)
            for dataset, right in zip("AB", rights, strict=True):
                evaluate(app.store, run, dataset, "test", [HAPPY] * right + [SAD] * (FACES - right))
    return app


ORDERS = {
    "": ["VGG16", "Xception", "MobileNetV2"],
    "-0": ["Xception", "MobileNetV2", "VGG16"],
    "0": ["VGG16", "MobileNetV2", "Xception"],
    "training": ["MobileNetV2", "VGG16", "Xception"],
    "-training": ["Xception", "VGG16", "MobileNetV2"],
}


def opened(page, app, query=""):
    visit(page, f"{app.url}/compare?view=results&split=test{query}")
    page.locator("[data-testid=results-row]").first.wait_for()
    at_rest(page)


def head(page, column):
    return page.locator(f".fcr-sort[data-column='{column}']")


def rows(page):
    return [title.split(" ·")[0] for title in page.locator(".fcr-title > span").all_text_contents()]


def asked(page):
    return page.evaluate("Object.fromEntries(new URLSearchParams(location.search))")


def focused(page):
    return page.evaluate("document.activeElement.dataset.at || document.activeElement.tagName")


@pytest.mark.parametrize(
    ("begin", "presses", "expected"),
    [
        pytest.param("", ["0"], "-0", id="once"),
        pytest.param("", ["0", "0", "training"], "training", id="figures both ways, then names"),
        pytest.param("", ["0", "0", "0"], "", id="as the runs are again"),
        pytest.param("0", ["0", "0"], "-0", id="a link with a sort"),
        pytest.param("training", ["training"], "-training", id="a link by names"),
    ],
)
@pytest.mark.parametrize("waits", [True, False], ids=["after each answer", "faster than answers"])
def test_the_table_and_the_address_follow_each_press(compared, page, begin, presses, expected, waits):
    opened(page, compared, f"&sort={begin}" if begin else "")
    for column in presses:
        head(page, column).click()
        if waits:
            at_rest(page)
    assert (rows(page), asked(page).get("sort", "")) == (ORDERS[expected], expected), "at once"
    at_rest(page)
    assert (rows(page), asked(page).get("sort", "")) == (ORDERS[expected], expected), "for good"
    page.locator(".fcr-filter").fill("mobile")
    page.wait_for_function("location.search.includes('filter=mobile')")
    at_rest(page)
    assert (rows(page), asked(page).get("sort", "")) == (["MobileNetV2"], expected), "a filter changes no sort"


def test_another_choice_of_the_page_keeps_the_look(compared, page):
    opened(page, compared)
    page.get_by_text("Without learned faces").click()
    head(page, "0").click()
    at_rest(page)
    page.get_by_text("Without learned faces").click()
    at_rest(page)
    assert (rows(page), asked(page)["sort"], "fresh" in asked(page)) == (ORDERS["-0"], "-0", False)


def test_the_keyboard_stays_where_it_pressed(compared, page):
    opened(page, compared)
    head(page, "0").focus()
    for _ in range(2):
        page.keyboard.press("Enter")
        at_rest(page)
        assert focused(page) == "sort 0"
    page.locator("[data-at='open 3']").focus()
    page.keyboard.press("Enter")
    at_rest(page)
    assert focused(page) == "open 3"
    assert (page.locator(".fcr-opened").count(), asked(page)["open"]) == (2, "3")
    page.locator("[data-at='pin 1']").focus()
    page.keyboard.press("Enter")
    page.locator("[data-at='pin 1'][aria-pressed=true]").wait_for()
    at_rest(page)
    assert (focused(page), asked(page)["baseline"], asked(page)["sort"]) == ("pin 1", "1", "0")


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("", id="plain", marks=pytest.mark.long),
        pytest.param("&sort=0&open=3&baseline=1&measure=macro-f1", id="sorted and pinned"),
    ],
)
def test_back_from_a_cell_is_the_table_as_it_was(compared, page, query):
    opened(page, compared, query)
    if not query:
        page.locator(".fcr-filter").fill("vgg")  # the cell is pressed before the filter is told
    before = rows(page)
    page.locator("[data-testid=results-cell]").first.click()
    page.locator("[data-testid=confusion-matrix]").wait_for()
    at_rest(page)
    assert asked(page)["view"] == "confusion"
    page.go_back()
    page.locator("[data-testid=results-row]").first.wait_for()
    at_rest(page)
    again = asked(page)
    assert rows(page) == before
    wanted = {"sort": "0", "open": "3", "baseline": "1", "measure": "macro-f1"} if query else {"filter": "vgg"}
    assert again == {"view": "results", "split": "test", **wanted}, "nothing of the matrix stays"
    assert page.locator(".fcr-filter").input_value() == wanted.get("filter", "")
    page.go_forward()
    page.locator("[data-testid=confusion-matrix]").wait_for()
    at_rest(page)
    assert asked(page)["evaluation"]


def test_buttons_of_two_runs_of_the_same_backbone_and_data_are_told_apart(compared, page):
    again = made(compared, "VGG16", recipe=PAPER)
    evaluate(compared.store, again, "A", "test", [HAPPY] * FACES)
    opened(page, compared)
    for buttons in ("[data-testid=results-pin]", "[data-testid=results-cell]"):
        labels = [each.get_attribute("aria-label") for each in page.locator(buttons).all()]
        assert len(set(labels)) == len(labels) > 1
    assert page.locator("[data-at='pin 1']").get_attribute("aria-label").endswith("VGG16 · A, Run 1 · seed 0")


@pytest.mark.parametrize(("width", "most"), [(1440, 360), (390, 150)], ids=["screen", "telephone"])
def test_a_long_name_breaks(compared, page, tmp_path, width, most):
    file = tmp_path / "theirs.csv"
    faces = faces_of(compared.store, "A", "test")
    file.write_text("\n".join(["face,prediction", *(f"{face},happy" for face in faces)]))
    foreign_models.import_predictions(compared.store, file, "W" * 100, "A", "test")
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, compared)
    heads = page.locator("[data-testid=results-row] th").all()
    assert [head.bounding_box()["width"] for head in heads if head.bounding_box()["width"] > most] == []
    name, cell = page.locator(".fcr-title > span").last, page.locator("[data-testid=results-cell]").last
    inside = name.bounding_box()
    assert inside["x"] + inside["width"] <= cell.bounding_box()["x"], "no letter stands under the figures"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

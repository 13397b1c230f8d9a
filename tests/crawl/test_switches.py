"""Buttons that lead to another page do so for every object, not only for the one that is chosen first."""

import pytest

from tests.browser.running import choose

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("number", ["4", *(pytest.param(each, marks=pytest.mark.long) for each in "731")])
def test_a_run_that_was_picked_is_cloned(reader, number):
    tab = reader
    tab.visit("runs")
    if number != "7":
        choose(tab.page, "Select a run", number)
        tab.check()
        tab.page.wait_for_url(f"**/runs?run={number}")
    tab.page.get_by_role("button", name=f"Clone run {number}").click()
    tab.page.get_by_role("heading", name="Train", exact=True).wait_for()
    tab.check()
    assert tab.page.url.endswith("/train")
    recipe = {"7": "modern", "4": "paper", "3": "modern", "1": "modern"}[number]
    assert recipe in tab.page.get_by_role("combobox", name="Recipe").input_value()


@pytest.mark.parametrize(
    ("link", "button"),
    [
        pytest.param("과제", "작업하기", id="task"),
        pytest.param("실행", "복제", id="clone", marks=pytest.mark.long),
    ],
)
def test_who_reviews_and_the_language_stay_when_a_button_opens_a_page(crawler, link, button):
    """In a tab whose browser remembers neither: both are chosen here for the first time."""
    tab = crawler()
    tab.visit("")
    tab.page.get_by_role("radio", name="한국어").click()
    tab.check()
    choose(tab.page, "검토자", "Kim")
    tab.check()
    tab.page.get_by_role("link", name=link, exact=True).click()
    tab.check()
    before = tab.page.url
    tab.page.get_by_role("button", name=button).first.click()
    tab.page.wait_for_url(lambda url: url.split("?")[0] != before.split("?")[0])
    tab.check()
    assert tab.page.get_by_role("radio", name="한국어").is_checked()
    assert tab.page.get_by_role("combobox", name="검토자").input_value() == "Kim"


def test_a_task_of_others_shows_no_other_faces(crawler):
    tab = crawler()
    tab.visit("review?task=9999")
    tab.page.get_by_text("You are not part of task 9999").wait_for()
    assert tab.page.locator("[data-testid=face-tile]").count() == 0
    choose(tab.page, "Work on", "no task: browse a dataset")
    tab.page.locator("[data-testid=face-tile]").first.wait_for()
    tab.check()
    assert tab.page.url.split("task=")[1].startswith("0")


def test_a_name_that_is_typed_while_the_grid_comes_decides_no_face(crawler):
    tab = crawler()
    tab.page.goto(f"{tab.url}/review?task=0&dataset=KFE")
    box = tab.page.get_by_role("combobox", name="Reviewer")
    box.click()
    tab.page.keyboard.type("Newcomer", delay=120)
    tab.page.locator("[data-testid=face-tile]").first.wait_for()
    tab.page.keyboard.press("Enter")
    tab.check()
    assert box.input_value() == "Newcomer"


def test_a_task_is_opened_from_its_card(crawler):
    tab = crawler()
    tab.visit("tasks")
    tab.page.get_by_role("button", name="Work on it").last.click()
    tab.page.get_by_role("heading", name="Review", exact=True).wait_for()
    tab.check()

"""Buttons that lead to another page do so for every object, not only for the one that is chosen first."""

import pytest

from tests.browser.running import choose

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("number", ["7", "4", "3", "1"])
def test_a_run_that_was_picked_is_cloned(crawler, number):
    tab = crawler()
    tab.visit("runs")
    if number != "7":
        choose(tab.page, "Look at run", number)
        tab.check()
        tab.page.wait_for_url(f"**/runs?run={number}")
    tab.page.get_by_role("button", name=f"Clone run {number}").click()
    tab.page.get_by_role("heading", name="Train", exact=True).wait_for()
    tab.check()
    assert tab.page.url.endswith("/train")
    recipe = {"7": "modern", "4": "paper", "3": "modern", "1": "modern"}[number]
    assert recipe in tab.page.get_by_role("combobox", name="Recipe").input_value()


def test_a_task_is_opened_from_its_card(crawler):
    tab = crawler()
    tab.visit("tasks")
    tab.page.get_by_role("button", name="Work on it").last.click()
    tab.page.get_by_role("heading", name="Review", exact=True).wait_for()
    tab.check()

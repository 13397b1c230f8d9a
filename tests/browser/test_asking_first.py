"""Dialogs that say what they do before they do it: reverting, undoing an import, another rule, another name."""

import pytest

from fercore.services.datasets import catalogue
from fercore.services.review import adjudication, history
from tests.browser.grid import wait_painted
from tests.browser.running import choose, visit
from tests.conftest import fill
from tests.services.review.votes import say

pytestmark = pytest.mark.browser


@pytest.fixture
def faces(app):
    """Two people who disagree on one face of a dataset with a name that is Markdown."""
    ids = fill(app.store, "D **x**", [3] * 6)
    say(app.store, "Kim", ids[:2], 5)
    say(app.store, "Lee", ids[1:2], 2)
    return ids


def dialog(page):
    return page.locator("[data-testid=stDialog] [role=dialog]")


def test_a_range_is_reverted_and_that_is_undone(app, page, faces):
    visit(page, f"{app.url}/history?past-reviewer=Kim")
    page.get_by_role("button", name="Revert 2 decisions").click()
    dialog(page).get_by_text("2 decisions of Kim are reverted under your name, tester.").wait_for()
    dialog(page).get_by_role("button", name="Revert them").click()
    page.get_by_text("tester reverted 2 decisions of Kim.").wait_for()
    assert history.reverts(app.store)[0].by == "tester"
    page.get_by_role("button", name="Undo this revert").click()
    page.get_by_text("2 decisions in effect.").wait_for()
    page.locator("[data-testid=wall-face] a").first.click()
    wait_painted(page, 1)
    page.get_by_text("1 selected face", exact=False).first.wait_for()


def test_an_import_is_undone_after_its_decisions_were_kept(app, page, faces):
    visit(page, f"{app.url}/datasets")
    page.get_by_role("tab", name="Imports").click()
    page.get_by_role("button", name="Undo", exact=True).click()
    dialog(page).get_by_text("Undoing this import deletes 6 faces, 0 photos.").wait_for()
    dialog(page).get_by_text("3 decisions are deleted with them.", exact=False).wait_for()
    with page.expect_download() as download:
        dialog(page).get_by_role("button", name="Download the decisions as CSV").click()
    assert len(download.value.path().read_text().splitlines()) == 4
    dialog(page).get_by_role("button", name="Delete them").click()
    page.get_by_text("No dataset yet.", exact=False).wait_for()
    assert catalogue.summaries(app.store) == []


def test_another_rule_asks_first(app, page, faces):
    visit(page, f"{app.url}/adjudicate")
    for answer, rule in (("Keep the rule", "latest"), ("Change the rule", "unanimous")):
        choose(page, "Labels follow", "all votes")
        dialog(page).get_by_text("1 label changes", exact=False).wait_for()
        dialog(page).get_by_role("button", name=answer).click()
        dialog(page).wait_for(state="detached")
        page.wait_for_timeout(500)
        assert adjudication.rules(app.store) == {"D **x**": rule}


def test_a_dataset_gets_another_name(app, page, faces):
    visit(page, f"{app.url}/datasets")
    page.get_by_role("tab", name="Export, delete").click()
    page.get_by_label("Name of the dataset").fill("Korean <b>")
    page.get_by_role("button", name="Rename").click()
    page.wait_for_function("document.querySelectorAll('input[value=\"Korean <b>\"]').length > 1")
    assert [summary.name for summary in catalogue.summaries(app.store)] == ["Korean <b>"]

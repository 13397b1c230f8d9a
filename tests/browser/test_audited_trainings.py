"""From an audit to two real trainings: on a snapshot with leaks and on one without, read on the same test set."""

import pytest

from fercore.curation.checks import Check
from fercore.services.audit import score_card
from fercore.services.audit.methods import Method
from fercore.services.comparison import stored_evaluations, training_overlap
from fercore.services.training import run_details
from fercore.statuses import Status
from tests.browser.audit_steps import audit, freeze, planted, read_both, review
from tests.browser.running import at_rest, choose, visit
from tests.browser.training_steps import choose_training

pytestmark = [pytest.mark.browser, pytest.mark.long]
MINUTES = 60_000


def test_the_same_test_set_with_and_without_leaks_after_real_trainings(app, page):
    page.set_default_timeout(MINUTES)
    planted(app.store)
    audit(app, page)
    review(app, page)
    freeze(app, page)
    for number, snapshot in enumerate(("leaky", "clean"), start=1):
        train(app, page, number, snapshot)
    compare(app, page)
    doubt(app, page, "a run's predictions of faces that it has not learned", Method.RUN)
    doubt(app, page, "the course of a run's training", Method.DYNAMICS)


def train(app, page, number, snapshot):
    """Train from the page and wait until the evaluation is there, too."""
    visit(page, f"{app.url}/train")
    choose(page, "Snapshot", snapshot)
    choose(page, "Start from", "nothing: random weights")
    choose_training(page, 2, "D · test")
    page.get_by_text(f"Run {number}").first.wait_for()
    page.get_by_text(f"{snapshot} · done").wait_for(timeout=8 * MINUTES)
    for _ in range(240):
        if any(view.run == number for view in stored_evaluations.listed(app.store)):
            break
        page.wait_for_timeout(500)
    view = run_details.view(app.store, number)
    assert (view.status, view.snapshot.name, len(view.epochs)) == (Status.DONE, snapshot, 2)


def compare(app, page):
    """The run that learned leaked faces is counted with and without them; the other one learned none."""
    views = {view.run: view for view in stored_evaluations.listed(app.store)}
    assert views[1].n == views[2].n, "one test set"
    known = {run: training_overlap.learned(app.store, view) for run, view in views.items()}
    assert known[2].is_nothing and not known[1].is_nothing
    read_both(app, page, views[1].id, views[2].id)
    visit(page, f"{app.url}/compare")
    page.locator("[data-testid=results-table]").wait_for()


def doubt(app, page, words, method):
    """An audit whose labels are doubted by the run on the snapshot with leaks."""
    before = score_card.listed(app.store)[0].audit
    visit(page, f"{app.url}/audit")
    page.get_by_text("New audit", exact=True).click()
    choose(page, "Datasets", "D")
    page.keyboard.press("Escape")
    choose(page, "Labels are doubted by", words)
    at_rest(page)
    page.get_by_role("combobox", name="Run", exact=True).first.click()
    page.get_by_role("option").filter(has_text="Run 1 ·").click()
    at_rest(page)
    page.get_by_role("button", name="Audit", exact=True).click()
    page.get_by_text(f"Doubted by {words}").first.wait_for()
    card = score_card.latest(app.store, ["D"])
    line = card.line(Check.LABELS)
    assert card.audit > before and (line.detail["method"], line.detail["run"]) == (method, 1)
    assert line.population > 0
    if line.count:
        visit(page, f"{app.url}/audit?check=labels")
        assert page.locator("[data-testid=wall-face]").count() == min(line.count, 96)

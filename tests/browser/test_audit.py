"""From an audit to review, its hit rate, a snapshot without leaks, and the same test set with and without them."""

import pytest

from fercore.curation.checks import Check
from fercore.drawing.faces import dataset as drawn
from fercore.services.audit import score_card
from fercore.services.comparison import stored_evaluations, training_overlap
from fercore.services.training import snapshots
from tests.browser.grid import confirm_page, press, wait_painted, wait_saved
from tests.browser.running import at_rest, choose, visit
from tests.curation.duplicates.pictures import gray
from tests.services.audit.planted import put
from tests.services.comparison.conftest import evaluate, run

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LEAKED = 10


@pytest.fixture
def faulty(app):
    """84 drawn training faces, every third with the next emotion's label; a test split with ten of them, brighter."""
    pixels, labels = drawn("west", 12, 0)
    given = [(int(label) + (at % 3 == 0)) % 7 for at, label in enumerate(labels)]
    put(app.store, "D", pixels, labels=given)
    new, emotions = drawn("east", 2, 5)
    copies = [gray(face + 15.0) for face in pixels[:LEAKED]]
    put(app.store, "D", [*copies, *new], "test", [*given[:LEAKED], *emotions.tolist()])
    return app


def test_an_audit_leads_to_review_to_its_hit_rate_and_to_a_snapshot_without_leaks(faulty, page):
    audit(faulty, page)
    review(faulty, page)
    judge(faulty, page)
    freeze(faulty, page)
    with_and_without(faulty, page)


def audit(app, page):
    visit(page, f"{app.url}/audit")
    choose(page, "Datasets", "D")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Audit", exact=True).click()
    page.get_by_text(f"of {LEAKED + 14}").first.wait_for(timeout=120_000)
    card = score_card.latest(app.store, ["D"])
    assert card.line(Check.LEAKS).count == LEAKED and {line.check for line in card.lines} == set(Check)


def review(app, page):
    count = score_card.latest(app.store, ["D"]).line(Check.LABELS).count
    assert count >= 20
    visit(page, f"{app.url}/audit?check=labels")
    assert page.locator("[data-testid=wall-face]").count() == min(count, 96)
    page.get_by_text("Review these").click()
    page.get_by_role("button", name=f"Send {count} faces").click()
    page.get_by_text(f"The task was made: {count} chosen faces, 20 control faces.").wait_for()
    at_rest(page)
    page.get_by_role("link", name="Work on it").first.click()
    wait_painted(page)
    tiles = page.locator("[data-testid=face-tile]")
    assert {tile.get_attribute("data-emotion") for tile in tiles.all()} <= {"", None}, "no label tells them apart"
    done = 0
    while done < count + 20:
        here = min(tiles.count(), count + 20 - done)
        press(page, *["5"] * here)  # Neutral, whatever the face shows
        done += here
        wait_saved(page, done)
        if done < count + 20:
            confirm_page(page)
    line = score_card.latest(app.store, ["D"]).line(Check.LABELS)
    assert line.right.decided + line.right.unsure == count and line.control.decided == 20
    assert line.right.share is not None and 0 < line.right.share <= 1
    visit(page, f"{app.url}/audit")
    page.get_by_text(f"{line.right.share:.0%} (").first.wait_for()


def judge(app, page):
    visit(page, f"{app.url}/audit?check=leaks")
    page.get_by_role("button", name="Judge pairs one by one").click()
    for done in range(3):
        page.get_by_text(f"Pairs judged: {done} of").wait_for()
        page.wait_for_timeout(300)  # in less, nobody compares two faces
        page.keyboard.press("3")
    page.get_by_text("Pairs judged: 3 of").wait_for()
    page.keyboard.press("u")
    page.get_by_text("Pairs judged: 2 of").wait_for()


def freeze(app, page):
    page.get_by_role("link", name="Snapshots").click()
    at_rest(page)
    page.get_by_label("Name of the snapshot").fill("leaky")
    page.get_by_role("button", name="Freeze").click()
    page.get_by_text("'leaky' contains").wait_for()
    page.get_by_label("Name of the snapshot").fill("clean")
    page.get_by_text("Without leaks", exact=True).click()
    page.get_by_role("button", name="Freeze").click()
    page.get_by_text("'clean' contains").wait_for(timeout=60_000)
    clean = next(each for each in snapshots.listed(app.store) if each.name == "clean")
    assert clean.record["dropped"]["splits"]["train"] >= LEAKED and clean.record["leaks"]["leaked"] == 0


def with_and_without(app, page):
    """Two runs as if trained on either snapshot: one evaluation is told to be inflated, the other is not."""
    numbers = [run(app.store, name) for name in ("leaky", "clean")]
    for number in numbers:
        evaluate(app.store, number, "D", "test", [3] * (LEAKED + 14))
    views = stored_evaluations.listed(app.store)
    known = {view.run: training_overlap.learned(app.store, view) for view in views}
    assert known[numbers[1]].is_nothing and (known[numbers[0]].faces or known[numbers[0]].copies)
    at = {view.run: view.id for view in views}
    visit(page, f"{app.url}/compare?evaluation={at[numbers[0]]}")
    page.get_by_text("altered copies of training faces").first.wait_for()
    page.get_by_text("Without them:").first.wait_for()
    visit(page, f"{app.url}/compare?evaluation={at[numbers[1]]}")
    page.locator("[data-testid=confusion-matrix]").wait_for()
    assert page.get_by_text("altered copies of training faces").count() == 0

"""Steps of an audit in a browser: from its start to review, judged pairs, and snapshots with and without leaks."""

from fercore.curation.checks import Check
from fercore.drawing.faces import dataset as drawn
from fercore.services.audit import score_card
from fercore.services.training import snapshots
from tests.browser.grid import confirm_page, press, wait_painted, wait_saved
from tests.browser.running import at_rest, choose, visit
from tests.curation.duplicates.pictures import gray
from tests.services.audit.planted import put

LEAKED = 10


def planted(store):
    """84 drawn training faces, every third with the next emotion's label; a test split with ten of them, brighter."""
    pixels, labels = drawn("west", 12, 0)
    given = [(int(label) + (at % 3 == 0)) % 7 for at, label in enumerate(labels)]
    put(store, "D", pixels, labels=given)
    new, emotions = drawn("east", 2, 5)
    copies = [gray(face + 15.0) for face in pixels[:LEAKED]]
    put(store, "D", [*copies, *new], "test", [*given[:LEAKED], *emotions.tolist()])


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
    at_rest(page)
    page.get_by_text("Review these").click()
    at_rest(page)
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
        keys = ["5"] * here  # Neutral, whatever the face shows
        if not done:
            keys[:1] = ["x", "1"]  # the first one is rejected as no face
        press(page, *keys)
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


def read_both(app, page, leaky, clean):
    """Read the evaluation of a run that learned leaked faces, with and without them, and that of one that did not."""
    visit(page, f"{app.url}/compare?evaluation={leaky}")
    page.get_by_text("altered copies of training faces").first.wait_for()
    page.get_by_text("Without them:").first.wait_for()
    visit(page, f"{app.url}/compare?evaluation={clean}")
    page.locator("[data-testid=confusion-matrix]").wait_for()
    assert page.get_by_text("altered copies of training faces").count() == 0

"""From a confusion cell to review, and back to the same cell after a new training: the product's closing move."""

import pytest
from PIL import Image
from sqlalchemy import select

from fercore.drawing.faces import dataset as drawn
from fercore.faces.pixels import pixel_hash
from fercore.services.comparison import confusion, stored_evaluations
from fercore.services.training import snapshots
from fercore.store.datasets import datasets, faces
from fercore.store.datasets.faces import NewFace
from fercore.store.tables import TaskFace
from fercore.training.models.backbones import BACKBONES
from tests.browser.grid import labels, press, wait_painted, wait_saved
from tests.browser.running import at_rest, visit
from tests.browser.training_steps import choose_training
from tests.services.comparison.conftest import HAPPY, SAD, evaluate, faces_of, run

pytestmark = [pytest.mark.browser, pytest.mark.slow]
EACH = 6
SENT = 4


@pytest.fixture
def confused(app):
    """Drawn faces, and a run that says Sad to four of six Happy validation faces."""
    for split, seed in (("train", 0), ("validation", 1)):
        pixels, emotions = drawn("west", EACH, seed)
        new = [
            NewFace(
                identity=f"{split}/{number}",
                split=split,
                emotion=int(emotion),
                word="",
                pixel_hash=pixel_hash(gray),
                gray=gray,
            )
            for number, (gray, emotion) in enumerate(zip(pixels, emotions, strict=True))
        ]
        with app.store.database.writing() as session:
            begun = datasets.begin_import(session, "D", "folder", split)
            faces.add(session, begun.dataset_id, begun.id, new)
            datasets.finish_import(session, begun.id)
    snapshots.freeze(app.store, "first", ["D"])
    order = sorted(labels(app).items())
    here = [emotion for face, (emotion, *_) in order if face in set(faces_of(app.store, "D", "validation"))]
    wrong = iter([SAD] * SENT)
    guesses = [next(wrong, HAPPY) if emotion == HAPPY else emotion for emotion in here]
    return evaluate(app.store, run(app.store, "first"), "D", "validation", guesses)


@pytest.mark.parametrize(
    "trained", [pytest.param(False, id="a given second run"), pytest.param(True, id="trained", marks=pytest.mark.long)]
)
def test_a_cell_is_sent_to_review_relabelled_retrained_and_tested(app, page, confused, trained):
    send_the_cell(app, page, confused)
    relabel(app, page)
    recount(app, page)
    freeze(page)
    if trained:
        vgg16 = BACKBONES["VGG16"]  # begins to train twice as soon as the default
        choose_training(page, 1, "D · validation", f"VGG16 · {vgg16.params_total / 1e6:.1f} M · {vgg16.input_px} px")
        page.get_by_text("second · done").wait_for(timeout=240_000)
    else:
        evaluate(app.store, run(app.store, "second"), "D", "validation", [HAPPY] * (7 * EACH))
    before_and_after(app, page)


def send_the_cell(app, page, evaluation):
    visit(page, f"{app.url}/compare?evaluation={evaluation}")
    first = page.locator("[data-testid=confusion-cell]").first
    first.focus()
    press(page, *["ArrowDown"] * HAPPY, *["ArrowRight"] * SAD)
    assert page.evaluate("document.activeElement.dataset.predicted") == "Sad"
    press(page, "Enter")
    page.get_by_text(f"{SENT} faces labelled Happy, predicted Sad").wait_for()
    at_rest(page)
    assert f"cell={HAPPY}-{SAD}" in page.url
    assert page.evaluate("document.activeElement.dataset.predicted") == "Sad", "the keyboard stays in the matrix"
    with page.expect_download() as download:
        page.get_by_test_id("png-button").first.click()
    with Image.open(download.value.path()) as picture:
        picture.load()
        assert picture.format == "PNG" and picture.info["Description"].startswith(
            "Most frequent confusions: Happy → Sad"
        )
    assert page.locator("[data-testid=wall-face]").count() == SENT
    page.get_by_text("Send these to review").click()
    page.get_by_text(f"{SENT} control faces from outside of these are mixed in").wait_for()
    page.get_by_role("button", name=f"Send {SENT} faces").click()
    page.get_by_text(f"The task was made: {SENT} chosen faces, {SENT} control faces.").wait_for()
    with app.store.database.reading() as session:
        assert len(session.scalars(select(TaskFace.face_id)).all()) == 2 * SENT


def relabel(app, page):
    at_rest(page)
    page.get_by_role("link", name="Work on it").first.click()
    wait_painted(page)
    tiles = page.locator("[data-testid=face-tile]")
    assert tiles.count() == 2 * SENT
    assert {tile.get_attribute("data-emotion") for tile in tiles.all()} <= {"", None}, "no label tells them apart"
    press(page, *[str(SAD + 1)] * (2 * SENT))
    wait_saved(page, 2 * SENT)


def recount(app, page):
    page.get_by_role("link", name="Compare").click()
    page.get_by_role("button", name="Recount").click()
    page.get_by_text("1 evaluation was recounted with the current labels.").wait_for()
    page.get_by_role("radio", name="Confusion").click()
    page.get_by_text("Labels changed after selection by run 1.").wait_for()
    page.get_by_text("The same predictions with the labels of then and of now:").wait_for()
    [result] = stored_evaluations.listed(app.store)
    assert result.selected_by == (1,) and result.confusion[HAPPY][SAD] == 0


def freeze(page):
    page.get_by_role("link", name="Snapshots").click()
    page.get_by_label("Name of the snapshot").fill("second")
    page.get_by_role("button", name="Freeze").click()
    page.get_by_text("'second' contains").wait_for()
    page.get_by_role("link", name="Train", exact=True).click()
    page.get_by_text("Training plan").wait_for()


def before_and_after(app, page):
    page.get_by_role("link", name="Compare").click()
    page.get_by_role("radio", name="Confusion").click()
    page.locator("[data-testid=confusion-matrix]").wait_for()
    for _ in range(120):
        if len(stored_evaluations.listed(app.store)) == 2:
            break
        page.wait_for_timeout(500)
    visit(page, f"{app.url}/compare?evaluation=1&cell={HAPPY}-{SAD}")
    page.get_by_text("Second look at this cell").wait_for()
    page.get_by_role("link", name="The same cell before and after").click()
    page.get_by_text("The same cell before and after: it was chosen on").wait_for()
    at_rest(page)
    assert "labels=now" in page.url and "other=2" in page.url and "matrices=difference" in page.url
    views = stored_evaluations.listed(app.store)
    claim = confusion.claim(confusion.pair(app.store, *views, now=True), HAPPY, SAD, chosen_before=True)
    assert claim.startswith("Of 2 faces labelled Happy, run 1 says Sad to 0.0%"), "both are counted with the new labels"
    page.get_by_text(claim).wait_for()
    assert {view.selected_by for view in views} == {(1,)}

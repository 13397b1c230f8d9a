"""The product's main job from an empty store to a prediction, as a person does it in a browser."""

import subprocess
import sys

import numpy as np
import pytest
from sqlalchemy import func, select

from fercore.drawing.faces import dataset as drawn
from fercore.drawing.photos import portrait_photo
from fercore.emotions import FER2013_CODES
from fercore.services.comparison import stored_evaluations
from fercore.store.tables import Epoch, Face, FaceContext, Photo, Snapshot
from tests.browser.grid import confirm_page, labels, open_grid, press, wait_saved
from tests.browser.running import at_rest, visit
from tests.browser.training_steps import choose_training
from tests.conftest import SHARED

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROWS = 420


@pytest.fixture
def csv_file(tmp_path):
    """FER2013's CSV as Kaggle has it, of real faces where they are, else of drawn ones."""
    path = tmp_path / "fer2013.csv"
    if SHARED.is_dir():
        command = [sys.executable, str(SHARED / "make_csv.py"), str(path), "--rows", str(ROWS)]
        subprocess.run(command, check=True, capture_output=True)
        return path
    lines = ["emotion,pixels,Usage"]
    for usage, seed in (("Training", 0), ("PublicTest", 1)):
        pixels, emotions = drawn("west", ROWS // 7, seed)
        for face, emotion in zip(pixels, emotions, strict=True):
            text = " ".join(map(str, face.reshape(-1)))
            lines.append(f"{FER2013_CODES.index(int(emotion))},{text},{usage}")
    path.write_text("\n".join(lines) + "\n")
    return path


def count(app, column):
    with app.store.database.reading() as session:
        return session.scalar(select(func.count(column)))


def test_from_a_csv_to_a_clicked_cell_and_a_prediction(app, page, csv_file, tmp_path):
    import_csv(app, page, csv_file)
    review_one_page(app, page)
    freeze(app, page)
    train(app, page)
    click_a_cell(app, page)
    predict(app, page, tmp_path)


def import_csv(app, page, csv_file):
    visit(page, app.url)
    page.get_by_role("link", name="Import a dataset").click()
    page.get_by_placeholder("FER2013", exact=True).fill("FER2013")
    page.locator("input[type=file]").first.set_input_files(csv_file)
    page.get_by_text(csv_file.name).first.wait_for()
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_text(f"{2 * ROWS} faces added, 0 rows skipped.").wait_for()
    assert count(app, Face.id) == 2 * ROWS


def review_one_page(app, page):
    open_grid(page, app, "dataset=FER2013")
    seen = page.locator("[data-testid=face-tile]").count()
    press(page, "1", "x", "1")
    confirm_page(page)
    wait_saved(page, seen)
    states = [state for _, state, _ in labels(app).values()]
    assert states.count("undecided") == 2 * ROWS - seen and states.count("rejected") == 1


def freeze(app, page):
    page.get_by_role("link", name="Snapshots").click()
    page.get_by_label("Name of the snapshot").fill("first")
    page.get_by_role("button", name="Freeze").click()
    page.get_by_text(f"'first' contains {2 * ROWS - 1} faces").wait_for()
    assert count(app, Snapshot.id) == 1


def train(app, page):
    page.get_by_role("link", name="Train", exact=True).click()
    choose_training(page, 2, "FER2013 · validation")
    page.get_by_text("Run 1").wait_for()
    drawn_while_running = (
        "() => document.querySelector('.js-plotly-plot') && document.body.innerText.includes('Cancel')"
    )
    page.wait_for_function(drawn_while_running, timeout=240_000, polling="raf")
    page.get_by_text("first · done").wait_for(timeout=240_000)
    assert count(app, Epoch.number) == 2


def click_a_cell(app, page):
    page.get_by_role("link", name="Compare").click()
    page.get_by_role("radio", name="Confusion").click()
    page.locator("[data-testid=confusion-matrix]").wait_for(timeout=120_000)
    [result] = stored_evaluations.listed(app.store)
    matrix = np.array(result.confusion)
    label, guess = np.unravel_index(matrix.argmax(), matrix.shape)
    cell = page.locator("[data-testid=confusion-cell]").nth(int(label) * 7 + int(guess))
    assert cell.get_attribute("data-count") == str(matrix.max())
    cell.click()
    page.locator("[data-testid=wall-face]").first.wait_for()
    assert page.locator("[data-testid=wall-face]").count() == min(matrix.max(), 96)
    page.get_by_text("Send these to review").wait_for()


def predict(app, page, tmp_path):
    photo = SHARED / "photos" / "obama_biden_two_people.jpg"
    if not photo.exists():
        photo = tmp_path / "two.jpg"
        portrait_photo([("east", 3), ("west", 6)], 0).save(photo)
    page.get_by_role("link", name="Predict").click()
    page.wait_for_function("document.title === 'Predict · fercore'")  # Compare has a place for files, too
    at_rest(page)
    page.locator("input[type=file]").first.set_input_files(photo)
    faces = page.get_by_role("radiogroup", name="Faces").get_by_role("radio")
    faces.nth(1).click()
    at_rest(page)  # the switch below belongs to the chosen face
    page.get_by_test_id("bars").wait_for()
    assert faces.count() == 2
    page.get_by_text("measured on FER2013 · validation").wait_for()
    page.get_by_text("Why?").click()
    page.get_by_test_id("why").wait_for()
    page.get_by_text("Part of the face, %").wait_for()


def test_photos_become_faces_to_label(app, page, shared_data):
    photos = sorted((shared_data / "photos").iterdir())
    visit(page, f"{app.url}/datasets")
    page.get_by_role("tab", name="Extract faces from photos").click()
    page.get_by_placeholder("KFE", exact=True).fill("KFE")
    page.locator("input[type=file]").nth(1).set_input_files(photos)
    page.get_by_role("button", name="Extract", exact=True).click()
    page.get_by_text(f"8 faces · {len(photos)} photos").wait_for()
    assert (count(app, Face.id), count(app, Photo.id), count(app, FaceContext.face_id)) == (8, len(photos), 8)
    open_grid(page, app, "dataset=KFE")
    page.locator(".fc-context").wait_for()
    press(page, "4")
    wait_saved(page, 1)
    assert sorted(emotion for emotion, *_ in labels(app).values() if emotion is not None) == [3]

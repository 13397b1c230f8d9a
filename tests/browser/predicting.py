"""What tests of Predict need: an app with a model, photos of drawn people, and a camera that shows one of them."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from fercore.drawing.photos import portrait_photo
from fercore.drawing.styles import Style
from fercore.services.training import snapshots
from tests.browser.fixtures import CHROMIUM, FLAGS
from tests.browser.running import at_rest, visit
from tests.conftest import fill
from tests.prediction.onnx_runs import add_run

THREE = [(Style.WEST, 3), (Style.EAST, 6), (Style.WEST, 5)]
VIDEO_FRAMES = 20


def with_model(app, runs=1):
    """Trained runs in the app's installation."""
    fill(app.store, "D", [0, 1])
    snapshots.freeze(app.store, "S", ["D"])
    for _ in range(runs):
        add_run(app.store, "S")


def photo(people=tuple(THREE), size=(960, 480), form="JPEG", seed=1):
    """The bytes of a drawn photo."""
    file = io.BytesIO()
    portrait_photo(list(people), seed, size).save(file, form)
    return file.getvalue()


def wall(form="PNG"):
    file = io.BytesIO()
    Image.new("RGB", (300, 200), "gray").save(file, form)
    return file.getvalue()


def file(name, data, kind="image/jpeg"):
    """A file as Playwright hands it over."""
    return {"name": name, "mimeType": kind, "buffer": data}


def open_predict(page, app, query=""):
    visit(page, f"{app.url}/predict{query}")
    page.get_by_test_id("stFileUploaderDropzoneInput").wait_for(state="attached")
    at_rest(page)


def upload(page, *files):
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(list(files))


def boxes(page):
    return page.get_by_role("radiogroup", name="Faces").get_by_role("radio")


def wait_read(page, faces=1):
    """Wait until photos with so many faces are read, and the page is at rest."""
    page.locator(".fcp-figure:not(.fcp-reading)").first.wait_for()
    page.wait_for_function(
        "count => document.querySelectorAll('.fcp-box').length === count && !document.querySelector('.fcp-reading')",
        arg=faces,
    )
    at_rest(page)


def chosen(page):
    """The places of the chosen faces, photo by photo."""
    return page.evaluate(
        "() => [...document.querySelectorAll('.fcp-faces')].map(group =>"
        " [...group.children].findIndex(box => box.getAttribute('aria-checked') === 'true'))"
    )


def bars(page):
    """The percentages that stand beside the first photo."""
    return page.get_by_test_id("bars").first.locator("b").all_inner_texts()


PASTE = """(data) => {
  const transfer = new DataTransfer();
  const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
  transfer.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
  const event = new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(event);
}"""
COPY = """async (data) => {
  const blob = await (await fetch('data:image/png;base64,' + data)).blob();
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
}"""


def encoded(data):
    return base64.b64encode(data).decode()


def with_camera(browser, folder):
    """A browser whose camera shows one drawn person who moves a little; it is allowed to be used."""
    video = folder / "camera.mjpeg"
    pictures = []
    for number in range(VIDEO_FRAMES):
        picture = portrait_photo([(Style.EAST, 3)], 1, (640, 480)).convert("RGB")
        file_ = io.BytesIO()
        picture.transform(picture.size, Image.Transform.AFFINE, (1, 0, number % 5, 0, 1, 0)).save(file_, "JPEG")
        pictures.append(file_.getvalue())
    video.write_bytes(b"".join(pictures))
    return browser.browser_type.launch(
        executable_path=CHROMIUM,
        args=[
            *FLAGS,
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={video}",
        ],
    )


@pytest.fixture
def model(app):
    with_model(app)
    return app


def downloaded(page, button):
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    return Path(download.value.path()).read_bytes()

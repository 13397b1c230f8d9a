"""Tiles of faces without content have an edge on every page."""

import io

import numpy as np
import pytest
from PIL import Image

from fercore.settings import ROOT
from fercore.ui.widgets import face_wall

pytestmark = pytest.mark.browser


def page_of(css, tile, colour):
    styles = f"body {{ margin: 0; padding: 20px; background: rgb({colour}, {colour}, {colour}) }}"
    return f"<style>{styles}</style>{css}{tile}"


def wall(picture):
    return face_wall.CSS, f'<div class="fc-wall"><figure><img class="tile" src="{picture}"></figure></div>'


def pair(picture):
    return face_wall.CSS, f'<div class="fc-wall fc-large"><img class="tile" src="{picture}"></div>'


def component(path, name):
    def tile(picture):
        css = (ROOT / "fercore" / "ui" / path).read_text("utf-8")
        return f"<style>{css}</style>", f'<img class="tile {name}" src="{picture}">'

    return tile


@pytest.mark.parametrize(
    "tile",
    [
        pytest.param(wall, id="wall"),
        pytest.param(pair, id="pair"),
        pytest.param(component("scatter_map/map.css", "fcm-picture"), id="map"),
        pytest.param(component("review_grid/grid.css", "fc-large"), id="review"),
        pytest.param(component("review_grid/grid.css", "fc-crop"), id="crop"),
    ],
)
@pytest.mark.parametrize("gray", [255, 0])
def test_a_blank_face_has_an_edge(page, tile, gray):
    picture = face_wall.picture(bytes([gray]) * 2304)
    page.set_content(page_of(*tile(picture), gray))
    box = page.locator("img.tile").bounding_box()
    clip = {"x": box["x"] - 2, "y": box["y"] - 2, "width": box["width"] + 4, "height": box["height"] + 4}
    seen = np.asarray(Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("L"), np.int16)
    middle = len(seen) // 2
    for line in (seen[middle], seen[:, middle]):
        assert (np.abs(line[:4] - gray) > 90).any() and (np.abs(line[-4:] - gray) > 90).any()
        assert (line[6:-6] == gray).all(), "the picture itself is as it was"

"""The map of faces as a browser has it: three clouds of faces on known points, and lines drawn around them."""

import math

import numpy as np

from fercore.services.audit.face_map import MapChoice
from tests.browser.running import visit
from tests.conftest import fill
from tests.services.audit.mapped import keep

HAPPY, SAD, FEAR = 3, 5, 2
EACH = 12
CENTRES = {HAPPY: (-0.6, 0), SAD: (0.6, 0.3), FEAR: (0.4, -0.7)}
SCREEN_OF = """place => { const root = document.querySelector('.fcm-root');
  const box = root.querySelector('.fcm-over').getBoundingClientRect();
  const [left, top] = root.fercoreMap.plot.screenOf(place);
  return [box.left + left, box.top + top]; }"""


def filled(store):
    """A map of three clouds of 12 training faces each, an emotion to each; returns the faces' numbers by emotion."""
    ids = fill(store, "D", [emotion for emotion in CENTRES for _ in range(EACH)])
    random = np.random.default_rng(0)
    centres = np.repeat(np.array(list(CENTRES.values())), EACH, axis=0)
    keep(store, MapChoice(("D",)), ids, centres + random.uniform(-0.05, 0.05, centres.shape))
    return {emotion: ids[at * EACH : (at + 1) * EACH] for at, emotion in enumerate(CENTRES)}


def opened(page, url):
    visit(page, f"{url}/map")
    page.locator("[data-testid=map-entry]").first.wait_for()
    page.locator(".fcm-message").wait_for(state="hidden")


def circled(page, centre, radius=0.2):
    """Draw a line around a place of the map."""
    x, y = page.evaluate(SCREEN_OF, list(centre))
    edge = page.evaluate(SCREEN_OF, [centre[0] + radius, centre[1]])[0] - x
    for step in range(25):
        turn = 2 * math.pi * step / 24
        page.mouse.move(x + edge * math.cos(turn), y + edge * math.sin(turn))
        if not step:
            page.mouse.down()
    page.mouse.up()


def counted(page, count):
    page.wait_for_function(
        "text => document.querySelector('[data-testid=map-count]')?.textContent === text", arg=f"{count} faces selected"
    )


def shown_faces(page):
    tiles = page.locator("[data-testid=map-face]")
    return {int(tile.get_attribute("data-face-id")) for tile in tiles.all()}

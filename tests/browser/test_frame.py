"""What holds on every page: nothing is asked of another machine, and nothing is raw or broken."""

import pytest

from tests.conftest import fill

PAGES = (
    "",
    "datasets",
    "review?dataset=D",
    "tasks",
    "adjudicate",
    "agreement?dataset=D",
    "reviewer",
    "history",
    "snapshots",
    "train",
    "recipes",
    "sweeps",
    "runs",
    "compare",
    "predict",
)


@pytest.mark.parametrize("faces", [0, 8], ids=["empty", "with faces"])
def test_pages_ask_this_machine_alone(app, page, faces):
    if faces:
        fill(app.store, "D", [3] * faces)
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    for name in PAGES:
        page.goto(f"{app.url}/{name}")
        page.locator("h1").first.wait_for()
        page.wait_for_load_state("networkidle")
        assert page.locator("[data-testid=stException]").count() == 0, name
    elsewhere = [url for url in asked if not url.startswith((app.url, "data:", "blob:"))]
    assert asked and not elsewhere

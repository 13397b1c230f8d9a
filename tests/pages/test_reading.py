"""Opening a page starts nothing; what shows running work lets the queue go on from its first tick on."""

import pytest

from fercore.jobs import queue
from fercore.settings import ROOT
from fercore.ui.widgets import live
from tests.pages.conftest import opened
from tests.services.system.test_reading import kept, stuck  # noqa: F401  # a fixture

PAGES = sorted(str(path.relative_to(ROOT / "pages")) for path in (ROOT / "pages").rglob("*.py"))


@pytest.fixture
def idle_queue():
    """Here the queue goes on: a job that started would be noticed."""


@pytest.mark.parametrize("page", PAGES)
def test_opening_a_page_changes_nothing(stuck, page):  # noqa: F811
    before = kept(stuck)
    opened(page)
    assert kept(stuck) == before


@pytest.mark.parametrize(("draws", "advanced"), [(1, 0), (2, 1), (5, 4)])
def test_the_queue_goes_on_at_every_tick_but_the_first(monkeypatch, draws, advanced):
    calls, parts = [], []
    monkeypatch.setattr(live, "fragment", lambda part, run_every: [part() for _ in range(draws)])
    monkeypatch.setattr(live, "store", lambda: "store")
    monkeypatch.setattr(queue, "advance", calls.append)
    live.live(parts.append, "drawn", seconds=1.0)
    assert (parts, calls) == (["drawn"] * draws, ["store"] * advanced)

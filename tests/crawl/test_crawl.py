"""Everything on every page is used once, on a filled installation, and nothing may break."""

import itertools
import os
import random
import time

import pytest

from tests.crawl.crawler import PAGES

pytestmark = pytest.mark.browser
SAMPLE_SECONDS = 10  # every run draws another one, and -m long uses everything
SEED = int(os.environ.get("FERCORE_CRAWL_SEED", random.randrange(10**6)))  # the same for a second try
LANGUAGES = ("en", "ko")
THEMES = ("light", "dark")


def test_an_empty_installation_asks_this_machine_alone(newcomer):
    for path in PAGES:
        newcomer.visit(path)
    newcomer.page.wait_for_load_state("networkidle")
    newcomer.check()


def test_a_sample_of_everything(crawler):
    """A random walk; its seed stands in the report of a failure, and repeats it as FERCORE_CRAWL_SEED."""
    print(f"FERCORE_CRAWL_SEED={SEED}")
    chance, end = random.Random(SEED), time.monotonic() + SAMPLE_SECONDS
    tabs = {pair: crawler(*pair) for pair in (("en", "light"), ("ko", "dark"))}
    while time.monotonic() < end:
        tab, path = chance.choice(list(tabs.values())), chance.choice(PAGES)
        tab.visit(path)
        for _ in range(8):
            controls = list(tab.controls(path, destructive=False))
            if not controls:
                break
            tab.use(path, *chance.choice(controls))


@pytest.mark.long
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("code", "theme"), list(itertools.product(LANGUAGES, THEMES)))
def test_everything(crawler, path, code, theme):
    """Every expander, tab, popover, dialog, option and button; then, on the same copy, what destroys."""
    tab = crawler(code, theme)
    tab.crawl(path)
    if path in ("review", "adjudicate"):
        tab.visit(path)
        tab.page.locator("[data-testid=face-grid]").first.click()
        tab.keys()
    tab.crawl(path, destructive=True)

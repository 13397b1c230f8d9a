"""A real browser for tests of any room; without Chromium they skip, but not where CI=true.

pytest makes a fixture once for each module that names it, and Playwright runs once in a process: so these stand in one
place, above all rooms that use them.
"""

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.browser.running import App

# The shell without windows takes a quarter less work for the same pages than the whole browser.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Headless Chromium."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI=true, but there is no Chromium: apt-get install chromium")
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def app(tmp_path) -> Iterator[App]:
    """A running app on an empty installation."""
    running = App(tmp_path)
    running.start()
    yield running
    running.stop()
    running.store.database.close()


@pytest.fixture
def page(browser) -> Iterator[object]:
    """A tab of a fresh browser session; an error in its scripts fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    tab = context.new_page()
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.set_default_timeout(60_000)
    yield tab
    context.close()
    assert not errors, errors

"""A filled installation that is copied for each crawl, and a crawler in a browser on it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from fercore.clock import now
from fercore.settings import Settings
from fercore.store import open_store
from fercore.store.tables import Job
from tests.browser.running import App
from tests.crawl.crawler import Crawler
from tests.crawl.filled import fill_store
from tests.crawl.server_log import LogReader
from tests.sharing import made_once


@pytest.fixture(scope="session")
def template(tmp_path_factory) -> Path:
    """The folder of a filled installation, written once."""

    def fill(folder: Path) -> None:
        store = open_store(Settings(data_dir=folder / "data", models_dir=folder / "models", user="tester"))
        fill_store(store)
        store.database.close()

    return made_once(tmp_path_factory, "filled", fill)


@pytest.fixture
def filled(template, tmp_path) -> Path:
    """A copy of the filled installation."""
    for name in ("data", "models"):
        shutil.copytree(template / name, tmp_path / name)
    return tmp_path


def _tab(browser, running: App, code: str = "en", theme: str = "light", width: int = 1440) -> Crawler:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, locale={"en": "en-US", "ko": "ko-KR"}[code]
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    return Crawler(page, running.url, LogReader(running.log), code)


@contextmanager
def _running(folder: Path) -> Iterator[App]:
    running = App(folder)
    _occupy(running)
    running.start()
    yield running
    running.stop()
    running.store.database.close()


@pytest.fixture
def crawler(filled, browser) -> Iterator[Callable[..., Crawler]]:
    """Makes crawlers on a running app, which may change everything, each in a browser of its own."""
    tabs = []

    def make(*given: object) -> Crawler:
        tabs.append(_tab(browser, running, *given))
        return tabs[-1]

    with _running(filled) as running:
        yield make
        for tab in tabs:
            tab.page.context.close()


@pytest.fixture(scope="session")
def unchanged(template, tmp_path_factory, browser) -> Iterator[App]:
    """A running app on a filled installation that many tests look at: none of them writes into it."""
    folder = tmp_path_factory.mktemp("read")
    shutil.copytree(template, folder, dirs_exist_ok=True)
    with _running(folder) as running:
        yield running


@pytest.fixture(scope="session")
def reader(unchanged, browser) -> Crawler:
    """A tab on it, in which neither language nor reviewer is changed."""
    return _tab(browser, unchanged)


@pytest.fixture
def readers(unchanged, browser) -> Iterator[Callable[..., Crawler]]:
    """Makes further tabs on it, each of a browser of its own."""
    tabs = []

    def make(*given: object) -> Crawler:
        tabs.append(_tab(browser, unchanged, *given))
        tabs[-1].log.faults()  # those of earlier tests are none of this one
        return tabs[-1]

    yield make
    for tab in tabs:
        tab.page.context.close()


@pytest.fixture(scope="session")
def newcomer(tmp_path_factory, browser) -> Iterator[Crawler]:
    """A tab on an installation in which nothing is yet, and into which no test writes."""
    with _running(tmp_path_factory.mktemp("empty")) as running:
        yield _tab(browser, running)


def _occupy(running: App) -> None:
    """Let a job of another machine hold the device, so that what the crawler starts waits in the queue."""
    at = now()
    with running.store.database.writing() as session:
        session.add(
            Job(
                kind="probe",
                title="Measure",
                lane="device",
                arguments={},
                status="running",
                submitted_by="Kim",
                host="another-machine",
                pid=1,
                devices="cpu",
                heartbeat_at=at + timedelta(hours=9),
                created_at=at,
                started_at=at,
                position=0.0,
            )
        )

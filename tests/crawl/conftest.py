"""A filled installation that is copied for each crawl, and a crawler in a browser on it."""

import shutil
from collections.abc import Callable, Iterator
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


@pytest.fixture(scope="session")
def template(tmp_path_factory) -> Path:
    """The folder of a filled installation, written once."""
    folder = tmp_path_factory.mktemp("filled")
    store = open_store(Settings(data_dir=folder / "data", models_dir=folder / "models", user="tester"))
    fill_store(store)
    store.database.close()
    return folder


@pytest.fixture
def filled(template, tmp_path) -> Path:
    """A copy of the filled installation."""
    for name in ("data", "models"):
        shutil.copytree(template / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def crawler(filled, browser) -> Iterator[Callable[..., Crawler]]:
    """Makes crawlers on one running app, each in a tab of its own."""
    running = App(filled)
    _occupy(running)
    running.start()
    contexts = []

    def make(code: str = "en", theme: str = "light", width: int = 1440) -> Crawler:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, locale={"en": "en-US", "ko": "ko-KR"}[code]
        )
        contexts.append(context)
        tab = context.new_page()
        tab.set_default_timeout(60_000)
        return Crawler(tab, running.url, LogReader(running.log), code)

    yield make
    for context in contexts:
        context.close()
    running.stop()
    running.store.database.close()


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

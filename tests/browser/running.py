"""A running app for tests that drive a real browser."""

import multiprocessing
import os
import signal
import socket
import sys
import time
import urllib.request
from pathlib import Path

from fercore.settings import ROOT, Settings
from fercore.store import Store, open_store
from fercore.ui.shell.preload import FIRST_NEEDED, LATER_NEEDED

# A server that forks from a process with all imports is there seconds earlier than one that begins with Python.
PREPARED = multiprocessing.get_context("forkserver")
PREPARED.set_forkserver_preload(["streamlit.web.bootstrap", "streamlit.web.cli", *FIRST_NEEDED, *LATER_NEEDED])


def serve(port: int, environment: dict[str, str], log: Path) -> None:
    """Become `streamlit run app.py`."""
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(written, sys.stdout.fileno())
    os.dup2(written, sys.stderr.fileno())
    sys.argv = ["streamlit", "run", "app.py", "--server.port", str(port)]
    from streamlit.web.cli import main

    main()


class App:
    """One running app on an installation of its own."""

    def __init__(self, folder: Path) -> None:
        self.store: Store = open_store(Settings(data_dir=folder / "data", models_dir=folder / "models", user="tester"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.process: multiprocessing.process.BaseProcess | None = None
        self.log = folder / "streamlit.log"

    def start(self) -> None:
        """Start the server and wait until it answers; no page has been asked for yet."""
        environment = {**os.environ, **self.store.settings.environment()}
        self.process = PREPARED.Process(target=serve, args=(self.port, environment, self.log))
        self.process.start()
        answering(self)

    def stop(self) -> None:
        """End the server at once, as a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process = None

    def signal(self, number: signal.Signals) -> None:
        """Send the server a signal."""
        assert self.process is not None and self.process.pid is not None
        os.kill(self.process.pid, number)


def answering(app: App) -> None:
    """Wait until the server answers."""
    for _ in range(1200):
        try:
            with urllib.request.urlopen(f"{app.url}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the app does not answer:\n{app.log.read_text()}")


def at_rest(page) -> None:
    """Wait until no script of the page runs: what a click meets in the middle of a run may be drawn anew under it."""
    page.wait_for_timeout(120)  # in which a run that was asked for begins
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
        " && !document.querySelector('[data-testid=stAppSkeleton]')"
    )


def visit(page, address: str) -> None:
    """Open a page and wait until it is at rest."""
    page.goto(address)
    page.locator("h1").first.wait_for()
    at_rest(page)


def choose(page, label: str, *options: str) -> None:
    """Choose options of a select box.

    A rerun that ends after the click, as on a loaded machine, closes the list: then it is opened once more.
    """
    from playwright.sync_api import TimeoutError as NotThere

    at_rest(page)
    for option in options:
        entry = page.get_by_role("option", name=option, exact=True)
        for _ in range(10):
            if not entry.is_visible():
                page.get_by_role("combobox", name=label, exact=True).first.click()
            try:
                entry.click(timeout=6_000)
                break
            except NotThere:
                continue
        else:
            raise AssertionError(f"{label} offers no {option!r}")

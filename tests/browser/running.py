"""A running app for tests that drive a real browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from fercore.settings import ROOT, Settings
from fercore.store import Store, open_store


class App:
    """One running app on an installation of its own."""

    def __init__(self, folder: Path) -> None:
        self.store: Store = open_store(Settings(data_dir=folder / "data", models_dir=folder / "models", user="tester"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.log = folder / "streamlit.log"

    def start(self) -> None:
        """Start the server and wait until it answers; no page has been asked for yet."""
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)]
        environment = {**os.environ, **self.store.settings.environment()}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        for _ in range(240):
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1):
                    return
            except OSError:
                time.sleep(0.25)
        raise RuntimeError(f"the app does not answer:\n{self.log.read_text()}")

    def stop(self) -> None:
        """End the server at once, as a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def choose(page, label: str, *options: str) -> None:
    """Choose options of a select box.

    A rerun that ends after the click, as on a loaded machine, closes the list: then it is opened once more.
    """
    from playwright.sync_api import TimeoutError as NotThere

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

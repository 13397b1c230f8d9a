"""The app as its command starts it: the other journeys fork theirs from a process that has imported everything."""

import os
import subprocess
import sys

import pytest

from fercore.settings import ROOT
from tests.browser.running import App, answering

pytestmark = pytest.mark.browser


def test_the_command_starts_the_app(tmp_path, page):
    app = App(tmp_path)
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(app.port)]
    environment = {**os.environ, **app.store.settings.environment()}
    with app.log.open("ab") as log, subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log) as own:
        try:
            answering(app)
            page.goto(f"{app.url}/datasets")
            page.get_by_role("heading", name="Datasets", exact=True).wait_for()
        finally:
            own.kill()
    app.store.database.close()

"""The queue as people work with it, on the command line and on the page."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fercore.cli import cli
from fercore.errors import InputError
from fercore.jobs import queue
from fercore.services.datasets import imports
from fercore.services.datasets.imports import ImportRequest
from fercore.services.system import queue as queue_service
from fercore.settings import ROOT
from fercore.store.jobs import queue as job_queue
from fercore.store.tables import Job
from fercore.ui.shell import session
from tests.pages.conftest import shown


@pytest.fixture
def waiting(lite, monkeypatch):
    """Three jobs that nobody starts; returns their numbers."""
    monkeypatch.setattr(queue, "advance", lambda *_: None)
    return [queue.submit(lite, imports.KIND, ImportRequest("fer2013", Path("x"), name, title=name)) for name in "abc"]


def run(capsys, *arguments):
    cli.main([*arguments, "--json"], standalone_mode=False)
    return json.loads(capsys.readouterr().out)


def listed(capsys):
    return [(job["title"][-1], job["status"]) for job in run(capsys, "jobs")]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        pytest.param(["move", 3, "first"], "cab", id="first"),
        pytest.param(["move", 3, "up"], "acb", id="up"),
        pytest.param(["move", 1, "down"], "bac", id="down"),
    ],
)
def test_the_command_line_orders_the_queue(waiting, capsys, command, expected):
    run(capsys, "jobs", command[0], str(waiting[command[1] - 1]), command[2])
    assert "".join(name for name, _ in listed(capsys)) == expected


def test_the_command_line_holds_releases_and_cancels(waiting, capsys):
    assert run(capsys, "jobs", "hold", str(waiting[1]))["status"] == "held"
    assert listed(capsys) == [("a", "queued"), ("b", "held"), ("c", "queued")]
    assert run(capsys, "jobs", "release", str(waiting[1]))["status"] == "queued"
    assert run(capsys, "jobs", "cancel", str(waiting[1]))["status"] == "cancelled"
    assert listed(capsys) == [("a", "queued"), ("c", "queued")]


@pytest.mark.parametrize("action", ["move", "hold", "release", "cancel"])
def test_an_ended_job_has_no_place_in_the_queue(lite, waiting, action):
    job_queue.end(lite.database, waiting[0], "done")
    with pytest.raises(InputError, match=f"Job {waiting[0]} is done"):
        getattr(queue_service, action)(lite, waiting[0], *["up"] * (action == "move"))


@pytest.fixture
def home(waiting):
    """The home page with the three jobs."""
    session.store.clear()
    yield AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    session.store().database.close()
    session.store.clear()


def order(store):
    return [(job.title[-1], job.status) for job in queue_service.listed(store)]


def test_the_page_orders_and_holds(lite, home, waiting):
    a, b, c = waiting
    home.button(key=f"first-{c}").click().run()
    home.button(key=f"down-{a}").click().run()
    home.button(key=f"hold-{a}").click().run()
    assert not home.exception
    assert order(lite) == [("c", "queued"), ("b", "queued"), ("a", "held")]
    home.button(key=f"hold-{a}").click().run()
    home.button(key=f"cancel-{b}").click().run()
    assert not home.exception
    assert order(lite) == [("c", "queued"), ("a", "queued")]


def test_the_page_shows_the_first_of_a_long_queue(lite, home, waiting):
    with lite.database.writing() as opened:
        for _ in range(10):
            job_queue.submit(opened, Job(kind="train", title="t", lane="device", arguments={}, submitted_by="tester"))
    home.run()
    assert not home.exception
    assert any("3 more wait" in caption.value for caption in home.caption)


def test_the_page_puts_ended_jobs_away_and_one_that_is_continued(lite, home, waiting):
    for number in waiting:
        job_queue.end(lite.database, number, "failed", error="No faces here.")
    home.run()
    a, b, c = waiting
    assert [shown(warning.value) for warning in home.warning] == ["No faces here."] * 3
    home.button(key=f"away-{b}").click().run()
    home.button(key=f"again-{c}").click().run()
    assert not home.exception
    assert [shown(warning.value) for warning in home.warning] == ["No faces here."]
    assert home.button(key=f"away-{a}") and order(lite) == [("c", "queued")]
    with lite.database.reading() as opened:
        assert [job.id for job in job_queue.ended(opened)] == [a]


def test_a_job_that_is_not_over_cannot_be_put_away(lite, waiting):
    with pytest.raises(InputError, match=f"Job {waiting[0]} is queued: cancel it first"):
        queue_service.dismiss(lite, waiting[0])

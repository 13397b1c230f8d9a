"""The panel of jobs: its rows and buttons by status and kind."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from fercore.clock import now
from fercore.statuses import ACTIVE
from fercore.store.jobs import queue as job_queue
from fercore.store.tables import Job
from tests.pages.conftest import shown


@pytest.fixture
def add(lite):
    """Puts jobs into the queue, each later than the one before."""
    begun = now()

    def added(kind="import", status="queued", **more):
        with lite.database.writing() as session:
            plain = {"kind": kind, "title": f"{kind} *{status}*", "lane": "disk", "arguments": {}}
            job = job_queue.submit(session, Job(submitted_by="tester", **plain))
            job.status, job.created_at = status, begun + timedelta(seconds=job.id)
            if status not in ACTIVE:
                job.ended_at = begun + timedelta(seconds=job.id)
            elif status == "running":
                job.heartbeat_at = begun + timedelta(hours=1)
            for name, value in more.items():
                setattr(job, name, value)
            return job.id

    return added


def finished(kinds, count):
    from fercore.ui.shell import session
    from fercore.ui.widgets import job_panel

    session.choose_language()
    job_panel.finished(kinds, count)


def panel(kinds, ended):
    from fercore.ui.shell import session
    from fercore.ui.widgets import job_panel

    session.choose_language()
    job_panel.panel(kinds, ended)


def drawn(part, *given):
    app = AppTest.from_function(part, args=given, default_timeout=60).run()
    assert not app.exception, app.exception
    return app


def buttons(app):
    """The keys of all buttons with what stands on them, those without a word with their sign's help."""
    return {button.key: button.label or button.help for button in app.button}


def lines(app):
    return [shown(element.value) for element in app.markdown]


@pytest.mark.parametrize(
    ("kind", "status", "again"),
    [
        *[(kind, status, True) for kind in ("import", "extract", "demo") for status in ("failed", "cancelled", "lost")],
        ("import", "done", False),
        ("extract", "done", False),
        ("demo", "done", False),
        *[("train", status, False) for status in ("done", "failed", "cancelled", "lost", "paused")],
        ("export", "failed", False),
        ("evaluate", "lost", False),
    ],
)
def test_what_an_ended_job_offers(add, kind, status, again):
    number = add(kind, status)
    app = drawn(panel, (), 3)
    title = "Demo on generated faces" if kind == "demo" else f"{kind} *{status}*"
    offered = {f"away-{number}": "Dismiss"} | ({f"again-{number}": "Continue"} if again else {})
    assert buttons(app) == offered
    assert lines(app)[0].endswith(f"{title} · {status}")


@pytest.mark.parametrize(
    ("status", "turn", "state"), [("queued", "Hold", "waiting"), ("held", "Release", "held")], ids=["waiting", "held"]
)
def test_what_a_waiting_job_offers(add, status, turn, state):
    number = add(status=status)
    app = drawn(panel, (), 3)
    assert buttons(app) == {
        f"first-{number}": "First",
        f"up-{number}": "Earlier",
        f"down-{number}": "Later",
        f"hold-{number}": turn,
        f"cancel-{number}": "Cancel",
    }
    assert [line.endswith(f" import *{status}* · {state}") for line in lines(app)] == [True]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "waits for job 1: import *running*"), ("ko", "작업 1을 기다리는 중: import *running*")],
)
def test_a_waiting_job_says_its_reason(add, language, words):
    add(status="running"), add("audit", arguments={"datasets": []})
    app = AppTest.from_function(panel, args=(("audit",), 0), default_timeout=60)
    app.session_state["language"] = language
    assert [line.partition(" · ")[2] for line in lines(app.run())] == [words]


@pytest.mark.parametrize(
    ("pressed", "order"),
    [("first-3", [3, 1, 2]), ("up-3", [1, 3, 2]), ("down-1", [2, 1, 3]), ("cancel-2", [1, 3]), ("first-1", [1, 2, 3])],
)
def test_a_waiting_job_is_moved(lite, add, pressed, order):
    for _ in range(3):
        add()
    drawn(panel, (), 0).button(key=pressed).click().run()
    with lite.database.reading() as session:
        assert [job.id for job in job_queue.active(session)] == order


@pytest.mark.parametrize(("status", "then"), [("queued", "held"), ("held", "queued")])
def test_a_job_is_held_and_released(lite, add, status, then):
    number = add(status=status)
    drawn(panel, (), 0).button(key=f"hold-{number}").click().run()
    with lite.database.reading() as session:
        assert job_queue.get(session, number).status == then


def test_a_continued_job_waits_in_place_of_the_ended_one(lite, add):
    number = add("extract", "failed", arguments={"path": "/x/photos.zip", "dataset": "*D*"})
    drawn(panel, (), 3).button(key=f"again-{number}").click().run()
    with lite.database.reading() as session:
        [job] = job_queue.active(session)
        assert (job.kind, job.title) == ("extract", "Extract faces from photos.zip")
        assert (job.arguments["path"], job.arguments["dataset"]) == ("/x/photos.zip", "*D*")
        assert job_queue.ended(session) == []


def test_a_request_of_another_version_stays_where_it_is(lite, add):
    number = add("extract", "failed", arguments={"path": "photos.zip", "beauty": 7})
    app = drawn(panel, (), 3).button(key=f"again-{number}").click().run()
    assert [shown(element.value) for element in app.warning] == [
        "A job of kind 'extract' does not accept dataset: Field required"
    ]
    with lite.database.reading() as session:
        assert job_queue.active(session) == [] and [job.id for job in job_queue.ended(session)] == [number]


def test_an_ended_job_is_put_away(lite, add):
    first, second = add(status="done"), add(status="failed")
    app = drawn(panel, (), 3)
    app.button(key=f"away-{first}").click().run()
    assert list(buttons(app)) == [f"again-{second}", f"away-{second}"]


@pytest.mark.parametrize(
    ("wanted", "label", "disabled"), [(False, "Cancel", False), (True, "Stopping…", True)], ids=["runs", "stops"]
)
def test_what_a_running_job_offers(add, wanted, label, disabled):
    number = add(status="running", cancel_requested=wanted)
    [button] = drawn(panel, (), 3).button
    assert (button.key, button.label, button.disabled) == (f"cancel-{number}", label, disabled)


@pytest.mark.parametrize(("done", "total", "share"), [(0, 0, 0), (1, 4, 25), (4, 4, 100), (5, 4, 100), (3, 0, 0)])
def test_how_far_a_running_job_is(add, done, total, share):
    add(status="running", done=done, total=total, message="Reading *a.zip*")
    [bar] = drawn(panel, (), 3).get("progress")
    assert bar.proto.value == share
    assert shown(bar.proto.text) == "import *running* · Reading *a.zip*"


@pytest.mark.parametrize(("waiting", "rows", "message"), [(10, 10, []), (11, 10, ["1 more waits behind them."])])
def test_no_more_waiting_jobs_are_drawn_than_can_be_read(add, waiting, rows, message):
    for _ in range(waiting):
        add()
    app = drawn(panel, (), 3)
    assert len(lines(app)) == rows and [element.value for element in app.caption] == message


@pytest.mark.parametrize(
    ("kinds", "ended", "expected"),
    [
        pytest.param((), 3, [4, 1, 3, 2], id="all, the latest first"),
        pytest.param(("import",), 3, [1, 2], id="one kind"),
        pytest.param(("export", "extract"), 3, [4, 3], id="two kinds"),
        pytest.param((), 1, [4, 1, 3], id="one that has ended"),
        pytest.param((), 0, [4, 1], id="none that has ended"),
    ],
)
def test_which_jobs_are_shown(add, kinds, ended, expected):
    add("import", "queued", position=9), add("import", "done"), add("export", "done")
    add("extract", "running")
    result = [key.partition("-") for key in buttons(drawn(panel, kinds, ended))]
    assert list(dict.fromkeys(int(number) for _, _, number in result)) == expected


@pytest.mark.parametrize(
    ("statuses", "label"),
    [
        pytest.param(["done"], "Finished jobs", id="done"),
        pytest.param(["done", "cancelled", "paused"], "Finished jobs", id="none failed"),
        pytest.param(["failed", "done"], "Finished jobs · 1 failed", id="failed"),
        pytest.param(["failed", "lost"], "Finished jobs · 2 failed", id="failed and lost"),
    ],
)
def test_finished_jobs_are_folded_away(add, statuses, label):
    for status in statuses:
        add(status=status)
    app = drawn(finished, (), 10)
    assert [element.label for element in app.expander] == [label] and len(lines(app)) == len(statuses)


@pytest.mark.parametrize(
    ("kinds", "count", "expected"),
    [
        pytest.param((), 10, [4, 3, 2], id="all kinds"),
        pytest.param((), 2, [4, 3], id="the latest two"),
        pytest.param(("import",), 10, [4, 2], id="one kind"),
        pytest.param(("demo",), 10, [], id="a kind of which none has ended"),
    ],
)
def test_which_finished_jobs_are_shown(add, kinds, count, expected):
    add("import", "queued"), add("import", "done"), add("export", "done"), add("import", "done")
    app = drawn(finished, kinds, count)
    assert list(buttons(app)) == [f"away-{number}" for number in expected]
    assert len(app.expander) == bool(expected)


def test_an_error_stands_below_its_job(add):
    add(status="failed", error="No *room* on the disk.")
    assert [shown(item.value) for item in drawn(panel, (), 3).warning] == ["No *room* on the disk."]


def test_what_was_not_used_stands_below_its_job(add):
    result = {"added": 2, "skipped": [{"where": "r1", "why": "bad"}], "more": {"skipped": 2, "changed": 1}}
    add(status="done", result=result)
    app = drawn(panel, (), 3)
    assert shown(app.caption[0].value) == "2 faces added, 3 rows skipped."
    assert [element.label for element in app.expander] == [
        "3 not used",
        "1 imported again: changed since it was first read",
    ]

"""Tables of numbers, as pages and as files, and the panel of jobs."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pandas as pd
import pytest

from fercore.emotions import EMOTIONS
from fercore.services.system.queue import JobView
from fercore.ui.widgets import job_panel, tables


def view(**more):
    """A job as pages see it."""
    plain = {"id": 1, "kind": "import", "title": "", "lane": "disk", "status": "queued", "arguments": {}, "result": {}}
    plain |= {"gpus": 0, "devices": None, "engine": "local", "done": 0, "total": 0, "message": "", "error": None}
    return JobView(**plain | {"cancel_requested": False} | more)


def dataset(name, unlabelled=0, rejected=0, unsure=0, **splits):
    counts = {split: dict.fromkeys(EMOTIONS, 0) for split in ("train", "validation", "test")}
    for split, (emotion, count) in splits.items():
        counts[split][emotion] = count
    return SimpleNamespace(
        name=name,
        counts=counts,
        unlabelled_in={"train": unlabelled},
        rejected_in={"validation": rejected},
        unsure_in={"test": unsure},
        disputed_in={},
    )


def test_a_row_for_each_split_with_faces():
    assert "Not sure" not in tables.counts_frame([dataset("D", 4, train=("Happy", 3))])
    result = tables.counts_frame([dataset("D", 4, 2, 6, train=("Happy", 3), test=("Sad", 1)), dataset("E")])
    assert result[
        ["Dataset", "Split", "Happy", "Sad", "Unlabelled", "Rejected", "Not sure", "Faces"]
    ].values.tolist() == [
        ["D", "train", 3, 0, 4, 0, 0, 7],
        ["D", "validation", 0, 0, 0, 2, 0, 2],
        ["D", "test", 0, 1, 0, 0, 6, 7],
    ]


def test_moments_are_shown_in_this_machines_time_and_shares_in_percent(stage):
    drawn = stage()
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    tables.show(pd.DataFrame({"When": [moment, None], "Share": [0.5, None], "n": [1, 2]}), ["Share"])
    [(given, named)] = drawn.of("dataframe")
    assert given[0]["When"][0] == moment.astimezone().replace(tzinfo=None) and pd.isna(given[0]["When"][1])
    assert set(named["column_config"]) == {"When", "Share"}
    assert named["column_config"]["Share"]["type_config"]["format"] == "percent"


@pytest.mark.parametrize(("index", "content"), [(False, "b\n기쁨\n"), (True, "a,b\n1,기쁨\n")])
def test_a_table_as_a_file(stage, index, content):
    drawn = stage()
    tables.download(pd.DataFrame({"b": ["기쁨"]}, index=pd.Index([1], name="a")), "t.csv", "As CSV", index)
    [(given, _)] = drawn.of("download_button")
    assert given[0] == "As CSV" and given[2:] == ("t.csv", "text/csv") and given[1]() == content.encode("utf-8-sig")


@pytest.mark.parametrize(
    ("done", "total", "stopping", "share", "label"),
    [
        (0, 0, False, 0.0, "Cancel"),
        (1, 4, False, 0.25, "Cancel"),
        (4, 4, True, 1.0, "Stopping…"),
        (5, 4, False, 1.0, "Cancel"),
    ],
)
def test_a_running_job(stage, done, total, stopping, share, label):
    drawn = stage()
    message = {"title": "Import *D*", "done": done, "total": total, "message": "faces", "devices": "0"}
    job = view(id=7, cancel_requested=stopping, **message)
    job_panel._running(job)
    assert [given for given, _ in drawn.of("progress")] == [(share, r"Import \*D\* · GPU 0 · faces")]
    [(given, named)] = drawn.of("button")
    assert (given, named["disabled"], named["args"]) == ((label,), stopping, (job_panel.queue.cancel, 7))


@pytest.mark.parametrize(
    ("result", "unused", "changed", "file"),
    [
        ({}, ([], 0), ([], 0), ""),
        (
            {
                **{"skipped": [{"where": "a", "why": "b"}], "without_face": ["c"], "changed": ["d"]},
                **{"more": {"skipped": 3, "changed": 2}, "problems": "p.csv"},
            },
            ([{"where": "a", "why": "b"}, {"where": "c", "why": "no face found"}], 5),
            ([{"where": "d", "why": "changed since it was read first"}], 3),
            "p.csv",
        ),
    ],
)
def test_problems_of_a_job(monkeypatch, result, unused, changed, file):
    message = {}
    for kind in ("unused", "changed", "download"):
        monkeypatch.setattr(job_panel.import_problems, kind, lambda *given, kind=kind: message.setdefault(kind, given))
    job_panel._problems(view(id=7, result=result))
    assert message == {"unused": unused, "changed": changed, "download": (file, "job-7")}


@pytest.mark.parametrize(
    ("more", "warned", "captions"),
    [
        pytest.param({"error": "a *b*"}, [r"a \*b\*"], [], id="an error"),
        pytest.param({"result": {"added": 1}}, [], [r"1 face added\, 0 rows skipped\."], id="a result"),
        pytest.param({"kind": "train", "result": {"run": 1}}, [], [], id="a result without words"),
        pytest.param({}, [], [], id="nothing"),
    ],
)
def test_the_result_of_an_ended_job(stage, monkeypatch, more, warned, captions):
    drawn, shown = stage(), []
    monkeypatch.setattr(job_panel, "_problems", shown.append)
    job = view(**{"id": 7, "title": "T", "status": "done", "kind": "import"} | more)
    job_panel._ended(job)
    assert drawn.said("warning") == warned and drawn.said("caption") == captions
    assert shown == ([job] if "result" in more else [])


WAITING = [view(id=n, title=f"t{n}", status="queued", lane="device") for n in range(12)]


@pytest.mark.parametrize(
    ("active", "was_active", "again", "obstacle", "warned", "drawn_jobs", "caption"),
    [
        pytest.param([], False, 0, "away", [], [], [], id="nothing"),
        pytest.param([], True, 1, None, [], [], [], id="the last has ended"),
        pytest.param(WAITING[:1], False, 1, None, [], [("w", 0)], [], id="the first has begun"),
        pytest.param(
            [view(id=1, status="held")], False, 0, "away", [], [("w", 1)], [], id="only held ones"
        ),
        pytest.param(WAITING[:2], True, 0, "a*", [r"a\*"], [("w", 0), ("w", 1)], [], id="the engine is away"),
        pytest.param(
            [view(id=9, status="running", lane="device"), view(id=8, status="queued")],
            True, 0, "away", [], [("r", 9), ("w", 8)], [], id="one runs, one waits for the disk",
        ),
        pytest.param(
            WAITING[:11], True, 0, None, [], [("w", n) for n in range(10)], ["1 more waits behind them."], id="many"
        ),
        pytest.param(
            WAITING, True, 0, None, [], [("w", n) for n in range(10)], ["2 more wait behind them."], id="more"
        ),
    ],
)  # fmt: skip
def test_the_panel_of_jobs(stage, monkeypatch, active, was_active, again, obstacle, warned, drawn_jobs, caption):
    drawn, shown = stage(), []
    monkeypatch.setattr(job_panel, "store", lambda: None)
    monkeypatch.setattr(job_panel.queue, "obstacle", lambda store: obstacle)
    monkeypatch.setattr(job_panel.queue, "unfinished", lambda store, kinds: active)
    monkeypatch.setattr(job_panel.queue, "ended", lambda store, kinds, count: [view(id=99, status="done")] * count)
    monkeypatch.setattr(job_panel, "_running", lambda job: shown.append(("r", job.id)))
    monkeypatch.setattr(job_panel, "_waiting", lambda job: shown.append(("w", job.id)))
    monkeypatch.setattr(job_panel, "_ended", lambda job: shown.append(("e", job.id)))
    job_panel._panel((), 1, was_active)
    assert shown == [*drawn_jobs, ("e", 99)] and len(drawn.of("rerun")) == again
    assert drawn.said("warning") == warned and drawn.said("caption") == caption

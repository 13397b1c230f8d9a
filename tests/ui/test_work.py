"""Lines about jobs, problems, tasks, runs and models."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pandas as pd
import pytest

from fercore.services.comparison.best_run import BestRun
from fercore.services.datasets.import_problems import LISTED
from fercore.services.plain import plain
from fercore.services.review.my_work import Work
from fercore.services.review.task_summary import TaskSummary
from fercore.services.system import queue
from fercore.store.tables import Epoch, Job, Run, Snapshot, Task
from fercore.ui.datasets import import_problems
from fercore.ui.review import face_filters, my_work
from fercore.ui.training import recipe_form, run_facts
from fercore.ui.widgets import face_wall, job_panel, run_choice
from tests.services.comparison.test_table import evaluated


@pytest.mark.parametrize(
    ("engine", "devices", "message"),
    [
        ("local", None, ""),
        ("local", "0", "GPU 0"),
        ("local", "0,1", "GPU 0,1"),
        ("ray", "0", "on the cluster"),
        ("local", "cpu", ""),
    ],
)
def test_where_a_job_runs(engine, devices, message):
    [job] = queue._views([Job(kind="train", title="t", arguments={}, engine=engine, devices=devices)])
    assert job_panel._place(job) == message


@pytest.mark.parametrize(
    ("entries", "total"), [([], 0), ([{"where": "a"}], 1), ([{"where": "a"}, {"more": 4}], 5), ([{"more": "2"}], 2)]
)
def test_how_many_problems(entries, total):
    assert import_problems._total(entries) == total


@pytest.mark.parametrize(("count", "total", "answers"), [(2, 2, []), (2, 3, ["These are the first 2."])])
def test_a_list_of_problems_says_when_it_is_not_all(tables, count, total, answers):
    import_problems._table(
        [*({"where": f"f{n}", "why": "blurred"} for n in range(count)), {"more": total - count}], total
    )
    assert tables[0].values.tolist() == [[f"f{n}", "blurred"] for n in range(count)]
    assert tables[1:] == answers


def test_no_more_problems_are_listed_than_kept(tables):
    import_problems._table([{"where": "f", "why": "blurred"}] * (LISTED + 1), LISTED + 1)
    assert len(tables[0]) == LISTED and len(tables) == 2


YESTERDAY, TOMORROW = date.today() - timedelta(days=2), date.today() + timedelta(days=2)


@pytest.mark.parametrize(
    ("deadline", "decided", "left", "quota", "message"),
    [
        pytest.param(None, 1, 3, None, "1 of 4 decisions", id="no deadline"),
        pytest.param(None, 1, 3, 2, "1 of 2 decisions", id="a quota"),
        pytest.param(None, 1, 3, 9, "1 of 4 decisions", id="a quota beyond what is left"),
        pytest.param(TOMORROW, 1, 3, None, f"1 of 4 decisions · due {TOMORROW}", id="in time"),
        pytest.param(YESTERDAY, 1, 3, None, f"1 of 4 decisions · overdue since {YESTERDAY}", id="overdue"),
        pytest.param(YESTERDAY, 4, 0, None, f"4 of 4 decisions · due {YESTERDAY}", id="done in time"),
    ],
)
def test_a_line_of_my_work(deadline, decided, left, quota, message):
    task = plain(TaskSummary, Task(name="t*", deadline=deadline, quota=quota))
    assert my_work._words(Work(task, "D 2", decided, left)) == rf"**t\*** · D 2 · {message}"


def run_view(number, seconds=None, reported=None, **more):
    run = Run(
        **{"id": number, "backbone": "VGG16", "recipe": {"name": "modern"}, "epochs": 4, "seed": 3, "weights": "none"},
        **{"tags": ["a", "b"], "note": "n", "created_at": datetime(2026, 1, 1, tzinfo=UTC)},
    )
    plain = {
        "status": "done",
        "snapshot": Snapshot(name="S 2", datasets=["D", "D 2"]),
        "epochs": [1, 2],
        "cloned_from": 1,
    }
    return SimpleNamespace(run=run, reported=reported, seconds=seconds, **(plain | more))


def test_a_row_of_the_table_of_runs():
    epoch = Epoch(number=2, accuracy=0.9, val_accuracy=0.4)
    result = run_facts.table([run_view(2, 3723.6, epoch), run_view(3, cloned_from=None)])
    first, second = (row for _, row in result.iterrows())
    assert first["Run"] == 2 and first["Snapshot"] == "S 2" and first["Trained on"] == "D + D 2"
    assert (first["Held-out accuracy"], first["Training accuracy"]) == (0.4, 0.9)
    assert (first["Epochs"], first["Duration"], first["Tags"], first["Note"]) == ("2/4", "1:02:04", "a, b", "n")
    assert (first["Seed"], first["Start from"], first["Cloned from"]) == (3, "none", 1)
    assert pd.isna(second["Duration"]) and pd.isna(second["Held-out accuracy"]) and pd.isna(second["Cloned from"])


@pytest.mark.parametrize(
    ("best", "expected"),
    [
        pytest.param(None, [(3, ""), (2, ""), (1, "")], id="none is the best"),
        pytest.param(1, [(1, " · best: 75.0% on KFE validation"), (3, ""), (2, "")], id="the oldest"),
        pytest.param(3, [(3, " · best: 75.0% on KFE validation"), (2, ""), (1, "")], id="the newest"),
        pytest.param(9, [(3, ""), (2, ""), (1, "")], id="one that is not offered"),
    ],
)
def test_models_are_offered_the_best_first(monkeypatch, best, expected):
    result = BestRun(evaluated(best, 0.75, dataset="KFE", split="validation"), 2, 0) if best else None
    monkeypatch.setattr(run_choice, "store", lambda: None)
    monkeypatch.setattr(run_choice.best_run, "best", lambda store: result)
    names = run_choice.names([run_view(number) for number in (1, 3, 2)])
    assert list(names.items()) == [(number, f"Run {number} · VGG16 · D + D 2{message}") for number, message in expected]


@pytest.mark.parametrize(
    ("written", "read"),
    [("", None), ("–", None), ("-", None), (" 7 ", 7), ("-7", -7), ("0.5", 0.5), ("1e-5", 1e-5), ("auto", "auto")],
)
def test_a_knob_is_read_as_it_was_typed(written, read):
    result = recipe_form._read(written)
    assert result == read and type(result) is type(read)


@pytest.mark.parametrize(
    ("state", "query"),
    [
        ("all", {"task": "0", "dataset": "D 2"}),
        ("rejected", {"task": "0", "dataset": "D 2", "state": "rejected"}),
        ("doubtful", {"task": "0", "dataset": "D 2", "state": "maybe no face"}),
    ],
)
def test_an_address_of_review(state, query):
    assert face_filters.address("D 2", state) == query


def test_a_tile_is_a_picture_with_its_caption():
    tile = face_wall._tile(bytes(48 * 48), "90%", ' data-face-id="7"')
    assert tile.startswith('<figure data-testid="wall-face" data-face-id="7"><img alt="" src="data:image/png;base64,')
    assert tile.endswith("<figcaption>90%</figcaption></figure>")

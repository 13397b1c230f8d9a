"""Stores of earlier versions open as before: what they hold is kept, row by row."""

import numpy as np
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, inspect, text

from fercore.evaluation.labels import labels_hash
from fercore.services.comparison import foreign_models, selections, stored_evaluations
from fercore.services.comparison.selected_faces import Reason
from fercore.services.review import adjudication
from fercore.services.training import run_details
from fercore.settings import Settings
from fercore.store import open_store
from fercore.store.database import HEAD, MIGRATIONS
from fercore.store.datasets import datasets
from fercore.store.tables import Task

MOMENT = "2026-01-02 03:04:05.000000"


def at_revision(url, revision):
    """A database as an earlier version left it."""
    engine = create_engine(url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return engine


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    (tmp_path / "data").mkdir()
    return (
        f"sqlite:///{tmp_path}/data/fercore.db"
        if request.param == "sqlite"
        else request.getfixturevalue("postgres")(empty=True)
    )


ROWS = (
    "INSERT INTO datasets (id, name, source, rule, created_at) VALUES (1, 'D', 'folder', 'latest', '{at}')",
    "INSERT INTO imports (id, dataset_id, source, path, started_at, added, skipped) "
    "VALUES (1, 1, 'folder', 'p', '{at}', 2, '[]')",
    "INSERT INTO faces (id, dataset_id, import_id, identity, split, source_word, pixel_hash, emotion, state) "
    "VALUES (1, 1, 1, 'a', 'test', '', 'aa', 3, 'undecided'), (2, 1, 1, 'b', 'test', '', 'bb', 5, 'undecided')",
    "INSERT INTO snapshots (id, name, hash, only_reviewed, datasets, faces, counts, created_at) "
    "VALUES (1, 's', 'h', false, '[\"D\"]', 2, '{{\"train\": {{}}}}', '{at}')",
    "INSERT INTO runs (id, snapshot_id, backbone, recipe, weights, seed, epochs, status, created_at) "
    "VALUES (1, 1, 'VGG16', '{{\"name\": \"modern\"}}', 'none', 0, 2, 'done', '{at}')",
    "INSERT INTO evaluations (id, run_id, dataset_id, split, n, accuracy, confusion, created_at) "
    "VALUES (7, 1, 1, 'test', 2, 0.5, '[]', '{at}')",
)


def test_evaluations_of_an_earlier_version_keep_their_predictions_and_know_their_labels(url, tmp_path):
    engine = at_revision(url, "0012")
    probabilities = np.array([0.1] * 7, "<f4").tobytes()
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row.format(at=MOMENT).replace(":", "\\:")))
        add = text(
            "INSERT INTO predictions (evaluation_id, face_id, label, predicted, probabilities) "
            "VALUES (7, 1, 3, 3, :said), (7, 2, 3, 3, :said)"
        )
        connection.execute(add, {"said": probabilities})
    engine.dispose()
    store = open_store(Settings(data_dir=tmp_path / "data", models_dir=tmp_path / "models", database_url=url))
    [result] = stored_evaluations.listed(store)
    assert (result.id, result.n, result.accuracy, result.recounts) == (7, 2, 0.5, None)
    assert result.labels_hash == labels_hash([("aa", 3), ("bb", 3)])
    assert stored_evaluations.scored(store, 7).face_ids == [1, 2]
    assert stored_evaluations.stale(store, [result]) == {7}, "the second face has another label since"
    with store.database.reading() as session:
        if store.database.is_sqlite:
            assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    store.database.close()


def test_votes_of_an_earlier_version_that_differ_are_disputed(url, tmp_path):
    engine = at_revision(url, "0014")
    votes = ((1, "Kim", "confirmed", "3"), (1, "Lee", "relabelled", "5"), (2, "Kim", "unsure", "NULL"))
    votes += ((3, "Kim", "rejected", "NULL"), (3, "Lee", "rejected", "NULL"))
    votes += ((4, "Kim", "confirmed", "3"), (4, "Lee", "relabelled", "5"))
    face = (
        "INSERT INTO faces (id, dataset_id, import_id, identity, split, source_word, pixel_hash, emotion, state) "
        "VALUES ({n}, 1, 1, '{n}', 'test', '', '{n}', 3, 'confirmed')"
    )
    with engine.begin() as connection:
        for row in [*ROWS[:2], *(face.format(n=n) for n in (1, 2, 3, 4))]:
            connection.execute(text(row.format(at=MOMENT).replace(":", "\\:")))
        for n, (face_id, who, kind, emotion) in enumerate(votes):
            connection.execute(
                text(
                    "INSERT INTO votes (face_id, reviewer, sequence, kind, emotion) "
                    f"VALUES ({face_id}, '{who}', {n}, '{kind}', {emotion})"
                )
            )
        connection.execute(text("INSERT INTO rulings (face_id, sequence, kind, emotion) VALUES (4, 9, 'confirmed', 3)"))
    engine.dispose()
    store = open_store(Settings(data_dir=tmp_path / "data", models_dir=tmp_path / "models", database_url=url))
    assert adjudication.disputed(store) == {"D": 2}
    with store.database.reading() as session:
        assert list(session.scalars(text("SELECT id FROM faces WHERE disputed ORDER BY id"))) == [1, 2]
    store.database.close()


def test_a_dataset_renamed_in_an_earlier_version_is_known_by_its_first_name(url, tmp_path):
    engine = at_revision(url, "0016")
    with engine.begin() as connection:
        connection.execute(text(ROWS[0].format(at=MOMENT).replace(":", "\\:")))
        connection.execute(text("UPDATE datasets SET known_as = 'First'"))
    engine.dispose()
    store = open_store(Settings(data_dir=tmp_path / "data", models_dir=tmp_path / "models", database_url=url))
    with store.database.reading() as session:
        assert datasets.formerly(session, "First") == ["D"] and datasets.formerly(session, "D") == []
    store.database.close()


def test_crops_of_an_earlier_version_are_kept_and_faces_may_replace_none(url, tmp_path):
    engine = at_revision(url, "0016")
    with engine.begin() as connection:
        for row in ROWS[:3]:
            connection.execute(text(row.format(at=MOMENT).replace(":", "\\:")))
        connection.execute(text("INSERT INTO recuts (face_id, replaces, action, withdrawn) VALUES (2, 1, 'a', true)"))
    engine.dispose()
    store = open_store(Settings(data_dir=tmp_path / "data", models_dir=tmp_path / "models", database_url=url))
    with store.database.writing() as session:
        rows = session.execute(text("SELECT face_id, replaces, action, withdrawn FROM recuts")).all()
        assert [(face, replaces, action, bool(gone)) for face, replaces, action, gone in rows] == [(2, 1, "a", True)]
        session.execute(text("INSERT INTO recuts (face_id, replaces, action) VALUES (1, NULL, 'b')"))
        session.execute(text("DELETE FROM faces WHERE id = 2"))
        assert session.execute(text("SELECT face_id, withdrawn FROM recuts")).all() == [(1, 0)]
    indexes = {index["name"] for index in inspect(store.database.engine).get_indexes("recuts")}
    assert {"ix_recuts_replaces", "ix_recuts_action"} <= indexes
    store.database.close()


def test_runs_of_an_earlier_version_were_trained_here(url, tmp_path):
    engine = at_revision(url, "0022")
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row.format(at=MOMENT).replace(":", "\\:")))
        connection.execute(
            text(
                "INSERT INTO epochs (run_id, number, loss, accuracy, learning_rate, seconds) VALUES (1, 1, 1, 1, 1, 1)"
            )
        )
    engine.dispose()
    store = open_store(Settings(data_dir=tmp_path / "data", models_dir=tmp_path / "models", database_url=url))
    [view] = stored_evaluations.listed(store)
    assert (view.trained_on, view.is_foreign, view.imported) == (("D",), False, None)
    assert len(run_details.view(store, 1).epochs) == 1 and foreign_models.listed(store) == []
    with store.database.reading() as session:
        if store.database.is_sqlite:
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    store.database.close()


def test_tasks_and_evaluations_of_an_earlier_version_were_chosen_by_no_run(url, tmp_path):
    engine = at_revision(url, "0022")
    task = (
        "INSERT INTO tasks (id, dataset_id, name, instructions, people, plan, blind, ready, created_by, created_at) "
        "VALUES (5, 1, 't', '', '[]', '{{}}', true, true, 'Kim', '{at}')"
    )
    with engine.begin() as connection:
        for row in [*ROWS, task]:
            connection.execute(text(row.format(at=MOMENT).replace(":", "\\:")))
    engine.dispose()
    store = open_store(Settings(data_dir=tmp_path / "data", models_dir=tmp_path / "models", database_url=url))
    [result] = stored_evaluations.listed(store)
    assert result.selected_by == () and selections.of_cell(store, result, 3, 5) == []
    with store.database.writing() as session:
        assert not session.get_one(Task, 5).anew
        session.execute(
            text(
                "INSERT INTO selections (id, task_id, dataset_id, split, run_id, evaluation_id, label, predicted, "
                "filter, seed, created_by, created_at) "
                "VALUES (1, 5, 1, 'test', 1, 7, 3, 5, '{}', 0, 'Kim', '2026-01-02')"
            )
        )
        session.execute(text("INSERT INTO selection_faces VALUES (1, 1, 3, false)"))
        session.execute(text("DELETE FROM tasks WHERE id = 5"))
        assert session.execute(text("SELECT task_id FROM selections")).all() == [(None,)]
    store.database.close()


def test_selections_of_an_earlier_version_are_of_cells_and_keep_their_faces(url, tmp_path):
    engine = at_revision(url, "0027")
    with engine.begin() as connection:
        for row in [
            *ROWS,
            "INSERT INTO selections (id, task_id, dataset_id, split, run_id, evaluation_id, label, "
            "predicted, filter, seed, created_by, created_at) "
            "VALUES (1, NULL, 1, 'test', 1, 7, 3, 5, '{{}}', 0, 'Kim', '{at}')",
            "INSERT INTO selection_faces VALUES (1, 1, 3, false), (1, 2, 3, true)",
        ]:
            connection.execute(text(row.format(at=MOMENT).replace(":", "\\:")))
    engine.dispose()
    store = open_store(Settings(data_dir=tmp_path / "data", models_dir=tmp_path / "models", database_url=url))
    [result] = stored_evaluations.listed(store)
    [look] = selections.of_cell(store, result, 3, 5)
    assert (look.reason, look.runs, look.evaluation) == (Reason.CELL, (1,), 7)
    assert (look.selected.faces, look.control.faces) == (1, 1)
    assert selections.of_reason(store, 1, "test", Reason.SUREST, [1]) == []
    with store.database.reading() as session:
        if store.database.is_sqlite:
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        names = {index["name"] for index in inspect(session.connection()).get_indexes("selections")}
    assert names == {"ix_selections_place", "ix_selections_task_id"}
    store.database.close()


def test_no_migration_stands_behind_the_head():
    """A store stays as it is at `HEAD`: a migration behind it would never be applied."""
    assert max(path.name for path in MIGRATIONS.glob("versions/*.py"))[: len(HEAD)] == HEAD

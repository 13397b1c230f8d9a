"""AI Hub, CK+ and JAFFE as whole imports: nothing twice, nothing lost, whatever happens in between."""

import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select

from fercore.drawing.photos import portrait_photo
from fercore.emotions import EMOTIONS
from fercore.errors import BadRowsError, InputError
from fercore.services.datasets import catalogue, exports, imports
from fercore.services.datasets.imports import ImportRequest
from fercore.services.datasets.shard import parse_shard
from fercore.settings import ROOT
from fercore.store import open_store
from fercore.store.tables import Face, Import, Photo
from tests.sources.generated.aihub import aihub_tree
from tests.sources.generated.classic import ckplus_release, jaffe_tree


def content(store):
    """What the store holds of all faces, but for their numbers."""
    columns = (Face.identity, Face.pixel_hash, Face.split, Face.emotion, Face.subject, Face.gender, Face.age)
    with store.database.reading() as session:
        return sorted(tuple(row) for row in session.execute(select(*columns, Face.detector)))


def take(store, source, path, name="D", **options):
    return imports.import_source(store, ImportRequest(source, path, name, **options))


@pytest.mark.parametrize("zipped", [False, True, "half"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "euc-kr"])
def test_aihub_keeps_all_that_is_known_of_a_face(lite, tmp_path, encoding, zipped):
    tree = aihub_tree(tmp_path, encoding, zipped)
    with pytest.raises(BadRowsError):
        take(lite, "aihub", tree.root)
    assert catalogue.summaries(lite) == []
    report = take(lite, "aihub", tree.root, skip_bad=True)
    assert report.photos == len(tree.photos) and not report.unreadable
    assert len(report.skipped) == tree.bad_records + len(tree.bad_files)
    assert any(tree.without_picture[0] in notice["where"] for notice in report.notices)
    assert report.words_version == 1
    with lite.database.reading() as session:
        rows = session.execute(select(Face, Photo.name).join(Photo, Photo.id == Face.photo_id)).all()
    assert len(rows) == report.faces == report.added
    for face, name in rows:
        case = tree.photos[name]
        assert face.subject == case.subject and face.age == case.age and face.professional == case.professional
        assert tuple(face.annotators or ()) == case.annotators
        assert face.source_word == case.folder
        assert face.emotion == (None if case.emotion is None else EMOTIONS.index(case.emotion))
    people = {}
    for face, _ in rows:
        assert people.setdefault(face.subject, face.split) == face.split
    agreed = {name for name, case in tree.photos.items() if len(case.boxes) >= 2}
    assert {name for face, name in rows if face.detector == "annotators"} >= agreed
    assert take(lite, "aihub", tree.root, skip_bad=True).added == 0


def test_aihub_s_words_can_be_mapped_anew(lite, tmp_path):
    tree = aihub_tree(tmp_path, hostile=False)
    own = lite.settings.data_dir / "aihub_words.toml"
    words = dict.fromkeys(("기쁨", "당황", "분노", "불안", "상처", "슬픔", "중립"), "Neutral")
    own.write_text("version = 7\n[words]\n" + "\n".join(f'"{word}" = "{name}"' for word, name in words.items()))
    report = take(lite, "aihub", tree.root)
    assert report.words_version == 7
    assert {row[3] for row in content(lite)} == {None, EMOTIONS.index("Neutral")}
    own.write_text("version = 8\n[words]\n기쁨 = 1")
    with pytest.raises(InputError):
        take(lite, "aihub", tree.root, "E")


def test_shards_together_are_the_whole(store, tmp_path):
    tree = aihub_tree(tmp_path, hostile=False)
    parts = [take(store, "aihub", tree.root, shard=parse_shard(f"{number}/3")) for number in (2, 3, 1)]
    sharded = content(store)
    with store.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Import)) == sum(bool(part.photos) for part in parts)
    catalogue.remove(store, "D")
    whole = take(store, "aihub", tree.root)
    assert sum(part.photos for part in parts) == whole.photos
    assert content(store) == sharded


def test_shards_may_run_at_once(store, tmp_path):
    """As on several machines: each with a store of its own on the same database."""
    tree = aihub_tree(tmp_path, hostile=False)
    others = [open_store(store.settings) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        wanted = [parse_shard(f"{number}/3") for number in (1, 2, 3)]
        parts = list(pool.map(lambda other, shard: take(other, "aihub", tree.root, shard=shard), others, wanted))
    for other in others:
        other.database.close()
    assert sum(part.added for part in parts) == len(content(store)) == len(tree.photos)


def test_a_changed_picture_is_reported(lite, tmp_path):
    tree = aihub_tree(tmp_path, hostile=False)
    take(lite, "aihub", tree.root)
    first, second = sorted(tree.root.rglob("*.jpg"))[:2]
    first.touch()
    second.write_bytes(tree.photos[min(tree.photos)].picture + b"\0")
    assert take(lite, "aihub", tree.root).changed == [second.name]


def test_ckplus_and_jaffe(lite, tmp_path):
    released = take(lite, "ckplus", ckplus_release(tmp_path / "ck"), "CK+")
    assert released.photos and released.without_face == [] and released.faces == released.photos
    assert set(released.counts["train"].values()) != {0} and not any(released.counts["test"].values())
    jaffe = take(lite, "jaffe", jaffe_tree(tmp_path / "jaffe"), "JAFFE")
    assert jaffe.faces == jaffe.photos and sum(jaffe.counts["test"].values()) == jaffe.faces
    split = take(lite, "jaffe", jaffe_tree(tmp_path / "again"), "by person", split="subject")
    assert sum(sum(counts.values()) > 0 for counts in split.counts.values()) >= 2


def album(folder):
    """Forty drawn portraits, and the command that extracts them."""
    for number in range(40):
        portrait_photo([("west", number % 7)], number, (320, 240)).save(folder / f"{number:02}.jpg")
    return ["extract", str(folder)]


def table(folder):
    """A CSV of 5,000 rows, and the command that imports it."""
    pixels = np.random.default_rng(0).integers(0, 256, (5000, 2304))
    rows = [f"{n % 7},{' '.join(map(str, row))},Training" for n, row in enumerate(pixels)]
    path = folder / "fer2013.csv"
    path.write_text("emotion,pixels,Usage\n" + "\n".join(rows) + "\n")
    return ["import", "fer2013", str(path)]


LIVES = 6


@pytest.mark.slow
@pytest.mark.parametrize(
    ("made", "seed", "least"),
    [
        (album, 0, 20),
        pytest.param(album, 1, 20, marks=pytest.mark.long),
        pytest.param(table, 4, 5000, marks=pytest.mark.long),
        pytest.param(table, 3, 5000, marks=pytest.mark.long),
    ],
)
def test_killed_at_any_moment_and_started_again_is_as_if_undisturbed(lite, tmp_path, seed, made, least):
    """A process is killed at random moments until one comes to its end; none of its processes stays behind."""
    folder = tmp_path / "source"
    folder.mkdir()
    command = [sys.executable, "-m", "fercore", *made(folder), "--dataset", "D", "--json"]
    environment = {**os.environ, **lite.settings.environment()}
    chance = random.Random(seed)
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    for attempt in range(LIVES):
        process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, **pipes)
        try:
            _, errors = process.communicate(timeout=None if attempt == LIVES - 1 else chance.uniform(0.5, 2.0))
            assert process.returncode == 0, errors
            break
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
    assert attempt > 0, "it was killed"
    disturbed = content(lite)
    deadline = time.monotonic() + 20
    while _processes_of(process.pid) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not _processes_of(process.pid)
    catalogue.remove(lite, "D")
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    assert disturbed == content(lite) and len(disturbed) >= least


def _processes_of(session):
    result = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            result.append(stat.parent.name)
    return result


def test_shards_of_a_parquet_may_run_at_once(store, tmp_path):
    """Faces of one photo fall into different shards, and both note the photo."""
    tree = aihub_tree(tmp_path, hostile=False)
    take(store, "aihub", tree.root)
    exports.export(store, exports.ExportRequest("dataset", "D", "parquet", tmp_path / "out"))
    expected = len(content(store))
    catalogue.remove(store, "D")
    with ThreadPoolExecutor(2) as pool:
        shards = [parse_shard("1/2"), parse_shard("2/2")]
        list(pool.map(lambda shard: take(store, "parquet", tmp_path / "out", shard=shard), shards))
    assert len(content(store)) == expected

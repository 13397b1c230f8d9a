"""AI Hub's download as it should not be: other forms, broken zips, mutated labels; and half a million names."""

import random
import tracemalloc

import pytest

from fercore.errors import Fault, UnreadableSourceError
from fercore.faces import archives, contents
from fercore.faces.trees import TreeFile
from fercore.sources import aihub
from fercore.sources.aihub_pictures import Pictures
from fercore.sources.record import PhotoRecord
from tests.sources.generated import aihub_tree
from tests.sources.generated.aihub import CASES
from tests.sources.generated.writing import write_files
from tests.sources.test_aihub import read


def lone_json(root):
    return next(root.rglob("*(기쁨).json"))


def lone_picture(root):
    return next(root.rglob("*.jpg"))


def only(suffix):
    def stripped(root):
        for path in root.rglob("*"):
            if path.is_file() and path.suffix not in suffix:
                path.unlink()
        return root

    return stripped


def cut(root):
    for path in root.rglob("*.zip"):
        path.write_bytes(path.read_bytes()[:-40])
    return root


@pytest.mark.parametrize(
    ("change", "zipped", "sentence"),
    [
        pytest.param(lambda root: root / "gone", False, "'.*gone' does not exist", id="nothing there"),
        pytest.param(lone_json, False, "contains no picture. Give the folder", id="one JSON file"),
        pytest.param(lone_picture, False, "contains no JSON file. Give the folder", id="one picture"),
        pytest.param(only({".json"}), False, "'aihub' contains no picture", id="labels only"),
        pytest.param(only({".jpg"}), False, "'aihub' contains no JSON file", id="pictures only"),
        pytest.param(only({}), False, "no JSON file and no picture", id="empty folders"),
        pytest.param(cut, True, r"no JSON file and no picture .*is not a readable zip file", id="cut zips"),
    ],
)
def test_other_forms_are_refused_in_one_sentence(tmp_path, change, zipped, sentence):
    with pytest.raises(UnreadableSourceError, match=sentence):
        list(aihub.read(change(aihub_tree(tmp_path, zipped=zipped).root)))


def test_records_that_match_no_picture_at_all(tmp_path):
    root = write_files(tmp_path / "x", {"a.json": b'[{"filename": "b.jpg"}]', "c.jpg": b"x"})
    with pytest.raises(UnreadableSourceError, match=r"'x' can be used: .*JSON files: 1, records: 1, pictures: 1\)"):
        list(aihub.read(root))


def test_a_broken_zip_is_one_fault_and_the_rest_is_read(tmp_path):
    made = aihub_tree(tmp_path, zipped=True, hostile=False)
    (broken,) = made.root.rglob("*원천*분노*.zip")
    broken.write_bytes(b"no zip")
    write_files(made.root, {"rest.zip.part0": b"PK"})
    photos, (piece, fault) = read(made.root, Fault)
    assert len(photos) == len(CASES) - 1
    assert "분노_TRAIN_01.zip" in fault.where
    assert str(piece) == "rest.zip.part0: This is a piece of a zip. Join the pieces to the whole zip first."


def test_few_zips_are_open_at_a_time_and_none_after(tmp_path, monkeypatch):
    opened, alive, most = set(), set(), 0

    class Counted(contents.zipfile.ZipFile):
        def __init__(self, path):
            super().__init__(path)
            opened.add(path)
            alive.add(id(self))

        def close(self):
            alive.discard(id(self))
            super().close()

    made = aihub_tree(tmp_path, zipped=True, hostile=False)
    monkeypatch.setattr(contents.zipfile, "ZipFile", Counted)
    for item in aihub.read(made.root):
        if isinstance(item, PhotoRecord):
            assert item.file.read()
            most = max(most, len(alive))
    assert 0 < most <= archives.OPEN_AT_ONCE < len(opened)
    assert not alive


def test_names_of_half_a_million_pictures_fit_into_memory():
    """Measured with a tenth of them."""
    folder = type("Place", (), {"name": "Training/[원천]EMOIMG_기쁨_TRAIN_01"})()
    tracemalloc.start()
    pictures = Pictures()
    for number in range(50_000):
        name = CASES[0].name.removesuffix(".jpg").replace("기쁨", f"기쁨{number}")
        pictures.add(TreeFile(folder, name, ".jpg"))
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert pictures.total == 50_000
    assert size < 30 * 2**20


def test_progress_counts_pictures(tmp_path):
    seen = []
    list(aihub.read(aihub_tree(tmp_path).root, on_progress=lambda *step: seen.append(step)))
    total = len(CASES) + 1
    assert seen == [*((done, total) for done in range(1, len(CASES) + 1)), (total, total)]


def mutated(data, rng):
    """JSON bytes with something cut out, doubled, or overwritten by what hurts parsers."""
    start = rng.randrange(len(data))
    end = min(len(data), start + rng.choice([1, 2, 7, 80, 900]))
    hurtful = [b"", b"[" * 2000, b"NaN", b"1e999", b"9" * 5000, b'"\\ud800"', b"\0", b"\xff\xfe", b"null", b"{}", b"-1"]
    return data[:start] + rng.choice([*hurtful, data[start:end] * 2]) + data[end:]


def test_mutated_labels_never_break_the_reader(tmp_path):
    rng = random.Random(0)
    made = aihub_tree(tmp_path, hostile=False)
    path = next(made.root.rglob("*(불안).json"))
    pristine, outcomes = path.read_bytes(), set()
    for _ in range(200):
        path.write_bytes(mutated(mutated(pristine, rng), rng))
        photos, others = read(made.root)
        assert len(photos) >= len(CASES) - 1, "the other files are read"
        assert all(len(f"{other}") < 1000 and "\n" not in str(other) and str(other).isprintable() for other in others)
        outcomes |= {type(other) for other in others if path.name in other.where}
    assert Fault in outcomes

"""What users hand over, as they have it: names, endings, links, archives, classes; read, or told in a sentence."""

import csv
import os
from pathlib import Path

import pytest

from fercore.errors import InputError, UnreadableSourceError
from fercore.services.datasets import extraction, imports
from fercore.services.datasets.extraction import ExtractRequest
from fercore.services.datasets.imports import ImportRequest
from fercore.services.review import recrop
from fercore.store.tables import Face
from tests.faces.pictures import encoded, zipped
from tests.pictures.drawn import picture
from tests.services.datasets.handed_over import WITHOUT_USAGE, imported, png, portrait, put, splits, tarred


class TestNameOfWhatIsHandedOver:
    @pytest.mark.parametrize("form", ["folder", "link", "zip", "tar.gz", "tar"])
    @pytest.mark.parametrize("source", ["folder", "fer2013"])
    @pytest.mark.parametrize(("name", "split"), [("test", "test"), ("2.Validation", "validation"), ("mine", "train")])
    def test_it_is_the_split(self, lite, tmp_path, source, form, name, split):
        files = {"happy/1.png": png(1), "sad/2.png": png(2)}
        path = put(tmp_path / ("store" if form == "link" else name), files)
        if form == "link":
            path = tmp_path / name
            path.symlink_to(tmp_path / "store")
        if form in ("zip", "tar.gz", "tar"):
            path = tmp_path / f"{name}.{form}"
            zipped(path, files) if form == "zip" else tarred(path, files, "w:gz" if form == "tar.gz" else "w")
        assert splits(imported(lite, source, path)) == {split: 2}

    def test_a_split_that_was_asked_for_counts_more(self, lite, tmp_path):
        assert splits(imported(lite, "folder", put(tmp_path / "test", {"sad/1.png": png()}), split="validation")) == {
            "validation": 1
        }

    @pytest.mark.parametrize("form", ["folder", "zip"])
    def test_it_is_the_emotion(self, lite, tmp_path, form):
        files = {"1.png": png(1), "2.png": png(2)}
        path = put(tmp_path / "happy", files) if form == "folder" else zipped(tmp_path / "happy.zip", files)
        report = imported(lite, "folder", path)
        assert report.counts["train"]["Happy"] == 2

    @pytest.mark.parametrize("form", ["folder", "zip", "one photo"])
    @pytest.mark.parametrize(("name", "labelled"), [("happy", 1), ("슬픔", 1), ("holiday", 0)])
    def test_it_is_the_folder_of_photos(self, lite, tmp_path, form, name, labelled):
        files = {"1.jpg": portrait()}
        path = zipped(tmp_path / f"{name}.zip", files) if form == "zip" else put(tmp_path / name, files)
        path = path / "1.jpg" if form == "one photo" else path
        report = extraction.extract(lite, ExtractRequest(path, "D", emotion_from="parent"))
        assert (report.faces, report.unlabelled) == (1, 1 - labelled)


FILES = {
    "happy/1.png": png(1),
    "happy/notes.txt": b"x",
    "happy/a.db": b"x",
    "happy/clip.mp4": b"\0\0\0\x18ftypmp42",
}


class TestLeftOut:
    @pytest.mark.parametrize("form", ["folder", "zip", "tar.gz"])
    @pytest.mark.parametrize("source", ["folder", "fer2013", "ckplus", "photos"])
    def test_one_notice_counts_files_by_ending_and_links(self, lite, tmp_path, source, form):
        path = put(tmp_path / "in", FILES)
        if form == "folder":
            (path / "happy" / "out.png").symlink_to(tmp_path / "elsewhere.png")
        elif form == "zip":
            path = zipped(tmp_path / "in.zip", FILES)
        else:
            path = tarred(tmp_path / "in.tar.gz", FILES)
        if source == "photos":
            report = extraction.extract(lite, ExtractRequest(path, "D"))
        else:
            report = imported(lite, source, path)
        [notice] = report.notices
        assert "Left out: 3 files by ending" in notice["why"] and ".txt 1" in notice["why"]
        assert ("1 by link" in notice["why"]) is (form == "folder")
        assert "happy/notes.txt" in notice["files"]
        with Path(report.problems).open(encoding="utf-8-sig", newline="") as file:
            assert {"happy/notes.txt", "happy/a.db", "happy/clip.mp4"} <= {line[0] for line in csv.reader(file)}

    @pytest.mark.parametrize(
        "name", ["a.jfif", "a.JPE", "a.jpg_large", "f.jpg?v=2", "h.jpg ", "without", "a.dat", "a.mpo"]
    )
    def test_a_picture_is_known_by_its_content(self, lite, tmp_path, name):
        report = imported(lite, "folder", put(tmp_path / "in", {f"happy/{name}": portrait()}))
        assert (report.added, report.notices) == (1, [])
        assert extraction.extract(lite, ExtractRequest(tmp_path / "in" / "happy" / name, "P")).faces == 1

    @pytest.mark.parametrize("form", ["PPM", "AVIF", "WEBP"])
    def test_under_another_format_s_name(self, lite, tmp_path, form):
        data = encoded(picture((320, 240), 1)[0], form)
        assert extraction.extract(lite, ExtractRequest(put(tmp_path / "in", {"a.jpg": data}), "P")).faces == 1

    def test_nothing_but_links_says_so(self, lite, tmp_path):
        put(tmp_path / "store", {"1.png": png()})
        (tmp_path / "in" / "happy").mkdir(parents=True)
        (tmp_path / "in" / "happy" / "1.png").symlink_to(tmp_path / "store" / "1.png")
        with pytest.raises(UnreadableSourceError, match=r"links to other folders, which are not followed \(1\)"):
            imported(lite, "folder", tmp_path / "in")
        with pytest.raises(UnreadableSourceError, match=r"contains no \.parquet file but links"):
            imported(lite, "parquet", tmp_path / "in")


class TestNamesThatAreNoText:
    RAW = "한글 사진".encode("cp949")

    def raw(self, root, folder="happy"):
        place = os.fsencode(root / folder) + b"/" + self.RAW + b".jpg"
        (root / folder).mkdir(parents=True)
        Path(os.fsdecode(place)).write_bytes(portrait())
        return root

    @pytest.mark.parametrize("above", [b"", RAW])
    def test_photos_are_stored_and_opened_again(self, store, tmp_path, above):
        root = self.raw(Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + above)) / "in")
        report = extraction.extract(store, ExtractRequest(root, "D"))
        assert (report.faces, report.unreadable) == (1, [])
        with store.database.reading() as session:
            [face] = session.query(Face).all()
        assert face.identity.startswith("happy/한글 사진.jpg#")
        assert "picture" in recrop.photo(store, face.id)
        assert extraction.extract(store, ExtractRequest(root, "D")).added == 0

    @pytest.mark.parametrize("source", ["folder", "ckplus"])
    def test_readers_take_them(self, lite, tmp_path, source):
        assert imported(lite, source, self.raw(tmp_path / "in")).added == 1

    def test_jaffe_and_a_source_whose_own_name_is_none(self, lite, tmp_path):
        root = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + self.RAW))
        put(root, {"KA.HA1.29.tiff": encoded(picture((256, 256), 1)[0], "TIFF")})
        assert imported(lite, "jaffe", root).faces == 1


class TestClasses:
    @pytest.mark.parametrize("word", ["contempt", "Contempt", "경멸", "unknown", "NF"])
    @pytest.mark.parametrize("source", ["folder", "fer2013", "ckplus"])
    def test_a_class_beside_the_seven_is_left_out_and_counted(self, lite, tmp_path, source, word):
        root = put(tmp_path / "in", {"happy/1.png": png(1), f"{word}/2.png": png(2), f"{word}/3.png": png(3)})
        report = imported(lite, source, root)
        assert report.added == 1
        assert f"not one of the seven emotions: '{word}' (2 faces)" in report.notices[0]["why"]

    def test_another_word_is_named_with_its_place_and_may_be_skipped(self, lite, tmp_path):
        root = put(tmp_path / "in", {"train/happy/1.png": png(1), "train/bored/2.png": png(2)})
        with pytest.raises(InputError, match=r"'in/train/bored': 'bored' is not a known emotion\. Rename it"):
            imported(lite, "folder", root)
        report = imported(lite, "folder", root, skip_bad=True)
        assert (report.added, report.skipped[0]["where"]) == (1, "train/bored")


class TestTables:
    @pytest.mark.parametrize(
        ("name", "split", "expected"), [("train.csv", None, "train"), ("x.csv", "validation", "validation")]
    )
    def test_a_csv_without_usage_has_one_split(self, lite, tmp_path, name, split, expected):
        path = put(tmp_path, {name: WITHOUT_USAGE}) / name
        assert splits(imported(lite, "fer2013", path, split=split)) == {expected: 3}

    def test_without_any_split_it_says_what_to_do(self, lite, tmp_path):
        with pytest.raises(UnreadableSourceError, match=r"no column Usage.*Say one for all"):
            imported(lite, "fer2013", put(tmp_path, {"x.csv": WITHOUT_USAGE}) / "x.csv")


@pytest.mark.parametrize("source", ["folder", "ckplus", "jaffe"])
def test_names_that_act_on_a_terminal_are_shown_as_signs(lite, tmp_path, source):
    root = put(
        tmp_path / "in",
        {"happy/a\x1b[2J\nb.tiff": b"", "happy/KA.HA1.29.tiff": encoded(picture((99, 99), 0)[0], "TIFF")},
    )
    report = imported(lite, source, root, skip_bad=True)
    shown = [item["where"] for item in report.skipped]
    assert shown == [r"happy/a\x1b[2J\nb.tiff"]


@pytest.mark.parametrize("strange", ["zip", "plain"])
def test_one_object_in_place_of_an_array_is_the_reason_that_is_told(lite, tmp_path, strange):
    name = f"{'0' * 64}_여_20_기쁨_거실_1"
    files = {f"{name}.jpg": portrait(), f"{name}.json": b'{"filename": "x"}'}
    path = zipped(tmp_path / "a.zip", files) if strange == "zip" else put(tmp_path / "in", files)
    with pytest.raises(UnreadableSourceError, match=r"starts with '\{'; expected a JSON array"):
        imported(lite, "aihub", path)


def test_parquet_as_other_programs_write_it(lite, tmp_path):
    import pyarrow as pa
    from pyarrow import parquet

    pictures, words = [png(1), png(2)], ["happy", "sad"]
    forms = {
        "category": (pa.array(pictures), pa.array(words).dictionary_encode()),
        "views": (pa.array(pictures, pa.binary_view()), pa.array(words, pa.string_view())),
        "large": (pa.array(pictures, pa.large_binary()), pa.array(words, pa.large_string())),
    }
    for name, (images, labels) in forms.items():
        parquet.write_table(pa.table({"image": images, "label": labels}), tmp_path / f"{name}.parquet")
        report = imports.import_source(lite, ImportRequest("parquet", tmp_path / f"{name}.parquet", name))
        assert report.added == 2
    twice = pa.Table.from_arrays([pa.array(pictures), pa.array(words), pa.array(words)], ["image", "label", "label"])
    parquet.write_table(twice, tmp_path / "twice.parquet")
    with pytest.raises(UnreadableSourceError, match=r"has 2 columns 'label'\. Rename one"):
        imported(lite, "parquet", tmp_path / "twice.parquet")

"""CK+ in its three forms, packed and unpacked, whole and damaged."""

from collections import Counter

import pytest

from fercore.emotions import EMOTIONS
from fercore.errors import Fault, UnknownEmotionError, UnreadableSourceError
from fercore.faces.decoding import decode
from fercore.sources import ckplus
from fercore.sources.record import FaceRecord, Notice, Options, PhotoRecord
from fercore.sources.splits import by_rank
from tests.sources.generated import ckplus_csv, ckplus_folders, ckplus_release
from tests.sources.generated.classic import FOLDERS, SEQUENCES
from tests.sources.generated.writing import noise_picture, write_files, write_zip

PEOPLE = {person for person, *_ in SEQUENCES}


def read(path, **options):
    """The records, and what else was told, as text."""
    items = list(ckplus.read(path, Options(**options)))
    records = [item for item in items if isinstance(item, FaceRecord | PhotoRecord)]
    return records, [str(item) for item in items if isinstance(item, Fault | Notice)]


def named(records):
    return {(record.identity, EMOTIONS[record.emotion]) for record in records}


class TestFolders:
    @pytest.mark.parametrize("zipped", [False, True])
    @pytest.mark.parametrize("above", ["", "CK+48/", "data/train/"])
    def test_faces_of_six_emotions_and_contempt_is_counted(self, tmp_path, zipped, above):
        path = ckplus_folders(tmp_path, zipped, above)
        records, message = read(path)
        expected = {word: count for word, (_, count) in FOLDERS.items() if word != "contempt"}
        assert Counter(record.word for record in records) == expected
        assert {(record.word, record.about.subject) for record in records} == {
            (word, person) for word, (person, _) in FOLDERS.items() if word != "contempt"
        }
        assert {record.split for record in records} == {"train"}
        assert message == [f"{path.name}: Left out, not one of the seven emotions: 'contempt' (2 faces)."]
        assert {record.pixels.shape for record in records} == {(48, 48)}

    def test_a_neutral_folder_and_other_sizes_are_read(self, tmp_path):
        root = ckplus_folders(tmp_path)
        write_files(root, {"neutral/S010_004_00000001.png": noise_picture(1, (640, 490))})
        records, _ = read(root)
        (neutral,) = [record for record in records if record.word == "neutral"]
        assert (EMOTIONS[neutral.emotion], neutral.pixels.shape) == ("Neutral", (48, 48))

    @pytest.mark.parametrize(
        ("split", "splits"),
        [
            (None, {"train"}),
            ("source", {"validation"}),
            ("test", {"test"}),
            ("subject", set(by_rank({"S005", "S010", "S011"}, 0).values())),
        ],
    )
    def test_splits(self, tmp_path, split, splits):
        records, _ = read(ckplus_folders(tmp_path, above="ck/val/"), split=split)
        assert {record.split for record in records} == splits
        people = {(record.about.subject, record.split) for record in records}
        assert len(people) == 3, "each person is in one split"

    def test_a_name_without_person_is_no_trouble_unless_people_are_split(self, tmp_path):
        root = write_files(ckplus_folders(tmp_path), {"happy/12.png": noise_picture(1)})
        records, message = read(root)
        assert [record.about.subject for record in records].count(None) == len(message) == 1
        _, message = read(root, split="subject")
        assert (
            message[0] == "happy/12.png: The name contains no person such as 'S010', so it cannot be split by person."
        )

    def test_an_unknown_folder_is_refused_before_anything_is_yielded(self, tmp_path):
        root = write_files(ckplus_folders(tmp_path), {"zz/S010_1.png": noise_picture(1)})
        with pytest.raises(UnknownEmotionError, match="'zz' is not a known emotion"):
            next(ckplus.read(root))

    def test_broken_pictures_are_faults(self, tmp_path):
        root = write_files(ckplus_folders(tmp_path), {"happy/S011_9.png": noise_picture(1)[:99]})
        records, message = read(root)
        assert len(records) == 6
        assert message[0].startswith("happy/S011_9.png: The picture is broken")


class TestTable:
    def test_codes_become_the_projects_emotions_and_contempt_is_counted(self, tmp_path):
        records, message = read(ckplus_csv(tmp_path))
        names = ["Angry", "Disgust", "Fear", "Happy", "Sad", "Surprise", "Neutral"]
        assert [EMOTIONS[record.emotion] for record in records] == names
        assert {record.split for record in records} == {"train"}
        assert message == ["ckextended.csv: Left out, not one of the seven emotions: 'contempt' (2 faces)."]

    def test_usages_are_splits_where_that_is_asked(self, tmp_path):
        records, _ = read(ckplus_csv(tmp_path, codes=(0, 1, 2)), split="source")
        assert [record.split for record in records] == ["train", "validation", "test"]
        as_one, _ = read(tmp_path / "ckextended.csv", split="test")
        assert {record.split for record in as_one} == {"test"}
        assert [item.identity for item in as_one] == [record.identity for record in records]

    def test_in_a_folder_and_in_a_zip(self, tmp_path):
        path = ckplus_csv(tmp_path / ".")
        (tmp_path / "ck").mkdir()
        inner = ckplus_csv(tmp_path / "ck")
        zipped = write_zip(tmp_path / "a.zip", {"x/ckextended.csv": path.read_bytes()})
        assert [len(read(item)[0]) for item in (inner, inner.parent, zipped)] == [7, 7, 7]

    @pytest.mark.parametrize(
        ("picture", "count"),
        [
            pytest.param("preview.png", 7, id="beside it"),
            pytest.param("plots/accuracy.png", 7, id="in a folder of another name"),
            pytest.param("happy/S010_004_00000017.png", 1, id="in an emotion's folder: pictures count"),
            pytest.param("ck/train/기쁨/S010_004_00000017.png", 1, id="in an emotion's folder further down"),
        ],
    )
    @pytest.mark.parametrize("zipped", [False, True])
    def test_a_stray_picture_does_not_hide_it(self, tmp_path, picture, count, zipped):
        table = ckplus_csv(tmp_path / ".")
        files = {table.name: table.read_bytes(), picture: noise_picture(1)}
        path = write_zip(tmp_path / "a.zip", files) if zipped else write_files(tmp_path / "d", files)
        records, _ = read(path)
        assert len(records) == count

    def test_bad_rows_are_faults(self, tmp_path):
        path = ckplus_csv(tmp_path, codes=(3, 8))
        records, message = read(path)
        assert len(records) == 1
        assert message == ["line 3: unknown emotion '8', expected a CK+ code from 0 to 7"]

    def test_it_names_no_persons(self, tmp_path):
        with pytest.raises(UnreadableSourceError, match="names no persons, so it cannot be split by person"):
            read(ckplus_csv(tmp_path), split="subject")

    def test_another_header_is_refused(self, tmp_path):
        (tmp_path / "a.csv").write_text("a,b\n1,2\n")
        with pytest.raises(UnreadableSourceError, match=r"line 1: no column .* as in Kaggle's ckextended\.csv"):
            read(tmp_path / "a.csv")


PEAKS = {
    ("S005_001_00000003.png", "Disgust"),
    ("S010_004_00000005.png", "Angry"),
    ("S011_006_00000002.png", "Happy"),
}
FIRST = {(f"{person}_{sequence}_00000001.png", "Neutral") for person, sequence, *_ in SEQUENCES}
LABELLED = {(name, word) for name, word in FIRST if not name.startswith(("S010_001", "S138"))}
CONTEMPT = "Left out, not one of the seven emotions: 'contempt' (1 face)."
LABEL = "Emotion/S010/004/S010_004_00000005_emotion.txt"
FRAMES = "cohn-kanade-images/S010/004/S010_004_0000000"


class TestRelease:
    @pytest.mark.parametrize("packing", ["folders", "zips", "one zip"])
    @pytest.mark.parametrize(("neutral", "firsts"), [("all", FIRST), ("labelled", LABELLED), ("none", set())])
    def test_peaks_and_first_frames(self, tmp_path, packing, neutral, firsts):
        path = ckplus_release(tmp_path, packing)
        for item in ckplus.read(path, Options(neutral=neutral)):
            assert not isinstance(item, PhotoRecord) or decode(item.file.read()).size == (64, 49)
        records, message = read(path, neutral=neutral)
        assert len(records) == len(named(records))
        assert named(records) == PEAKS | firsts
        assert message == [f"{path.name}: {CONTEMPT}"]
        assert {(record.which, record.fallback, record.split) for record in records} == {("largest", "middle", "train")}
        assert all(record.identity.startswith(record.about.subject) for record in records)

    def test_unpacked_beside_its_zips_counts_once(self, tmp_path):
        ckplus_release(tmp_path, "zips")
        records, _ = read(ckplus_release(tmp_path))
        assert len(records) == len(PEAKS | FIRST)

    def test_people_are_split(self, tmp_path):
        records, _ = read(ckplus_release(tmp_path), split="subject", seed=2)
        assert {record.about.subject: record.split for record in records} == by_rank(PEOPLE, 2)
        assert {record.split for record in records} == {"train", "validation", "test"}

    @pytest.mark.parametrize(
        ("text", "emotion"),
        [(b"7", "Surprise"), (b"   6.0000000e+00\r\n", "Sad"), (b"\xef\xbb\xbf4.0", "Fear"), (b"0", "Neutral")],
    )
    def test_labels(self, tmp_path, text, emotion):
        records, _ = read(ckplus_release(tmp_path, changed={LABEL: text}), neutral="none")
        assert ("S010_004_00000005.png", emotion) in named(records)

    @pytest.mark.parametrize(
        "text", [b"8.0", b"-1", b"2.5", b"nan", b"inf", b"", b"anger", b"3 3", b"\xff\xfe", b"0x3", "３".encode() * 9]
    )
    def test_wrong_labels_are_faults(self, tmp_path, text):
        records, message = read(ckplus_release(tmp_path, changed={LABEL: text}))
        assert message[0].startswith(f"{LABEL}: The label is ")
        assert message[0].endswith("expected a code from 0 to 7 such as 3.0000000e+00.")
        assert named(records) == (PEAKS | FIRST) - {("S010_004_00000005.png", "Angry")}

    def test_an_endless_label_is_a_fault(self, tmp_path):
        _, errors = read(ckplus_release(tmp_path, changed={LABEL: b" " * 10**6}))
        assert errors[0].startswith(f"{LABEL}: ")

    @pytest.mark.parametrize(
        ("missing", "count", "message"),
        [
            pytest.param([5], 7, f"{LABEL}: The frame of this label is missing; the last one there is", id="peak"),
            pytest.param(
                [1], 8, f"{FRAMES}2.png: The frames before it are missing; it was taken as neutral", id="first"
            ),
            pytest.param([1, 2, 3, 4, 5], 6, "S010_004_00000005_emotion.txt: The frames of this label are", id="all"),
        ],
    )
    def test_missing_frames_are_told(self, tmp_path, missing, count, message):
        path = ckplus_release(tmp_path, changed={f"{FRAMES}{number}.png": None for number in missing})
        records, others = read(path)
        assert len(records) == count
        assert others[0].startswith(message)

    def test_a_sequence_of_one_frame_is_its_peak_alone(self, tmp_path):
        records, message = read(ckplus_release(tmp_path, sequences=[("S010", "004", 1, 3)]))
        assert (named(records), message) == ({("S010_004_00000001.png", "Disgust")}, [])

    def test_other_pictures_are_told(self, tmp_path):
        path = ckplus_release(tmp_path, changed={"cohn-kanade-images/x.png": b"x"})
        assert read(path)[1][0].startswith("cohn-kanade-images/x.png: Not a CK+")


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        pytest.param({"a.txt": b""}, r"'x' contains nothing of CK\+\. Expected pictures in folders", id="nothing"),
        pytest.param({"S010/004/S010_004_00000001.png": b""}, "no label such as .*Put Emotion_labels.zip", id="frames"),
        pytest.param({"e/S010_004_00000001_emotion.txt": b"1"}, "none with readable frames", id="labels"),
        pytest.param({"a.png": b""}, "lies in no emotion folder", id="no folder"),
        pytest.param({"contempt/S1.png": b""}, "contains no pictures", id="contempt only"),
        pytest.param({"a.csv": b"", "b.csv": b""}, "exactly one .csv file; it contains 2", id="two tables"),
        pytest.param({"bad.zip": b"x"}, r"nothing of CK\+ \(bad.zip: .*\)", id="a broken zip"),
    ],
)
def test_other_forms_are_refused_in_one_sentence(tmp_path, files, sentence):
    with pytest.raises(UnreadableSourceError, match=sentence):
        read(write_files(tmp_path / "x", files))


@pytest.mark.parametrize(
    ("make", "total"), [(ckplus_folders, 6), (ckplus_release, 5)], ids=["folders", "original release"]
)
def test_progress_ends_at_the_total(tmp_path, make, total):
    seen = []
    list(ckplus.read(make(tmp_path), on_progress=lambda *step: seen.append(step)))
    assert seen == [(done, total) for done in range(1, total + 1)]

"""Names under which Label Studio knows a picture, in the forms in which its exports give them."""

import json

import numpy as np
import pytest
from PIL import Image

from fercore.errors import BadRowsError
from fercore.services.datasets import imports
from fercore.services.datasets.imports import ImportRequest
from fercore.services.review import label_studio
from tests.services.review.test_label_studio import annotation, decisions, file_of, task

NAMES = ("plain.png", "my face (1).png", "a#1.png", "Capture décran.png", "한글 얼굴.png", "half 50%.png", "c+d.png")


@pytest.fixture
def faces(lite, tmp_path):
    """Faces of two emotions whose files have all kinds of names; `same.png` is there twice."""
    places = [f"happy/{name}" for name in (*NAMES, "same.png")] + ["angry/same.png"]
    for number, place in enumerate(places):
        file = tmp_path / "src" / "test" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.random.default_rng(number).integers(0, 256, (48, 48), np.uint8)).save(file)
    imports.import_source(lite, ImportRequest("folder", tmp_path / "src", "D"))
    return lite


def named(store, data, tmp_path, **more):
    """The path of the face that a task names."""
    label_studio.import_file(store, file_of(tmp_path, [{**task(1, data, annotation("Fear")), **more}]), "D")
    return identity_of(store, decisions(store)[-1][0])


def identity_of(store, face_id):
    from fercore.store.tables import Face

    with store.database.reading() as session:
        return session.get_one(Face, face_id).identity.rpartition("#")[0].removeprefix("test/happy/")


UPLOADED = {
    "my face (1).png": "my_face_1.png",
    "a#1.png": "a1.png",
    "Capture décran.png": "Capture_d%C3%A9cran.png",
    "한글 얼굴.png": "%ED%95%9C%EA%B8%80_%EC%96%BC%EA%B5%B4.png",
    "half 50%.png": "half_50.png",
    "c+d.png": "cd.png",
    "plain.png": "plain.png",
}


@pytest.mark.parametrize(("name", "expected"), list(UPLOADED.items()))
def test_an_upload_is_known_by_what_is_left_of_its_name(faces, tmp_path, name, expected):
    assert named(faces, {"image": f"/data/upload/7/74d9a33e-{expected}"}, tmp_path).endswith(name)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param({"image": "/data/local-files/?d=faces/test/happy/plain.png"}, "plain.png", id="local storage"),
        pytest.param({"image": "/data/local-files/?d=x%5Chappy%5Cplain.png"}, "plain.png", id="of Windows"),
        pytest.param({"image": "/data/local-files/?d=test/happy/half%2050%25.png"}, "half 50%.png", id="encoded"),
        pytest.param({"image": "/data/local-files/?d=test/angry/same.png"}, "test/angry/same.png", id="folder above"),
        pytest.param({"image": "https://b.s3.aws.com/happy/same.png?X-Sig=1"}, "same.png", id="a signed address"),
        pytest.param({"image": "https://x.org/f/a%231.png"}, "a#1.png", id="an encoded sign"),
        pytest.param({"image": "s3://bucket/f/a#1.png"}, "a#1.png", id="a sign as it is"),
        pytest.param({"image": "gs://bucket/test/happy/c+d.png"}, "c+d.png", id="a plus"),
        pytest.param({"image": "C:\\faces\\angry\\same.png"}, "test/angry/same.png", id="a path of Windows"),
        pytest.param({"image": "/mnt/x/happy/한글 얼굴.png"}, "한글 얼굴.png", id="a path"),
        pytest.param(
            {"image": "/data/upload/1/0a1b2c3d-000002.png"}, "Capture décran.png", id="the number that an export gives"
        ),
        pytest.param({"image": "test/happy/000002.png"}, "Capture décran.png", id="an export's place"),
    ],
)
def test_other_places_are_known_by_the_end_of_their_path(faces, tmp_path, data, expected):
    assert named(faces, data, tmp_path).endswith(expected)


def test_the_name_may_stand_in_file_upload_only(faces, tmp_path):
    assert named(faces, {"text": "x"}, tmp_path, file_upload="0a1b2c3d-Capture_décran.png") == "Capture décran.png"


def test_names_that_could_mean_several_faces_are_told_with_them(faces, tmp_path):
    file = file_of(tmp_path, [task(4, {"image": "/data/upload/1/0a1b2c3d-same.png"}, annotation("Fear"))])
    with pytest.raises(BadRowsError) as caught:
        label_studio.import_file(faces, file, "D")
    [fault] = caught.value.faults
    assert "'test/angry/same.png', 'test/happy/same.png'" in fault.why and decisions(faces) == []
    assert label_studio.import_file(faces, file, "D", skip_bad=True).skipped == [
        {"where": "task 4, annotation 1", "why": fault.why}
    ]


@pytest.mark.parametrize("which", ["angry", "happy"])
def test_faces_of_the_same_name_are_told_apart_by_content_where_it_is(faces, tmp_path, which):
    stored = tmp_path / "media" / "upload" / "1" / "0a1b2c3d-same.png"
    stored.parent.mkdir(parents=True)
    stored.write_bytes((tmp_path / "src" / "test" / which / "same.png").read_bytes())
    file = file_of(tmp_path, [task(4, {"image": "/data/upload/1/0a1b2c3d-same.png"}, annotation("Fear"))])
    assert label_studio.import_file(faces, file, "D", roots=[tmp_path / "media"]).added == 1
    assert identity_of(faces, decisions(faces)[0][0]).endswith(f"{which}/same.png" if which == "angry" else "same.png")


def test_no_path_of_a_task_leads_out_of_the_folder_of_files(faces, tmp_path):
    (tmp_path / "same.png").write_bytes((tmp_path / "src" / "test" / "angry" / "same.png").read_bytes())
    (tmp_path / "media").mkdir()
    file = file_of(tmp_path, [task(4, {"image": "/data/upload/../../../same.png"}, annotation("Fear"))])
    with pytest.raises(BadRowsError, match="several faces"):
        label_studio.import_file(faces, file, "D", roots=[tmp_path / "media"])


ROWS = [
    {"image": "/data/upload/1/74d9a33e-plain.png", "id": 1, "emotion": "Sad", "annotator": 1, "annotation_id": 9},
    {"image": "/data/upload/1/74d9a33e-plain.png", "id": 1, "emotion": "Happy", "annotator": 2, "annotation_id": 1},
    {"image": "/data/upload/1/bfe7c991-a1.png", "id": 3, "emotion": "not a face", "annotator": 1, "annotation_id": 3},
    {"image": "/data/upload/1/772fa725-cd.png", "id": 7, "emotion": "not sure", "annotator": 1, "annotation_id": 6},
]
MOMENT = "2026-11-29T15:34:08.72186{}Z"


def short(tmp_path, form):
    rows = [
        {**row, "created_at": MOMENT.format(n), "updated_at": MOMENT.format(n), "lead_time": None}
        for n, row in enumerate(ROWS)
    ]
    if form == "JSON_MIN":
        file = tmp_path / "project-min.json"
        file.write_text(json.dumps(rows))
        return file
    file = tmp_path / "project.csv"
    columns = sorted(rows[0])
    lines = [columns, *([row[name] if row[name] is not None else "" for name in columns] for row in rows)]
    file.write_text("\n".join(",".join(f'"{cell}"' for cell in line) for line in lines) + "\n")
    return file


def full(tmp_path):
    tasks = []
    for n, row in enumerate(ROWS):
        answers = annotation(row["emotion"], number=row["annotation_id"], by=row["annotator"], unique_id=f"u{n}")
        answers |= {"created_at": MOMENT.format(n), "updated_at": MOMENT.format(n), "import_id": None}
        tasks.append(task(row["id"], {"image": row["image"]}, answers))
    return file_of(tmp_path, tasks)


@pytest.mark.parametrize("form", ["JSON_MIN", "CSV"])
def test_the_short_forms_say_the_same_as_the_full_one(faces, tmp_path, form):
    assert label_studio.is_export(short(tmp_path, form))
    assert label_studio.import_file(faces, short(tmp_path, form), "D").added == 4
    message = decisions(faces)
    assert [item[1:] for item in message] == [
        ("Label Studio 1", "relabelled", 5, None),
        ("Label Studio 2", "confirmed", 3, None),
        ("Label Studio 1", "rejected", None, "not a face"),
        ("Label Studio 1", "unsure", None, None),
    ]
    again = label_studio.import_file(faces, full(tmp_path), "D")
    assert (again.added, again.known, decisions(faces)) == (0, 4, message)


def test_what_was_chosen_anew_since_the_last_import_is_a_new_decision(faces, tmp_path):
    data = {"image": "/data/upload/1/74d9a33e-plain.png"}
    first = annotation("Sad", unique_id="u")
    label_studio.import_file(faces, file_of(tmp_path, [task(1, data, first)]), "D")
    second = annotation("Fear", unique_id="u", updated_at="2026-03-02T09:30:00.000000Z")
    assert label_studio.import_file(faces, file_of(tmp_path, [task(1, data, second)]), "D").added == 1
    assert [decision[3] for decision in decisions(faces)] == [5, 2]
    assert label_studio.import_file(faces, file_of(tmp_path, [task(1, data, second)]), "D").added == 0

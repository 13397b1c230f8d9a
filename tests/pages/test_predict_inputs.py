"""Predict: ways in, several models side by side, and work that goes on in the background."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from PIL import Image

from fercore.clock import now
from fercore.drawing.photos import portrait_photo
from fercore.drawing.styles import Style
from fercore.errors import UnreadableSourceError
from fercore.faces import clips
from fercore.faces.clip_process import ClipFace, ClipFaces, ClipPicture
from fercore.faces.extraction import extractor
from fercore.faces.workers import extracted_here
from fercore.language import tr, use
from fercore.services import jobs
from fercore.services.prediction import batch, clip, intake
from fercore.store.jobs import queue as job_queue
from fercore.store.jobs import scheduler
from tests.cli.test_contents import exported as exported
from tests.conftest import noise
from tests.faces.pictures import encoded
from tests.pages.conftest import opened, press, shown_photos, texts
from tests.prediction.onnx_runs import add_run

PAGE = "demo/predict.py"
CLIP = b"\x1aE\xdf\xa3" + bytes(99)


@pytest.fixture(scope="module")
def photo():
    return encoded(portrait_photo([(Style.EAST, 3)], 1, (320, 240)))


@pytest.fixture
def two(exported):
    """Two runs with ONNX files."""
    add_run(exported, "S", "MobileNetV2")
    return exported


def give(app, *files):
    app.file_uploader(key="photos").set_value([(name, data, "") for name, data in files]).run()
    assert not app.exception, app.exception
    return app


def tables(app):
    return [item.proto.body for item in app.get("html") if 'data-testid="bars"' in item.proto.body]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_sample_for_who_has_no_photo_until_there_is_one(exported, photo, language):
    app = opened(PAGE, language)
    assert shown_photos(app) == []
    pictures = []
    for _ in range(2):
        app.button(key="sample").click().run()
        [shown] = shown_photos(app)
        pictures.append(shown["picture"])
    assert pictures[0] != pictures[1] and len(shown["faces"]) == 2
    give(app, ("mine.png", photo))
    [shown] = shown_photos(app)
    assert len(shown["faces"]) == 1 and app.button(key="sample").disabled


def test_a_choice_on_the_photo_changes_what_stands_beside_it(exported):
    app = opened(PAGE)
    app.button(key="sample").click().run()
    before = tables(app)
    app.session_state["photo-sample-1.jpg-face"] = 2
    app.run()
    assert shown_photos(app)[0]["chosen"] == 2 and len(tables(app)) == 1 == len(before)
    app.session_state["photo-sample-1.jpg-face"] = 99
    app.run()
    assert shown_photos(app)[0]["chosen"] == 2, "what does not exist is the last one"


def test_runs_side_by_side_and_their_mean(two, photo):
    app = opened(PAGE)
    assert len(tables(give(app, ("a.png", photo)))) == 1
    app.multiselect(key="beside").set_value([1]).run()
    first, beside = tables(app)
    assert "<thead>" not in first and beside.count('scope="col"') == 3
    assert "Run 2 · MobileNetV2" in beside and "Run 1 · VGG16" in beside and "Mean" in beside
    assert "Mean of 2 runs:" in texts(app) and "is said of Run 2 · MobileNetV2 alone" in texts(app)


def test_one_model_has_nobody_beside_it(exported):
    assert not opened(PAGE).multiselect


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_file_that_is_too_big_is_named(exported, photo, monkeypatch, language):
    monkeypatch.setattr(intake, "_bytes", lambda upload: 2**40 if "big" in upload.name else 1)
    app = give(opened(PAGE, language), ("**big**.webm", CLIP), ("a.png", photo))
    use(language)
    [warning] = app.warning
    assert r"\*\*big\*\*" in warning.value and len(shown_photos(app)) == 1
    assert not [button for button in app.button if button.key == "start-clip"]
    use("en")


def zipped(**files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.png", data)
    return file.getvalue()


def work(store):
    """Do the job that waits, in this process."""
    [number] = scheduler.claim_next(store.database)
    return jobs.work(store, number)


@pytest.fixture
def here(monkeypatch):
    found = lambda tasks, name, yunet, processes: extracted_here(tasks, extractor(name, yunet))  # noqa: E731
    monkeypatch.setattr(batch, "extracted", found)


WALL = encoded(Image.new("RGB", (90, 60), "gray"))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_zip_is_read_in_the_background(exported, photo, here, language):
    app = give(opened(PAGE, language), ("album.zip", zipped(face=photo, wall=WALL, no=b"x")))
    assert shown_photos(app) == [] and not app.dataframe
    app.button(key="start-batch").click().run()
    use(language)
    assert tr("waiting") in str([bar.proto.text for bar in app.get("progress")])
    assert not [button for button in app.button if button.key == "start-batch"], "it is not read twice"
    assert work(exported) == "done"
    app.run()
    [table] = app.dataframe
    names = [tr(name) for name in ("Photo", "Crop", "Emotion", "Probability", "Name", "Face", "Note")]
    assert list(table.value.columns) == names
    assert table.value[names[4]].tolist() == ["face.png", "no.png", "wall.png"]
    assert table.value[names[6]].tolist()[2] == tr("No face was found.")
    assert [value.startswith("data:image/png") for value in table.value[names[1]].dropna()] == [True]
    assert len(tables(app)) == 1 and list(exported.visits.iterdir()) == []
    press(app, tr("Discard the result"))
    assert not app.dataframe
    use("en")


def test_many_photos_are_offered_together(exported, photo, here):
    app = give(opened(PAGE), *[(f"{number}.png", WALL) for number in range(13)])
    assert "13 files are read in the background" in texts(app) and shown_photos(app) == []
    app.button(key="start-batch").click().run()
    assert work(exported) == "done"
    assert "13 photos · 0 faces · without a face: 13" in str([head.value for head in app.run().subheader])


def test_another_model_reads_again_what_was_read(two, photo, here):
    app = give(opened(PAGE), ("album.zip", zipped(face=photo)))
    app.button(key="start-batch").click().run()
    work(two)
    app.run()
    assert app.dataframe and not [button for button in app.button if button.key == "start-batch"]
    app.selectbox(key="run").set_value(1).run()
    assert [button.label for button in app.button if button.key == "start-batch"] == ["Read them with Run 1 · VGG16"]
    assert app.dataframe, "the result is there until another is"


def test_a_cancelled_batch_says_so_and_can_be_read_again(exported, photo):
    app = give(opened(PAGE), ("album.zip", zipped(face=photo)))
    app.button(key="start-batch").click().run()
    app.button(key="cancel-batch").click().run()
    app.run()
    assert "The reading was cancelled." in texts(app) and list(exported.visits.iterdir()) == []
    assert [button.key for button in app.button if button.key == "start-batch"] == ["start-batch"]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        pytest.param(0, "starting…", id="it begins"),
        pytest.param(5, "The reading ended before its time.", id="it was killed"),
    ],
)
def test_a_job_that_runs_or_was_killed(exported, photo, minutes, words):
    app = give(opened(PAGE), ("album.zip", zipped(face=photo)))
    app.button(key="start-batch").click().run()
    [number] = scheduler.claim_next(exported.database)
    with exported.database.writing() as session:
        job_queue.get(session, number).heartbeat_at = now() - timedelta(minutes=minutes)
    app.run()
    assert words in texts(app) + str([bar.proto.text for bar in app.get("progress")])
    assert bool(list(exported.visits.iterdir())) == (minutes == 0)


def test_a_job_that_fails_says_why(exported, monkeypatch):
    def refuse(*_):
        raise UnreadableSourceError(clips.unreadable())

    monkeypatch.setattr(clip, "read_clip", refuse)
    app = give(opened(PAGE), ("clip.webm", CLIP))
    app.button(key="start-clip").click().run()
    assert work(exported) == "failed"
    app.run()
    assert "The clip cannot be read: it is broken or of an unknown form." in texts(app)
    assert list(exported.visits.iterdir()) == []


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_clip_shows_each_face_over_time(exported, monkeypatch, language):
    faces = tuple(ClipFace((x, 10, 40, 40), noise(x)) for x in (0, 200))
    found = ClipFaces(tuple(ClipPicture(number / 5, faces) for number in range(4)), is_cut=True)
    monkeypatch.setattr(clip, "read_clip", lambda *_: found)
    app = give(opened(PAGE, language), ("a **b**.webm", CLIP))
    assert r"**a \*\*b\*\*\.webm**" in app.markdown[0].value
    app.button(key="start-clip").click().run()
    assert work(exported) == "done"
    app.run()
    use(language)
    assert len(app.get("plotly_chart")) == 2
    assert tr("The clip goes on; it was read up to here.") in texts(app)
    assert {"en": "0.6 s · 4 pictures · 2 faces", "ko": "0.6 s · 화면 4장 · 얼굴 2개"}[language] in str(
        [head.value for head in app.subheader]
    )
    use("en")


def test_a_zip_and_a_clip_at_the_same_time(exported, photo):
    app = give(opened(PAGE), ("album.zip", zipped(face=photo)), ("clip.webm", CLIP))
    for kind in ("batch", "clip"):
        app.button(key=f"start-{kind}").click().run()
        assert not app.exception, app.exception
    assert len(app.get("progress")) == 2 and len(list(exported.visits.iterdir())) == 2
    for kind in ("batch", "clip"):
        app.button(key=f"cancel-{kind}").click().run()
    assert list(exported.visits.iterdir()) == [] and not app.get("progress")


def test_nothing_of_a_visit_is_kept_in_the_database(exported, photo, here):
    app = give(opened(PAGE), ("kim's wedding.zip", zipped(kim=photo, other=b"x")))
    app.button(key="start-batch").click().run()
    work(exported)
    with exported.database.reading() as session:
        [job] = job_queue.recent(session, ("batch",))
        kept = json.dumps([job.title, job.arguments, job.result, job.message, job.error])
    assert "kim" not in kept and "wedding" not in kept and job.result == {"photos": 2, "faces": 1}
    assert "kim" not in "".join(file.read_text() for file in exported.logs.iterdir())

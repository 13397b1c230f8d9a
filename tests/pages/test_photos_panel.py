"""The photos of a dataset on its page: found by name, and a face that was added to one undone."""

import pytest
from sqlalchemy import select

from fercore import language as languages
from fercore.curation.review_filter import ReviewFilter
from fercore.services.review import added_faces
from fercore.store.tables import Face, Photo
from fercore.ui import photo_cutter
from tests.conftest import fill, photograph
from tests.pages.conftest import opened, texts
from tests.services.review.recrops import event


@pytest.fixture
def pictured(lite, tmp_path):
    """Three faces of D, the first two of one photo whose name looks like Markdown."""
    ids = fill(lite, "D", [3, 5, 1])
    photograph(lite, ids[:2], tmp_path / "**a** <b>.png", (10, 10, 48, 48))
    return lite


@pytest.fixture(autouse=True)
def english():
    yield
    languages.use("en")


def tab(language="en"):
    languages.use(language)  # AppTest words the options of selectors in this thread
    app = opened("curate/datasets.py", language)
    app.session_state["tabs-1"] = {"en": "Photos", "ko": "사진"}[language]
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize("language", ["en", "ko"])
def test_photos_are_found_by_their_names(pictured, language):
    app = tab(language)
    assert app.selectbox(key="photo-1").options[0].startswith("**a** <b>.png")
    app.text_input(key="photo-part-1").set_value("zzz").run()
    assert not app.exception and len(app.info) == 1


def test_what_was_drawn_is_stored_told_and_undone(pictured, monkeypatch):
    stored = {}
    monkeypatch.setattr(photo_cutter, "store", lambda: pictured)
    monkeypatch.setattr(photo_cutter.st, "session_state", stored)
    with pictured.database.reading() as session:
        photo = session.scalars(select(Photo.id)).one()
        view = ReviewFilter(session.scalars(select(Face.dataset_id)).first(), "Kim")
    photo_cutter._take(view, photo, {"opens": photo}, "k")
    assert stored["k-opened"]["faces"] == [[10, 10, 48, 48]]
    bad = event("add", box=[10, 10, 48, 48], photo=photo)
    photo_cutter._take(view, photo, {"event": bad}, "k")
    assert "already" in stored["k-answer"]["problem"] and "k-added" not in stored
    for nonsense in ("x", 7, [], {"box": 1}):
        photo_cutter._take(view, photo, {"event": nonsense}, "k")
        assert stored["k-answer"]["problem"]
    good = event("add", box=[100, 20, 60, 60], photo=999, face=3)
    photo_cutter._take(view, photo, {"event": good}, "k")
    assert stored["k-answer"] == {"id": good["id"], "problem": None} and stored["k-added"][0] == good["action"]
    assert [photo.faces for photo in added_faces.photos(pictured, "D")] == [3]


def test_the_added_face_can_be_undone_from_the_page(pictured):
    from fercore.services.review import grid

    with pictured.database.reading() as session:
        photo = session.scalars(select(Photo.id)).one()
    made = event("add", box=[100, 20, 60, 60], photo=photo)
    done = grid.commit(pictured, ReviewFilter(1, "tester"), [made])
    app = tab()
    app.session_state["photo-cutter-1-added"] = (made["action"], done.added[None][0])
    app.run()
    assert "was added" in texts(app)
    undo = next(button for button in app.button if str(button.key).startswith("undo-photo-cutter"))
    undo.click().run()
    assert not app.exception and [photo.faces for photo in added_faces.photos(pictured, "D")] == [2]

"""A face's facts and history in words, by whom they are for."""

from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest

from fercore.language.dates import moment
from fercore.services.review import face_detail
from fercore.store.review.remarks import RemarkKind

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
WHEN = moment(AT)


def face(**change):
    plain = {"id": 12, "source_emotion": 3, "source_word": "기쁨", "split": "train", "subject": "S1", "score": 7.26}
    plain |= {"annotators": ["기쁨", "중립"], "detector": "haar", "eyes": 2, "doubtful": False}
    return SimpleNamespace(**plain | change)


@pytest.mark.parametrize(
    ("change", "blind", "hides", "expected"),
    [
        pytest.param({}, False, False, {}, id="all that is known"),
        pytest.param({}, True, False, {}, id="the same to those who work blind"),
        pytest.param(
            {},
            True,
            True,
            {"Source label": "hidden in this task", "Photo": None, "Annotators": None},
            id="what could tell the label is left out",
        ),
        pytest.param({"source_emotion": None}, False, False, {"Source label": "none (기쁨)"}, id="a word alone"),
        pytest.param({"source_word": ""}, False, False, {"Source label": "Happy"}, id="no word"),
        pytest.param({"source_emotion": 0, "source_word": ""}, False, False, {"Source label": "Angry"}, id="angry"),
        pytest.param(
            {"subject": None, "annotators": None}, False, False, {"Person": None, "Annotators": None}, id="nobody"
        ),
        pytest.param({"detector": "hand"}, False, False, {"Crop": "drawn by hand"}, id="by hand"),
        pytest.param({"detector": "hand"}, True, False, {}, id="by hand, and nobody may know"),
        pytest.param({"score": 0.0}, False, False, {"Detector score": "0.0"}, id="no score to speak of"),
        pytest.param({"score": None}, False, False, {"Detector score": None}, id="no score"),
        pytest.param({"eyes": 1}, False, False, {"Checks": "1 eye found"}, id="one eye"),
        pytest.param({"eyes": 0, "doubtful": True}, False, False, {"Checks": "0 eyes found, maybe no face"}, id="none"),
        pytest.param({"eyes": None, "doubtful": True}, False, False, {"Checks": None}, id="nothing was looked for"),
    ],
)
def test_facts(change, blind, hides, expected):
    known = {
        **{"Number": "#12", "Source label": "Happy (기쁨)", "Split": "train", "Photo": "a/b.jpg", "Person": "S1"},
        **{"Annotators": "기쁨, 중립", "Crop": None, "Detector score": "7.3", "Checks": "2 eyes found"},
    }
    result = face_detail._facts(face(**change), SimpleNamespace(name="a/b.jpg"), blind, hides)
    assert result == [(name, value) for name, value in {**known, **expected}.items() if value is not None]


def test_a_face_without_a_photo():
    assert "Photo" not in dict(face_detail._facts(face(), None, False, False))


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        pytest.param(None, "not predicted, or trained on this face", id="nothing"),
        pytest.param([0, 0, 0, 1, 0, 0, 0], "Happy 100%, Angry 0%, Disgust 0%", id="sure"),
        pytest.param([0.1, 0.05, 0.2, 0.05, 0.25, 0.05, 0.3], "Surprise 30%, Neutral 25%, Fear 20%", id="unsure"),
        pytest.param([0.5, 0, 0, 0.5, 0, 0, 0], "Angry 50%, Happy 50%, Disgust 0%", id="two alike"),
    ],
)
def test_the_likeliest_emotions(answers, words):
    assert face_detail._surest(None if answers is None else np.array(answers, np.float32)) == words


def event(**change):
    plain = {"reviewer": "Kim", "kind": "relabelled", "emotion": 5, "reason": None, "note": None}
    plain |= {"before": 3, "adjudicates": False}
    return SimpleNamespace(decided_at=AT, **plain | change)


@pytest.mark.parametrize(
    ("change", "hides", "words"),
    [
        pytest.param({}, False, "relabelled Sad", id="relabelled"),
        pytest.param({"before": None}, False, "labelled Sad", id="labelled"),
        pytest.param({"before": None, "adjudicates": True}, False, "ruled: labelled Sad", id="labelled by a ruling"),
        pytest.param({}, True, "Sad", id="without what tells the source's label"),
        pytest.param({"emotion": 0}, True, "Angry", id="the first emotion"),
        pytest.param({"note": "eyes shut"}, False, "relabelled Sad – eyes shut", id="a note"),
        pytest.param({"note": "eyes shut"}, True, "Sad – eyes shut", id="a note, without the label"),
        pytest.param({"adjudicates": True}, False, "ruled: relabelled Sad", id="a ruling"),
        pytest.param({"kind": "rejected", "emotion": None, "reason": "blurred"}, False, "rejected blurred", id="why"),
        pytest.param({"kind": "rejected", "emotion": None, "reason": "blurred"}, True, "rejected blurred", id="hidden"),
        pytest.param({"kind": "undone", "emotion": None}, False, "undone", id="undone"),
        pytest.param({"kind": "undone", "emotion": None, "adjudicates": True}, False, "undone", id="no ruling"),
        pytest.param({"kind": "undone", "emotion": None, "note": "why"}, False, "undone – why", id="undone, a note"),
    ],
)
def test_a_decision_in_words(change, hides, words):
    assert face_detail._sentence(event(**change), hides) == f"{WHEN} Kim: {words}"


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        (RemarkKind.FLAGGED, "", "flagged"),
        (RemarkKind.UNFLAGGED, "", "flag removed"),
        (RemarkKind.NOTED, "too dark", "note: too dark"),
        (RemarkKind.NOTED, "", "note removed"),
        (RemarkKind.UNDONE, "", "undone"),
    ],
)
def test_a_remark_in_words(kind, text, words):
    result = SimpleNamespace(made_at=AT, reviewer="Kim", kind=kind, text=text)
    assert face_detail._remark(result) == f"{WHEN} Kim: {words}"


def test_history_is_in_the_order_of_its_moments():
    def remark(minute, whose, text):
        at = AT.replace(minute=minute)
        return SimpleNamespace(made_at=at, reviewer="Kim", whose=whose, kind=RemarkKind.NOTED, text=text)

    events = [event(), SimpleNamespace(**vars(event(emotion=0)) | {"decided_at": AT.replace(minute=50)})]
    result = face_detail._history(
        events, [remark(40, "Kim", "b"), remark(20, "Kim", "a"), remark(45, "Lee", "x")], False
    )
    assert [line.partition(": ")[2] for line in result] == ["note: a", "relabelled Sad", "note: b", "relabelled Angry"]


@pytest.mark.parametrize(
    ("kind", "emotion", "reason", "words"),
    [
        ("confirmed", 3, None, "Happy"),
        ("relabelled", 0, None, "Angry"),
        ("rejected", None, "blurred", "rejected blurred"),
        ("unsure", None, None, "unsure"),
    ],
)
def test_a_vote_in_words(kind, emotion, reason, words):
    result = face_detail._vote_words(SimpleNamespace(kind=kind, emotion=emotion, reason=reason))
    assert result == words


@pytest.mark.parametrize(("noted", "by"), [(AT, f"Lee · {WHEN}"), (None, "Lee · ")])
def test_a_note_of_another_person(noted, by):
    result = face_detail._note(SimpleNamespace(reviewer="Lee", noted_at=noted, note="too *dark*"))
    assert result == {"by": by, "text": "too *dark*"}

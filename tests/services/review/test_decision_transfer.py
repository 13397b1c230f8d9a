"""Decisions travel as CSV or JSON Lines between installations without loss."""

import pytest

from fercore.errors import BadRowsError, UnreadableSourceError
from fercore.services.review import decision_transfer
from tests.conftest import fill
from tests.store.review.test_decisions import decide, label, undo


@pytest.fixture
def decided(store):
    """Four faces: confirmed, relabelled by two people, rejected, and undone."""
    ids = fill(store, "데이터", [3, 0, 5, 6])
    decide(store, "a", ids[0], emotion=3)
    decide(store, "a", ids[1], emotion=5)
    decide(store, 'b, "the" second', ids[1], emotion=1)
    decide(store, "a", ids[2], reason="not a face")
    undo(store, "a", decide(store, "a", ids[3], emotion=0))
    return store, ids


@pytest.mark.parametrize("name", ["d.csv", "d.jsonl"])
def test_round_trip(decided, tmp_path, name):
    store, ids = decided
    file = tmp_path / name
    assert decision_transfer.export(store, file) == 6
    before = [label(store, face) for face in ids]
    from fercore.services.datasets import catalogue

    catalogue.remove(store, "데이터")
    ids = fill(store, "데이터", [3, 0, 5, 6])
    assert decision_transfer.import_file(store, file) == {"added": 6, "known": 0, "left_out": 0, "skipped": []}
    assert [label(store, face) for face in ids] == before
    assert decision_transfer.import_file(store, file) == {"added": 0, "known": 6, "left_out": 0, "skipped": []}
    again = tmp_path / f"again{file.suffix}"
    decision_transfer.export(store, again)
    assert again.read_text() == file.read_text()


def test_one_dataset_only(decided, tmp_path):
    store, _ = decided
    [other] = fill(store, "E", [3], start=50)
    decide(store, "a", other, emotion=3)
    assert decision_transfer.export(store, tmp_path / "e.csv", "E") == 1


@pytest.mark.parametrize("name", ["d.csv", "d.jsonl"])
@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        pytest.param("confirmed", "agreed", "kind is 'agreed'", id="unknown kind"),
        pytest.param("Happy", "Joyful", "not a known emotion", id="unknown emotion"),
        pytest.param("not a face", "ugly", "does not go with reason", id="unknown reason"),
        pytest.param("train/0", "train/99", "no face", id="unknown face"),
        pytest.param("데이터", "other", "no dataset .other.", id="unknown dataset"),
    ],
)
def test_a_bad_row_imports_nothing(decided, tmp_path, name, old, new, why):
    store, ids = decided
    file = tmp_path / name
    decision_transfer.export(store, file)
    file.write_text(file.read_text().replace(old, new))
    before = [label(store, face) for face in ids]
    with pytest.raises(BadRowsError, match=why):
        decision_transfer.import_file(store, file)
    assert [label(store, face) for face in ids] == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("d.csv", b"", id="empty"),
        pytest.param("d.csv", b"a,b\n1,2\n", id="other columns"),
        pytest.param("d.csv", "감정".encode("cp949"), id="cp949"),
        pytest.param("d.jsonl", "감정".encode("cp949"), id="cp949, lines"),
        pytest.param("d.jsonl", b"id,action\n", id="no JSON"),
        pytest.param("d.jsonl", b"[1, 2]\n", id="no object"),
        pytest.param("d.jsonl", b"[" * 100_000, id="a bomb"),
    ],
)
def test_another_file_is_one_sentence(lite, tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(UnreadableSourceError):
        decision_transfer.import_file(lite, file)

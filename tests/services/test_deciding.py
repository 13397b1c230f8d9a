"""Decisions travel as CSV between installations without loss."""

import pytest

from fercore.errors import BadRowsError, UnreadableSourceError
from fercore.services import deciding
from tests.conftest import fill
from tests.store.test_decisions import decide, label, undo


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


def test_round_trip(decided, tmp_path):
    store, ids = decided
    file = tmp_path / "d.csv"
    assert deciding.export(store, file) == 6
    before = [label(store, face) for face in ids]
    from fercore.services import datasets

    datasets.remove(store, "데이터")
    ids = fill(store, "데이터", [3, 0, 5, 6])
    assert deciding.import_csv(store, file) == {"added": 6, "known": 0}
    assert [label(store, face) for face in ids] == before
    assert deciding.import_csv(store, file) == {"added": 0, "known": 6}
    again = tmp_path / "again.csv"
    deciding.export(store, again)
    assert again.read_text() == file.read_text()


def test_one_dataset_only(decided, tmp_path):
    store, _ = decided
    [other] = fill(store, "E", [3], start=50)
    decide(store, "a", other, emotion=3)
    assert deciding.export(store, tmp_path / "e.csv", "E") == 1


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        pytest.param("confirmed", "agreed", "kind is 'agreed'", id="unknown kind"),
        pytest.param(",Happy,", ",Joyful,", "no known emotion", id="unknown emotion"),
        pytest.param("not a face", "ugly", "does not go with reason", id="unknown reason"),
        pytest.param("train/0", "train/99", "no face", id="unknown face"),
        pytest.param("데이터", "other", "no face", id="unknown dataset"),
    ],
)
def test_a_bad_row_imports_nothing(decided, tmp_path, old, new, why):
    store, ids = decided
    file = tmp_path / "d.csv"
    deciding.export(store, file)
    file.write_text(file.read_text().replace(old, new))
    before = [label(store, face) for face in ids]
    with pytest.raises(BadRowsError, match=why):
        deciding.import_csv(store, file)
    assert [label(store, face) for face in ids] == before


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"a,b\n1,2\n", id="other columns"),
        pytest.param("감정".encode("cp949"), id="cp949"),
    ],
)
def test_another_file_is_one_sentence(lite, tmp_path, content):
    file = tmp_path / "d.csv"
    file.write_bytes(content)
    with pytest.raises(UnreadableSourceError):
        deciding.import_csv(lite, file)

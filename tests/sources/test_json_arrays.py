"""Long JSON arrays, element by element: encodings, limits, and files that break off."""

import io
import json
import tracemalloc

import pytest

from fercore.errors import UnreadableImageError
from fercore.faces.files import Listed
from fercore.sources import json_arrays
from fercore.sources.json_arrays import BadArrayError, elements, encoding_of

TWO = [{"a": "기쁨"}, [1, 2.5, None, True]]


def listed(data):
    data = data if isinstance(data, bytes) else data.encode()
    return Listed("a.json", len(data), lambda: io.BytesIO(data))


def read(data):
    """The elements before a file breaks off, and why it did."""
    result = []
    try:
        result.extend(iter_into(result, elements(listed(data))))
    except BadArrayError as error:
        return result, str(error)
    return result, ""


def iter_into(actual, items):
    for item in items:
        actual.append(item)
    return ()


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 2**18])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "euc-kr"])
def test_encodings_and_windows_of_every_size(monkeypatch, chunk, encoding):
    monkeypatch.setattr(json_arrays, "_CHUNK", chunk)
    assert read(json.dumps(TWO, ensure_ascii=False, indent=1).encode(encoding)) == (TWO, "")


@pytest.mark.parametrize("text", ["[]", " [ ] \n", "[[]]", "[12345, 67]", "[1e5,null]", "[-1.25e-3 ,true]", '[""]'])
@pytest.mark.parametrize("chunk", [1, 2**18])
def test_small_arrays(monkeypatch, chunk, text):
    monkeypatch.setattr(json_arrays, "_CHUNK", chunk)
    assert read(text) == (json.loads(text), "")


@pytest.mark.parametrize(
    ("text", "count", "why"),
    [
        pytest.param("", 0, "it is empty; expected a JSON array", id="empty"),
        pytest.param(" \n", 0, "it is empty", id="white space"),
        pytest.param('{"data": []}', 0, "it starts with '{'; expected a JSON array", id="object"),
        pytest.param("<html>", 0, "it starts with '<'", id="a web page"),
        pytest.param('[{"a": 1}, {"a": 2}, {"a"', 2, "it is broken or breaks off in record 3", id="cut in a record"),
        pytest.param('[{"a": 1}, {"a": "2', 1, "it is broken or breaks off in record 2", id="cut in text"),
        pytest.param('[{"a": 1}', 1, "the file ends after record 1", id="cut after a record"),
        pytest.param('[{"a": 1},', 1, "it is broken or breaks off in record 2", id="cut after a comma"),
        pytest.param("[", 0, "it is broken or breaks off in record 1", id="cut after the bracket"),
        pytest.param("[1 2]", 1, "'2' comes after record 1, where ',' or ']' was expected", id="no comma"),
        pytest.param("[1}", 1, "'}' comes after record 1", id="wrong bracket"),
        pytest.param("[1,]", 1, "it is broken or breaks off in record 2 (Expecting value)", id="comma at the end"),
        pytest.param("[1] [2]", 1, "there is more text after the array's end", id="two arrays"),
        pytest.param("[" * 100_000, 0, "record 1 is nested too deeply", id="deep lists"),
        pytest.param('[{"a":' * 50_000, 0, "record 1 is nested too deeply", id="deep objects"),
        pytest.param(f"[1, {'9' * 9000}, 2]", 1, "it is broken or breaks off in record 2 (a number with", id="digits"),
        pytest.param(b"[1, \xff\xfe]", 0, "it is neither UTF-8 nor cp949 (EUC-KR) text", id="no text"),
        pytest.param("[1]".encode("utf-16"), 0, "it is neither UTF-8 nor cp949", id="utf-16"),
        pytest.param('["기쁨'.encode()[:-1], 0, "it is broken or breaks off in record 1", id="cut in a character"),
        pytest.param('["' + "x" * 3_000_000, 0, "record 1 is broken, or longer than a million", id="endless text"),
    ],
)
def test_what_comes_before_a_break_is_kept_and_the_break_is_told(text, count, why):
    result, message = read(text)
    assert (len(result), message[: len(why)]) == (count, why)


def test_a_file_cut_in_a_character_is_still_known_as_utf8():
    assert encoding_of(listed('["기쁨'.encode()[:-1])) == "utf-8-sig"


def test_too_big_a_file_is_stopped_and_costs_no_memory(monkeypatch):
    monkeypatch.setattr(json_arrays, "MAX_BYTES", 3 * 2**20)
    data = b"[" + b"[],[]," * 10**6
    tracemalloc.start()
    assert read(data)[1] == "it is bigger than 3 MB. Split it into smaller arrays."
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 * 2**20


def test_a_file_that_cannot_be_read_is_named():
    def gone():
        raise FileNotFoundError(2, "No such file")

    with pytest.raises(UnreadableImageError, match=r"'a\.json' cannot be read"):
        list(elements(Listed("a.json", 0, gone)))

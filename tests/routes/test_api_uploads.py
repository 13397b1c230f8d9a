"""Forms that are none, too much, or not of files: a refusal in one sentence, and nothing left over."""

import pytest

from fercore.routes import api_limits, api_uploads
from tests.cli.test_contents import exported as exported
from tests.routes.forms import BOUNDARY, TYPE, ApiClient, Part, error_of, files, form
from tests.routes.test_api_predict import FACE


@pytest.fixture
def api(exported):
    return ApiClient(exported)


MB = 2**20
HEADERS = b"--" + BOUNDARY.encode() + b"\r\n"


@pytest.mark.parametrize(
    ("body", "type_", "status", "code"),
    [
        pytest.param(b"", TYPE, 400, "broken_form", id="nothing"),
        pytest.param(b"photos=a.jpg", "application/x-www-form-urlencoded", 415, "not_a_form", id="a page's plain form"),
        pytest.param(b'{"photos": ["http://localhost/a.jpg"]}', "application/json", 415, "not_a_form", id="json"),
        pytest.param(FACE, "image/jpeg", 415, "not_a_form", id="a bare photo"),
        pytest.param(files(FACE), "", 415, "not_a_form", id="no kind"),
        pytest.param(files(FACE), "multipart/form-data", 400, "broken_form", id="no boundary"),
        pytest.param(files(FACE), "multipart/form-data; boundary=x", 400, "broken_form", id="another boundary"),
        pytest.param(files(FACE), f"multipart/form-data; boundary={'x' * 300}", 400, "broken_form", id="long boundary"),
        pytest.param(files(FACE), f"{TYPE}; charset=punycode", 400, "broken_form", id="a codec of names"),
        pytest.param(files(FACE), f"{TYPE}; charset=undefined", 400, "broken_form", id="a codec that refuses all"),
        pytest.param(files(FACE), f"{TYPE}; charset=zlib_codec", 200, None, id="a codec of no texts"),
        pytest.param(form(Part(FACE), end=False), TYPE, 400, "broken_form", id="no end"),
        pytest.param(files(FACE)[:-40], TYPE, 400, "broken_form", id="cut off"),
        pytest.param(files(FACE) + b"more" * 99, TYPE, 200, None, id="more behind its end"),
        pytest.param(form(), TYPE, 422, "no_photos", id="no parts"),
        pytest.param(form(Part(b"http://localhost/a.jpg", None)), TYPE, 422, "not_a_file", id="an address"),
        pytest.param(form(Part(b"/etc/passwd", None)), TYPE, 422, "not_a_file", id="a path"),
        pytest.param(form(Part(FACE), Part(b"a.jpg", None)), TYPE, 422, "not_a_file", id="a path beside a photo"),
        pytest.param(form(Part(FACE, field="photo")), TYPE, 422, "unknown_field", id="another field"),
        pytest.param(form(Part(FACE), Part(b"1", None, "run")), TYPE, 422, "unknown_field", id="an option as a field"),
        pytest.param(form(Part(b"x" * 20_000, None)), TYPE, 400, "broken_form", id="a long text"),
        pytest.param(form(*[Part(b"x", None)] * 9), TYPE, 400, "broken_form", id="many texts"),
        pytest.param(files(*[b"x"] * 33), TYPE, 413, "too_many_photos", id="many photos"),
        pytest.param(HEADERS + b"A: b\r\n\r\nx\r\n", TYPE, 400, "broken_form", id="a part without a name"),
        pytest.param(HEADERS + b"A: b\r\n" * 99 + b"\r\n", TYPE, 400, "broken_form", id="many headers"),
        pytest.param(HEADERS + b"A: " + b"b" * 99_999, TYPE, 400, "broken_form", id="a long header"),
        pytest.param(b"\r\n" * 99_999, TYPE, 400, "broken_form", id="empty lines"),
        pytest.param(form(Part(b"\r\n--" * 20_000)), TYPE, 200, None, id="nearly boundaries"),
    ],
)
def test_forms(api, body, type_, status, code):
    answer = api.send(body, **{"content-type": type_})
    assert answer.status == status, answer.content
    assert code is None or error_of(answer) == code


@pytest.mark.parametrize("length", ["99999999999", "9" * 40, "67108865"])
def test_too_long_a_request_is_refused_before_it_is_read(api, length):
    answer = api.send([None], **{"content-length": length})
    assert (answer.status, error_of(answer), answer.headers["connection"]) == (413, "too_large", "close")


def test_reading_ends_at_the_limit_whatever_was_declared(api, monkeypatch):
    monkeypatch.setattr(api_uploads, "LARGEST_REQUEST", 3 * MB)
    parts = [form(Part(b""), end=False), *[bytes(MB)] * 4]
    answer = api.send([*parts, None], **{"content-length": "5"})
    assert (answer.status, error_of(answer)) == (413, "too_large"), "and not a wait for what is still to come"


def test_one_photo_that_is_too_big_hides_no_other(api, monkeypatch):
    monkeypatch.setattr(api_uploads, "LARGEST_PHOTO", MB)
    big, good = api.send(files(bytes(2 * MB), FACE)).json()
    assert big["error"] == "The picture's file is bigger than 1 MB." and len(good["faces"]) == 1


def test_a_form_that_drips_is_given_up(exported, monkeypatch):
    monkeypatch.setattr(api_uploads, "READ_SECONDS", 0.05)

    answer = ApiClient(exported).send([files(FACE)[:50], None])
    assert (answer.status, error_of(answer)) == (408, "too_slow")


def test_nothing_is_held_after_any_request(exported):
    held = []

    class Watched(api_limits.UploadsMemory):
        def __init__(self):
            super().__init__(2 * MB)
            held.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fercore.routes.api.UploadsMemory", Watched)
        client = ApiClient(exported)
        answers = [
            client.send(body).status for body in (files(FACE), files(bytes(3 * MB)), files(FACE)[:-9], files(FACE))
        ]
    assert answers == [200, 503, 400, 200]
    assert [memory._held for memory in held] == [0]

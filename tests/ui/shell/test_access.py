"""Names, addresses and origins that the app answers, and the browser that a request comes from."""

import asyncio
from types import SimpleNamespace

import pytest
from starlette.datastructures import Headers

from fercore.services.system import hosts as own_names
from fercore.ui.shell import access
from fercore.ui.shell.access import is_allowed


@pytest.fixture
def bound(monkeypatch):
    """Binds the app and sets names, as a test says."""

    def bind(address="localhost", hosts=""):
        monkeypatch.setattr(access, "_bound_to", lambda: address)
        monkeypatch.setattr(own_names, "_hosts", lambda: tuple(hosts.split(",")) if hosts else ())
        monkeypatch.setattr(own_names.socket, "gethostname", lambda: "Lab-3")
        monkeypatch.setattr(own_names.socket, "getfqdn", lambda: "lab-3.example.org")
        monkeypatch.setattr(own_names, "_addresses", lambda names: {"192.0.2.7", "2001:db8::7"})
        own_names._own_names.cache_clear()

    yield bind
    own_names._own_names.cache_clear()


@pytest.mark.parametrize(
    ("address", "hosts", "host", "allowed"),
    [
        ("localhost", "", "localhost:8501", True),
        ("localhost", "", "LOCALHOST.:8501", True),
        ("localhost", "", "127.0.0.1:8501", True),
        ("localhost", "", "127.8.9.1", True),
        ("localhost", "", "[::1]:8501", True),
        ("localhost", "", "evil.example:8501", False),
        ("localhost", "", "localhost.evil.example", False),
        ("localhost", "", "127.0.0.1.evil.example", False),
        ("localhost", "", "lab-3", False),
        ("localhost", "", "192.0.2.7:8501", False),
        ("localhost", "", None, False),
        ("localhost", "", "", False),
        ("localhost", "", "user@localhost", False),
        ("localhost", "", "localhost/evil", False),
        ("localhost", "", "localhost:x", False),
        ("localhost", "faces.example", "faces.example", True),
        ("localhost", "*.example.org", "a.example.org:443", True),
        ("localhost", "*.example.org", "example.org.evil", False),
        ("localhost", "*", "any.example", True),
        ("0.0.0.0", "", "lab-3:8501", True),
        ("0.0.0.0", "", "lab-3.example.org", True),
        ("0.0.0.0", "", "192.0.2.7:8501", True),
        ("0.0.0.0", "", "192.0.2.8:8501", False),
        ("0.0.0.0", "", "evil.example", False),
        ("::", "", "[2001:db8::7]:8501", True),
        ("", "", "192.0.2.7", True),
        ("192.0.2.7", "", "192.0.2.7:8501", True),
        ("192.0.2.7", "", "lab-3", False),
    ],
)
def test_hosts(bound, address, hosts, host, allowed):
    bound(address, hosts)
    assert is_allowed(host, None) == allowed


@pytest.mark.parametrize(
    ("hosts", "host", "origin", "allowed"),
    [
        ("", "localhost:8501", "http://localhost:8501", True),
        ("", "127.0.0.1:8501", "http://127.0.0.1:8501", True),
        ("", "localhost:8501", "http://localhost:3000", False),
        ("", "localhost:8501", "http://evil.example", False),
        ("", "localhost:8501", "null", False),
        ("", "localhost:8501", "file://", False),
        ("", "localhost:8501", "http://[", False),
        ("faces.example", "localhost:8501", "https://faces.example", True),
        ("faces.example", "faces.example", "https://faces.example", True),
        ("faces.example", "faces.example", "https://other.example", False),
        ("", "localhost:8501", None, True),
    ],
)
def test_origins(bound, hosts, host, origin, allowed):
    bound("localhost", hosts)
    assert is_allowed(host, origin) == allowed


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        pytest.param("localhost", set(), id="localhost needs no names"),
        pytest.param("127.0.0.1", set(), id="nor does loopback"),
        pytest.param("192.0.2.9", {"192.0.2.9"}, id="one address"),
        pytest.param("", {"lab-3", "lab-3.example.org", "192.0.2.7", "2001:db8::7"}, id="everywhere"),
    ],
)
def test_own_names(bound, address, expected):
    bound(address)
    assert own_names._own_names(address) == expected


@pytest.mark.parametrize(
    ("cookie", "token"),
    [
        pytest.param(None, None, id="no cookie"),
        pytest.param("a=b", None, id="another cookie"),
        pytest.param("fercore_browser=", None, id="an empty one"),
        pytest.param("a=b; fercore_browser=xyz", "xyz", id="the token"),
    ],
)
def test_the_token_of_a_browser(cookie, token):
    assert access._browser(Headers({"cookie": cookie} if cookie else {})) == token


@pytest.mark.parametrize(
    ("base", "path", "expected"),
    [
        ("", "/media/abc.png", True),
        ("", "/media", True),
        ("", "/mediator/abc", False),
        ("", "/app/media/abc.png", False),
        ("app", "/app/media/abc.png", True),
        ("/app/", "/media/abc.png", False),
        ("", "/", False),
    ],
)
def test_paths_of_media(monkeypatch, base, path, expected):
    monkeypatch.setattr("streamlit.get_option", lambda name: base)
    assert access._is_media(path) == expected


def answered(scope, host="localhost", headers=()):
    """The messages that a request gets, where the app itself answers with an HTML page."""
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})

    async def send(message):
        sent.append(message)

    request = {"path": "/", "headers": [(b"host", host.encode()), *headers], "method": "GET", **scope}
    asyncio.run(access.Access(app)(request, None, send))
    return sent


@pytest.mark.parametrize(
    ("scope", "host", "headers", "type_", "status"),
    [
        pytest.param({"type": "http"}, "localhost", (), "http.response.start", 200, id="a page"),
        pytest.param({"type": "http"}, "evil.example", (), "http.response.start", 403, id="a foreign name"),
        pytest.param({"type": "websocket"}, "evil.example", (), "websocket.close", 1008, id="its socket"),
        pytest.param({"type": "http", "path": "/media/a.png"}, "localhost", (), "http.response.start", 404, id="media"),
        pytest.param({"type": "lifespan"}, "evil.example", (), "http.response.start", 200, id="no request"),
    ],
)
def test_what_a_request_gets(bound, scope, host, headers, type_, status):
    bound()
    first = answered(scope, host, headers)[0]
    assert (first["type"], first.get("status", first.get("code"))) == (type_, status)


@pytest.mark.parametrize(("path", "kind"), [("/", "text/plain"), ("/faces/api/v1/predict", "application/json")])
def test_a_program_is_refused_in_a_document(bound, path, kind):
    bound()
    first = answered({"type": "http", "path": path}, "evil.example")[0]
    assert dict(first["headers"])[b"content-type"].decode().startswith(kind)


@pytest.mark.parametrize(
    ("scheme", "cookie", "secure"),
    [
        pytest.param("http", None, False, id="new over HTTP"),
        pytest.param("https", None, True, id="new over HTTPS"),
        pytest.param("http", b"fercore_browser=t", None, id="known already"),
    ],
)
def test_a_browser_without_a_token_is_given_one(bound, scheme, cookie, secure):
    bound()
    headers = [(b"cookie", cookie)] if cookie else []
    [first] = answered({"type": "http", "scheme": scheme}, headers=headers)
    given = [value.decode() for name, value in first["headers"] if name == b"set-cookie"]
    if secure is None:
        assert given == []
    else:
        assert len(given) == 1 and given[0].startswith("fercore_browser=") and "HttpOnly; SameSite=Lax" in given[0]
        assert given[0].endswith("; Secure") == secure


@pytest.mark.parametrize(
    ("path", "browser", "own"),
    [
        pytest.param("/media/abc.png", "kim", True, id="a file of an open page"),
        pytest.param("/app/media/abc.png", "kim", True, id="below another address"),
        pytest.param("/media/abc.tar.gz", "kim", True, id="two endings"),
        pytest.param("/media/abc", "kim", True, id="no ending"),
        pytest.param("/media/xyz.png", "kim", False, id="another session's"),
        pytest.param("/media/abc.png", "lee", False, id="another browser"),
        pytest.param("/media/old.png", "kim", False, id="of a page that is closed"),
        pytest.param("/media/made.csv", "kim", False, id="made on demand, by a browser that has none"),
        pytest.param("/media/made.csv", "lee", True, id="made on demand"),
        pytest.param("/media/abc.png", None, False, id="no browser"),
    ],
)
def test_a_file_is_given_to_its_own_browser(monkeypatch, path, browser, own):
    """Kim has an open page with `abc` and a closed one with `old`, Lee a page with `xyz` and a download on demand."""
    files = {"open": {"1": "abc"}, "closed": {"1": "old"}, "lee's": {"1": "xyz", "2": "uvw"}}
    manager = SimpleNamespace(_files_by_session_and_coord=files, _deferred_ids_by_session={"lee's": {"made"}})
    runtime = SimpleNamespace(media_file_mgr=manager, is_active_session=lambda session: session != "closed")
    monkeypatch.setattr("streamlit.runtime.exists", lambda: True)
    monkeypatch.setattr("streamlit.runtime.get_instance", lambda: runtime)
    monkeypatch.setattr(access, "_browsers", {"open": "kim", "closed": "kim", "lee's": "lee"})
    assert access._is_own_media(path, browser) == own


@pytest.mark.parametrize(
    ("session", "cookie", "known", "active", "exists", "then"),
    [
        pytest.param("s1", "kim", {}, (), True, {"s1": "kim"}, id="a new session"),
        pytest.param("s1", None, {}, (), True, {}, id="a browser without a token"),
        pytest.param("s1", "", {}, (), True, {}, id="an empty token"),
        pytest.param(None, "kim", {}, (), True, {}, id="no session"),
        pytest.param("s1", "kim", {"s1": "kim", "s2": "lee"}, (), True, {"s1": "kim", "s2": "lee"}, id="known already"),
        pytest.param(
            "s1", "kim", {"s2": "lee", "s3": "ahn"}, ("s3",), True, {"s1": "kim", "s3": "ahn"}, id="others are over"
        ),
        pytest.param("s1", "kim", {"s1": "lee"}, ("s1",), True, {"s1": "kim"}, id="another browser now"),
        pytest.param("s1", "kim", {"s2": "lee"}, (), False, {"s1": "kim", "s2": "lee"}, id="no runtime"),
    ],
)
def test_a_session_belongs_to_a_browser(monkeypatch, session, cookie, known, active, exists, then):
    context = None if session is None else SimpleNamespace(session_id=session)
    browsers = dict(known)
    monkeypatch.setattr(access, "_browsers", browsers)
    monkeypatch.setattr("streamlit.context", SimpleNamespace(cookies={"fercore_browser": cookie, "other": "x"}))
    monkeypatch.setattr("streamlit.runtime.scriptrunner.get_script_run_ctx", lambda: context)
    monkeypatch.setattr("streamlit.runtime.exists", lambda: exists)
    runtime = SimpleNamespace(is_active_session=lambda item: item in active)
    monkeypatch.setattr("streamlit.runtime.get_instance", lambda: runtime)
    access.remember_session()
    assert browsers == then

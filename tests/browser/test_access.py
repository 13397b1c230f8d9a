"""Who is answered: the app's own names and pages, and media for the browser alone whose page shows it."""

import http.client
import io
import os
import urllib.error
import urllib.request
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from PIL import Image

from fercore.ui import access
from fercore.ui.access import is_allowed
from tests.conftest import fill

PORT = 8501


@pytest.fixture
def bound(monkeypatch):
    """Binds the app and sets names, as a test says."""

    def bind(address="localhost", hosts=""):
        monkeypatch.setattr(access, "_bound_to", lambda: address)
        monkeypatch.setattr(access, "_hosts", lambda: tuple(hosts.split(",")) if hosts else ())
        monkeypatch.setattr(access.socket, "gethostname", lambda: "Lab-3")
        monkeypatch.setattr(access.socket, "getfqdn", lambda: "lab-3.example.org")
        monkeypatch.setattr(access, "_addresses", lambda names: {"192.0.2.7", "2001:db8::7"})
        access._own_names.cache_clear()

    yield bind
    access._own_names.cache_clear()


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
        ("faces.example", "localhost:8501", "https://faces.example", True),
        ("faces.example", "faces.example", "https://faces.example", True),
        ("faces.example", "faces.example", "https://other.example", False),
        ("", "localhost:8501", None, True),
    ],
)
def test_origins(bound, hosts, host, origin, allowed):
    bound("localhost", hosts)
    assert is_allowed(host, origin) == allowed


def test_the_addresses_of_this_machine_are_known():
    assert "127.0.0.1" in access._interface_addresses() | {"127.0.0.1"}
    assert access._addresses({"localhost"}) >= {"127.0.0.1"}


def status(port, path, host, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.putrequest("GET", path, skip_host=True)
    connection.putheader("Host", host)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    with closing(connection), connection.getresponse() as answer:
        return answer.status


SOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec_WebSocket_Protocol": "streamlit",
}


@pytest.mark.browser
def test_a_foreign_name_gets_neither_pages_nor_a_socket(app):
    own = f"localhost:{app.port}"
    assert status(app.port, "/", own) == 200
    assert status(app.port, "/", f"127.0.0.1:{app.port}") == 200
    for path in ("/", "/review", "/_stcore/health", "/_stcore/host-config", "/media/x.png"):
        assert status(app.port, path, f"evil.example:{app.port}") == 403, path
    assert status(app.port, "/_stcore/stream", own, Origin=f"http://{own}", **SOCKET) == 101
    assert status(app.port, "/_stcore/stream", f"evil.example:{app.port}", **SOCKET) == 403
    assert status(app.port, "/_stcore/stream", own, Origin="http://evil.example", **SOCKET) == 403
    assert status(app.port, "/_stcore/upload_file/a/b", own, Origin="http://evil.example") == 403


@pytest.mark.browser
def test_a_name_that_was_set_is_answered(app, monkeypatch):
    app.stop()
    monkeypatch.setenv("FERCORE_HOSTS", "faces.example")
    app.start()
    assert status(app.port, "/", "faces.example") == 200
    assert status(app.port, "/", "other.example") == 403


def is_media(url):
    return urlsplit(url).path.startswith("/media/")


def code_of(url, cookie=None):
    request = urllib.request.Request(url, headers={"Cookie": cookie} if cookie else {})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.browser
def test_media_is_for_the_open_page_of_one_browser_alone(app, browser):
    """A download's file lies at a media address: another browser, none, and the same after it has left get 404."""
    fill(app.store, "D", [3] * 4)
    one, other = (browser.new_context() for _ in range(2))
    page, stranger = one.new_page(), other.new_page()
    asked = []
    one.on("request", lambda request: is_media(request.url) and asked.append(request.url))
    page.goto(f"{app.url}/datasets")
    stranger.goto(f"{app.url}/tasks")
    with page.expect_download() as download:
        page.get_by_role("button", name="Counts as CSV").click()
    assert download.value.failure() is None
    url = download.value.url if is_media(download.value.url) else asked[0]
    cookies = {
        context: next(cookie for cookie in context.cookies() if cookie["name"] == "fercore_browser")
        for context in (one, other)
    }
    assert all(cookie["httpOnly"] and cookie["sameSite"] == "Lax" for cookie in cookies.values())
    sent = {context: f"fercore_browser={cookie['value']}" for context, cookie in cookies.items()}
    assert code_of(url, sent[one]) == 200
    strangers = (None, "fercore_browser=x", "fercore_browser=\u00e9", sent[other])
    assert [code_of(url, cookie) for cookie in strangers] == [404] * 4
    page.close()
    stranger.wait_for_timeout(1000)
    assert code_of(url, sent[one]) == 404
    one.close()
    other.close()


@pytest.mark.browser
def test_a_visitors_photo_has_no_address(app, page, tmp_path):
    photo = io.BytesIO()
    Image.new("RGB", (500, 400), "gray").save(photo, "PNG")
    from tests.crawl.filled import fill_store

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    fill_store(app.store)
    asked = []
    page.on("request", lambda request: is_media(request.url) and asked.append(request.url))
    page.goto(f"{app.url}/predict")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "p.png", "mimeType": "image/png", "buffer": photo.getvalue()}
    )
    page.get_by_text("No face was found").wait_for()
    assert asked == []

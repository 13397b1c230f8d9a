"""Who is answered: the app's own names and pages, and media for the browser alone whose page shows it."""

import http.client
import io
import urllib.error
import urllib.request
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.browser.predicting import with_model
from tests.browser.running import visit
from tests.conftest import fill


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
    first, other = (browser.new_context() for _ in range(2))
    page, stranger = first.new_page(), other.new_page()
    calls = []
    first.on("request", lambda request: is_media(request.url) and calls.append(request.url))
    visit(page, f"{app.url}/datasets")
    visit(stranger, f"{app.url}/tasks")
    with page.expect_download() as download:
        page.get_by_role("button", name="Counts as CSV").click()
    assert download.value.failure() is None
    url = download.value.url if is_media(download.value.url) else calls[0]
    cookies = {
        context: next(cookie for cookie in context.cookies() if cookie["name"] == "fercore_browser")
        for context in (first, other)
    }
    assert all(cookie["httpOnly"] and cookie["sameSite"] == "Lax" for cookie in cookies.values())
    sent = {context: f"fercore_browser={cookie['value']}" for context, cookie in cookies.items()}
    assert code_of(url, sent[first]) == 200
    strangers = (None, "fercore_browser=x", "fercore_browser=\u00e9", sent[other])
    assert [code_of(url, cookie) for cookie in strangers] == [404] * 4
    page.close()
    stranger.wait_for_timeout(1000)
    assert code_of(url, sent[first]) == 404
    first.close()
    other.close()


@pytest.mark.browser
def test_a_visitors_photo_has_no_address(app, page, tmp_path):
    photo = io.BytesIO()
    Image.new("RGB", (500, 400), "gray").save(photo, "PNG")
    with_model(app)
    calls = []
    page.on("request", lambda request: is_media(request.url) and calls.append(request.url))
    visit(page, f"{app.url}/predict")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "p.png", "mimeType": "image/png", "buffer": photo.getvalue()}
    )
    page.get_by_text("No face was found").wait_for()
    assert calls == []

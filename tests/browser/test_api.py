"""The API beside the pages: programs are answered, and pages of other sites are not, whatever they try."""

import http.client
import json
import threading
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser.running import visit
from tests.cli.test_contents import made_exported
from tests.routes.forms import TYPE, files
from tests.routes.test_api_predict import FACE

FORM = """<!doctype html>
<form method=post enctype=multipart/form-data action="{api}/predict" target=there><input name=photos type=file></form>
<iframe name=there></iframe>"""
TRIES = """async api => {
  const form = new FormData();
  form.append("photos", new File([await (await fetch("/photo")).blob()], "a.jpg"));
  const tried = work => work.then(answer => `${answer.type} ${answer.status}`, () => "refused");
  return [
    await tried(fetch(`${api}/predict`, {method: "POST", body: form})),
    await tried(fetch(`${api}/predict`, {method: "POST", body: form, mode: "no-cors"})),
    await tried(fetch(`${api}/runs`)),
    await tried(fetch(`${api}/runs`, {headers: {Authorization: "Bearer word"}})),
  ];
}"""


@contextmanager
def another_site(api):
    """A site on this machine that would like to use the API."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg" if self.path == "/photo" else "text/html")
            self.end_headers()
            self.wfile.write(FACE if self.path == "/photo" else FORM.format(api=api).encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def ask(port, method, path, body=None, **headers):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        with connection.getresponse() as answer:
            return answer.status, answer.read()


@pytest.mark.browser
def test_programs_and_pages_are_answered_by_one_process(app, page):
    made_exported(app.store)
    status, said = ask(app.port, "POST", "/api/v1/predict", files(FACE), Content_Type=TYPE)
    assert (status, len(json.loads(said)[0]["faces"])) == (200, 1)
    assert ask(app.port, "GET", "/healthz")[0] == 200
    visit(page, f"{app.url}/predict")
    assert page.locator("h1").inner_text() == "Try a photo"
    answers = page.evaluate("async () => (await fetch('/api/v1/runs')).status")
    assert answers == 200, "a page of its own"


@pytest.mark.browser
def test_pages_of_other_sites_cannot_use_it(app, page):
    made_exported(app.store)
    with another_site(f"{app.url}/api/v1") as site:
        statuses = []
        page.on("response", lambda answer: "/api/" in answer.url and statuses.append(answer.status))
        page.goto(site)
        assert page.evaluate(TRIES, f"{app.url}/api/v1") == ["refused", "opaque 0", "refused", "refused"]
        page.set_input_files("input", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": FACE})
        with page.expect_response("**/api/v1/predict"):
            page.locator("form").evaluate("form => form.submit()")
        assert set(statuses) == {403}

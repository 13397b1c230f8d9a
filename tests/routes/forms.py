"""Multipart forms as bytes, well made or not, and the API over an installation to send them to."""

import json
from dataclasses import dataclass

from fercore.routes.api_app import api_only
from tests.routes.client import Client

BOUNDARY = "0123456789abcdef"
TYPE = f"multipart/form-data; boundary={BOUNDARY}"
PREDICT = "/api/v1/predict"


@dataclass(frozen=True)
class Part:
    """A part of a form: a file where it has a name for one, else a text."""

    content: bytes
    filename: str | None = "photo.jpg"
    field: str = "photos"

    def encoded(self):
        named = "" if self.filename is None else f'; filename="{self.filename}"'
        return f'Content-Disposition: form-data; name="{self.field}"{named}\r\n\r\n'.encode() + self.content


def form(*parts, end=True):
    """The body of a form."""
    opened = b"".join(b"--" + BOUNDARY.encode() + b"\r\n" + part.encoded() + b"\r\n" for part in parts)
    return opened + (b"--" + BOUNDARY.encode() + b"--\r\n" if end else b"")


def files(*contents):
    return form(*(Part(content, f"{number}.jpg") for number, content in enumerate(contents)))


class ApiClient(Client):
    """Asks the API of an installation, without its pages."""

    def __init__(self, store, address="127.0.0.1", **headers):
        super().__init__(api_only(lambda: store, "localhost"), headers, address)

    def send(self, body, options="", **headers):
        """Send a form to be read."""
        given = {"content-type": TYPE} | headers
        return self.ask("POST", PREDICT + options, body, {name: value for name, value in given.items() if value})


def error_of(answer):
    """The code of a refusal, which is a sentence in a document of its own."""
    [(name, error)] = json.loads(answer.content).items()
    assert name == "error" and set(error) == {"code", "message"}
    assert error["message"].endswith(".") and "Traceback" not in error["message"]
    return error["code"]

"""A hostile file or request handed over, and what is wrong with the answer: nothing, one hopes."""

import http.client
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from fercore.errors import StoredDataError, UnreadableImageError, UnreadableSourceError
from fercore.faces.files import files_in
from tests.hostile.case import Case, Verdict, good
from tests.hostile.requests import Sent
from tests.routes.client import Answer
from tests.routes.forms import PREDICT, TYPE, files

LONGEST_SENTENCE = 300
Send = Callable[..., Answer]


class HttpClient:
    """Sends forms to a server over loopback."""

    def __init__(self, port: int, seconds: float = 60) -> None:
        self._port, self._seconds = port, seconds

    def send(self, body: bytes, options: str = "", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=self._seconds)
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # refused before all of it was sent
                connection.request("POST", PREDICT + options, body, {"content-type": TYPE, **headers})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()


def photo(send: Send, case: Case) -> str:
    """The fault of the answer to a hostile photo before a good one."""
    answer = send(files(case.make(), good()))
    if answer.status != 200:
        return f"{answer.status} {answer.content[:200]!r}"
    said, beside = json.loads(answer.content)
    if len(beside["faces"]) != 1:
        return "it hides the photo beside it"
    if "error" in said:
        return "it is not read" if case.verdict == Verdict.READ else sentence(said["error"])
    if case.verdict == Verdict.REFUSED:
        return "it is read"
    return "no face is found" if case.verdict == Verdict.READ and not said["faces"] else ""


def sentence(text: str) -> str:
    """The fault of a reason; what nobody foresaw is named after its exception."""
    if not text.endswith(".") or len(text) > LONGEST_SENTENCE or "\n" in text or "could not be checked" in text:
        return f"no sentence: {text[:LONGEST_SENTENCE]!r}"
    return f"a place on this machine: {text!r}" if "/tmp/" in text or "site-packages" in text else ""


def request(send: Send, sent: Sent) -> str:
    """The fault of the answer to a hostile request."""
    answer = send(sent.make(), sent.options, **sent.headers)
    if answer.status not in sent.statuses:
        return f"{answer.status} {answer.content[:200]!r}"
    said = json.loads(answer.content)
    if answer.status == 200:
        return "" if isinstance(said, list) else "no list of photos"
    return sentence(said["error"]["message"]) if set(said) == {"error"} else "no error"


def model(case: Case, folder: Path) -> str:
    """The fault of what becomes of a forged model file."""
    from fercore.prediction.photo_predictor import PhotoPredictor

    path = folder / ("m.onnx" if case.name.startswith("onnx") else "m.keras")
    path.write_bytes(case.make())
    try:
        PhotoPredictor(path).probabilities(np.zeros((2, 48, 48), np.uint8))
    except StoredDataError as error:
        return sentence(str(error))
    return "it is taken for a model" if case.verdict == Verdict.REFUSED else ""


def archive(case: Case, folder: Path) -> str:
    """The fault of what is read from a hostile archive."""
    path = folder / "photos.zip"
    path.write_bytes(case.make())
    try:
        with files_in(path) as listing:
            for file in listing[:50]:
                with suppress(UnreadableImageError):
                    if len(file.read()) > 256 * 2**20:
                        return "it is read without end"
    except UnreadableSourceError as error:
        return sentence(str(error))
    return "it is opened" if case.verdict == Verdict.REFUSED else ""

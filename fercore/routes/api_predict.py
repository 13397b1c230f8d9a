"""Photos in, faces and seven probabilities each out."""

import asyncio
import json
from collections.abc import Sequence
from functools import partial
from itertools import takewhile
from threading import Event
from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from fercore.errors import visible
from fercore.language import tr
from fercore.routes import api_access
from fercore.routes.api_errors import PRIVATE, ApiError
from fercore.routes.api_limits import Turns, UploadsMemory
from fercore.routes.api_uploads import SentPhoto, sent_photos

if TYPE_CHECKING:
    from fercore.faces.extraction import Extractor
    from fercore.services.system.installation import Store

RUN_HEADER: Final = "X-Fercore-Run"
HIGHEST_RUN: Final = 2**31 - 1
_LONGEST_SHOWN: Final = 60
_YES, _NO = ("1", "true", "yes"), ("", "0", "false", "no")
_KNOWN: Final = frozenset({"run", "calibrated"})


async def predict(store: "Store", request: Request, memory: UploadsMemory, turns: Turns) -> Response:
    """Read the photos of a form with a run."""
    run, calibrated = _asked(request)
    gone = Event()
    with memory.room() as take:
        async with sent_photos(request, take) as photos:
            watch = asyncio.ensure_future(_gone(request, gone))
            work = partial(_read, store, (run, calibrated), photos, gone)
            try:
                answer = await turns.take(api_access.address(request), work, watch)
            finally:
                watch.cancel()
    if answer is None or gone.is_set():
        raise ClientDisconnect
    return answer


def _asked(request: Request) -> tuple[int | None, bool]:
    """The run and the calibration that the address asks for."""
    query = request.query_params
    if unknown := [name for name in query if name not in _KNOWN]:
        raise ApiError(
            422, "unknown_option", tr("There is no option '{name}': give run or calibrated.", name=_shown(unknown[0]))
        )
    run, calibrated = query.get("run"), query.get("calibrated", "").lower()
    return None if run is None else run_number(run), _is_yes(calibrated)


def run_number(word: str) -> int:
    """The number of a run; raises ApiError."""
    if not (word.isascii() and word.isdigit() and len(word) <= 10 and int(word) <= HIGHEST_RUN):
        raise ApiError(422, "no_number", tr("'{word}' is not the number of a run.", word=_shown(word)))
    return int(word)


def _shown(word: str) -> str:
    return visible(word)[:_LONGEST_SHOWN]


def _is_yes(word: str) -> bool:
    if word not in (*_YES, *_NO):
        raise ApiError(422, "no_choice", tr("'{word}' is neither true nor false.", word=_shown(word)))
    return word in _YES


async def _gone(request: Request, gone: Event) -> None:
    """Return when the client has hung up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    gone.set()


def _read(store: "Store", asked: tuple[int | None, bool], sent: Sequence[SentPhoto], gone: Event) -> Response | None:
    """The answer, made in a thread of its own; nothing once the client is gone."""
    from fercore.services.prediction import demo_model, photos, warm_models

    if gone.is_set():
        return None
    run = asked[0] if asked[0] is not None else demo_model.default_run(store)
    if run is None:
        raise ApiError(404, "no_model", tr("There is no trained model yet: train a backbone first."))
    demo_model.check_shown(store, run)
    reader = warm_models.reader(store, run, asked[1])
    named = ((photo.name, photo.read) for photo in takewhile(lambda _: not gone.is_set(), sent))
    read = [photos.as_json(each) for each in photos.predict_each(lambda: reader, named, _finder(store))]
    headers = {**PRIVATE, RUN_HEADER: str(run)}
    return Response(json.dumps(read, allow_nan=False), media_type="application/json", headers=headers)


def _finder(store: "Store") -> "Extractor":
    """The detector; one that is set up wrongly is not the client's mistake, who does not hear of files here."""
    from fercore.errors import FercoreError, InputError
    from fercore.services.datasets import detectors

    try:
        return detectors.chosen(store)
    except InputError as error:
        raise FercoreError(str(error)) from error

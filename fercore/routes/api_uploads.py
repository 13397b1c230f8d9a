"""Photos of a multipart form: read into memory up to limits, never onto the disk, and only as files."""

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, Final

import anyio
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from fercore.errors import UnreadableImageError, visible
from fercore.language import tr
from fercore.language.sentences import sentence
from fercore.routes.api_errors import ApiError
from fercore.routes.api_limits import LARGEST_PHOTO, LARGEST_REQUEST, MOST_PHOTOS, READ_SECONDS

FIELD: Final = "photos"
# It logs each fault of a form that a client made, which the client is told.
logging.getLogger("python_multipart").setLevel(logging.ERROR)
_MOST_FIELDS: Final = 8
_LARGEST_FIELD: Final = 16 * 2**10
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class SentPhoto:
    """A photo as it came: its file's name, which means nothing here, and its content."""

    name: str
    size: int
    file: IO[bytes]

    def read(self) -> bytes:
        """All bytes; raises UnreadableImageError where they are too many."""
        if self.size > LARGEST_PHOTO:
            raise UnreadableImageError(
                sentence("The picture's file is bigger than {limit} MB.", limit=LARGEST_PHOTO // 2**20)
            )
        self.file.seek(0)
        return self.file.read()


class _Form(MultiPartParser):
    """Starlette's parser without its temporary files, and with a check for the end."""

    spool_max_size = LARGEST_REQUEST + 1
    ended = False

    def on_end(self) -> None:
        """Called at the last boundary: what comes after it is no part of the form."""
        self.ended = True


@asynccontextmanager
async def sent_photos(request: Request, take: Callable[[int], None]) -> AsyncIterator[list[SentPhoto]]:
    """The photos of a request's form in their order; `take` is told of all bytes and may refuse them.

    Raises ApiError for another body, too much of it, no photos, or fields that are none.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        message = tr(
            "Send photos as a multipart form (multipart/form-data), as files in the field '{field}'.", field=FIELD
        )
        raise ApiError(415, "not_a_form", message)
    try:
        with anyio.fail_after(READ_SECONDS):
            form = await _parsed(request, take)
    except TimeoutError:
        message = tr("The request did not arrive within {seconds} seconds.", seconds=READ_SECONDS)
        raise ApiError(408, "too_slow", message) from None
    try:
        yield _photos(form)
    finally:
        await form.close()


async def _parsed(request: Request, take: Callable[[int], None]) -> FormData:
    async def body() -> AsyncGenerator[bytes, None]:
        async for part in _limited(request, take):
            yield part
        if not parser.ended:
            raise MultiPartException(tr("it ends too soon"))

    limits = {"max_files": MOST_PHOTOS, "max_fields": _MOST_FIELDS, "max_part_size": _LARGEST_FIELD}
    parser = _Form(request.headers, body(), **limits)
    try:
        return await parser.parse()
    except (ApiError, ClientDisconnect):
        raise
    except MultiPartException as error:
        if error.message.startswith("Too many files"):
            message = tr(
                "At most {most} photos are read at once. Send the others in further requests.", most=MOST_PHOTOS
            )
            raise ApiError(413, "too_many_photos", message) from error
        raise _broken(error.message) from error
    except Exception as error:  # a form may name a codec that is none, and much else
        raise _broken(type(error).__name__) from error


def _broken(why: str) -> ApiError:
    return ApiError(400, "broken_form", tr("The multipart form is broken: {why}.", why=visible(why.rstrip("."))[:200]))


async def _limited(request: Request, take: Callable[[int], None]) -> AsyncGenerator[bytes, None]:
    """The body, as long as it is not too long."""
    too_large = ApiError(
        413,
        "too_large",
        tr("The request is bigger than {most} MB, the most that is read at once.", most=LARGEST_REQUEST // 2**20),
        Connection="close",
    )
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and (len(declared) > 15 or int(declared) > LARGEST_REQUEST):
        raise too_large
    came = 0
    async for part in request.stream():
        came += len(part)
        if came > LARGEST_REQUEST:
            raise too_large
        take(len(part))
        yield part


def _photos(form: FormData) -> list[SentPhoto]:
    for name, value in form.multi_items():
        if name != FIELD:
            message = tr(
                "The form has an unknown field '{name}': send photos in the field '{field}'.",
                name=visible(name)[:_LONGEST_NAME],
                field=FIELD,
            )
            raise ApiError(422, "unknown_field", message)
        if not isinstance(value, UploadFile):
            message = tr(
                "The field '{field}' is a text. Send the photo itself as a file: no address and no path is read.",
                field=FIELD,
            )
            raise ApiError(422, "not_a_file", message)
    files = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
    if not files:
        raise ApiError(
            422, "no_photos", tr("There are no photos in the form: send them in the field '{field}'.", field=FIELD)
        )
    return [SentPhoto(_name(file.filename, number), file.size or 0, file.file) for number, file in enumerate(files, 1)]


def _name(given: str | None, number: int) -> str:
    """The name that the answer calls a photo by."""
    return visible(given or "")[:_LONGEST_NAME] or f"photo {number}"

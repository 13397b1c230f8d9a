"""A kind of job: its name, its lane, the request it takes, what does it and what is said of it.

Each kind stands in the module that does its work; `services/jobs` lists them all. Requests are pydantic dataclasses or
models: validated where they are submitted and again where they run, kept as JSON in between.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, PlainSerializer, PlainValidator, TypeAdapter, ValidationError

from fercore.errors import InputError
from fercore.lanes import Lane
from fercore.language import tr
from fercore.progress import Progress
from fercore.store import Store

R = TypeVar("R")

STRICT: Final = ConfigDict(extra="forbid")

FilePath = Annotated[Path, PlainValidator(lambda given: Path(given)), PlainSerializer(os.fspath, return_type=Any)]
"""A path whose name may hold bytes that are no text, which pydantic's own type of path refuses."""


class JobRequest(BaseModel):
    """A job's request, where nothing but the job needs it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NamedDataset(JobRequest):
    """A dataset by its name, which follows the dataset when it is renamed."""

    dataset: str


def _nothing(_: dict[str, Any]) -> str:
    return ""


@dataclass(frozen=True)
class JobKind(Generic[R]):
    """One kind of job.

    `run` does the work and returns a result that JSON can hold; `title` and `summary` (of the result) are one line
    each in the reader's language. A `repeatable` job that ended early can be submitted again as it was, and goes on.
    """

    name: str
    lane: Lane
    request: type[R]
    run: Callable[[Store, R, Progress], dict[str, Any]]
    title: Callable[[R], str]
    summary: Callable[[dict[str, Any]], str] = _nothing
    repeatable: bool = False

    def validated(self, arguments: dict[str, Any]) -> R:
        """The request that was stored; raises InputError naming the part that does not fit."""
        try:
            return TypeAdapter(self.request).validate_python(arguments)
        except ValidationError as error:
            first = error.errors()[0]
            raise InputError(
                tr(
                    "A job of kind '{kind}' does not accept {part}: {reason}",
                    kind=self.name,
                    part=".".join(map(str, first["loc"])) or "that",
                    reason=first["msg"],
                )
            ) from error

    def arguments(self, request: R) -> dict[str, Any]:
        """The request as it is stored: what `validated` takes."""
        stored: dict[str, Any] = json.loads(json.dumps(TypeAdapter(self.request).dump_python(request)))
        self.validated(stored)
        return stored

    def work(self, store: Store, arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
        """Do what was stored; raises InputError where it is no request of this kind."""
        return self.run(store, self.validated(arguments), progress)


def stored_title(kind: "JobKind[Any] | None", arguments: dict[str, Any], title: str) -> str:
    """A job's title in the reader's language; as it was written where its kind or request is of another version."""
    if kind is None:
        return title
    try:
        return kind.title(kind.validated(arguments)) or title
    except InputError:
        return title

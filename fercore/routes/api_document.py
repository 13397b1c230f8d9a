"""The API described for programs: an OpenAPI 3.1 document."""

from typing import Any, Final

from fercore import __version__
from fercore.emotions import EMOTIONS
from fercore.routes.api_limits import LARGEST_PHOTO, LARGEST_REQUEST, MOST_PHOTOS
from fercore.routes.api_predict import HIGHEST_RUN, RUN_HEADER
from fercore.routes.api_uploads import FIELD

_ABOUT: Final = (
    "Facial emotion of the faces in photos. Models read expressions, not feelings, are wrong at times, more often for "
    "some groups of people than for others, and are not for decisions about people. Photos are neither stored nor "
    "logged."
)
_MB: Final = 2**20
_ERRORS: Final = {
    "400": "The multipart form is broken.",
    "401": "The token is missing or wrong.",
    "403": "A page of another site asks.",
    "404": "There is no such run, or no trained model yet.",
    "408": "The photos did not arrive in time.",
    "413": "Too many bytes or photos.",
    "415": "The body is no multipart form.",
    "422": "A field or an option cannot be used.",
    "429": "Too many requests: wait as long as Retry-After says.",
    "503": "Busy, or the model cannot be used now: wait as long as Retry-After says.",
}
_EVERYWHERE: Final = ("401", "403", "429", "503")
_RUN: Final = {"type": "integer", "minimum": 0, "maximum": HIGHEST_RUN}
_TEXT: Final = {"type": "string"}
_COUNT: Final = {"type": "integer", "minimum": 0}


def described(needs_token: bool) -> dict[str, Any]:
    """The document of this installation, which asks for a token or does not."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "fercore", "version": __version__, "description": _ABOUT},
        "servers": [{"url": "."}],
        "security": [{"token": []}] if needs_token else [],
        "paths": {
            "/predict": {"post": _predict()},
            "/runs": {"get": _get("runs", "Finished runs, newest first", _list_of("Run"))},
            "/runs/{run}/card": {"get": _card()},
            "/openapi.json": {"get": _get("openapi", "This document", {"type": "object"})},
            "/healthz": {"servers": [{"url": "../.."}], "get": _health()},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Photo": _photo(), "Face": _face(), "Run": _run(), "Card": _card_schema(), "Error": _error()},
        },
    }


def _predict() -> dict[str, Any]:
    form = {
        "type": "object",
        "required": [FIELD],
        "additionalProperties": False,
        "properties": {
            FIELD: {
                "type": "array",
                "minItems": 1,
                "maxItems": MOST_PHOTOS,
                "items": {"type": "string", "contentMediaType": "application/octet-stream"},
                "description": f"Files of at most {LARGEST_PHOTO // _MB} MB each, {LARGEST_REQUEST // _MB} MB in all.",
            }
        },
    }
    return {
        "operationId": "predict",
        "summary": "Find the faces of photos and read their emotions",
        "description": "One entry for each photo, in order; one that cannot be read has an error and no faces.",
        "parameters": [
            {
                **_option("run", _RUN),
                "description": "The run that reads; the chosen or newest one where none is named.",
            },
            {**_option("calibrated", {"type": "boolean"}), "description": "Scale by the run's temperature."},
        ],
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": form}}},
        "responses": _answers(
            "The photos as they were read",
            _list_of("Photo"),
            tuple(_ERRORS),
            {RUN_HEADER: {"description": "The run that read them.", "schema": _RUN}},
        ),
    }


def _get(name: str, summary: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"operationId": name, "summary": summary, "responses": _answers(summary, schema, _EVERYWHERE)}


def _card() -> dict[str, Any]:
    summary = "The model card of a run"
    return {
        "operationId": "card",
        "summary": summary,
        "parameters": [{"name": "run", "in": "path", "required": True, "schema": _RUN}],
        "responses": _answers(summary, _reference("Card"), (*_EVERYWHERE, "404", "422")),
    }


def _health() -> dict[str, Any]:
    answer = {
        "type": "object",
        "required": ["status", "version"],
        "properties": {"status": {"enum": ["ok", "unavailable"]}, "version": _TEXT},
    }
    content = {"application/json": {"schema": answer}}
    return {
        "operationId": "healthz",
        "summary": "A sign of life; needs no token",
        "security": [],
        "responses": {
            "200": {"description": "The database answers.", "content": content},
            "503": {"description": "It does not.", "content": content},
        },
    }


def _answers(
    summary: str, schema: dict[str, Any], errors: tuple[str, ...], headers: dict[str, Any] | None = None
) -> dict[str, Any]:
    good = {"description": summary, "content": {"application/json": {"schema": schema}}}
    bad = {"application/json": {"schema": _reference("Error")}}
    return {
        "200": good if headers is None else {**good, "headers": headers},
        **{status: {"description": _ERRORS[status], "content": bad} for status in sorted(errors)},
    }


def _option(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _list_of(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _reference(name)}


def _object(required: dict[str, Any], more: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": {**required, **(more or {})}}


def _photo() -> dict[str, Any]:
    size = {"type": ["array", "null"], "items": _COUNT, "minItems": 2, "maxItems": 2, "description": "width, height"}
    return _object(
        {"photo": _TEXT, "size": size, "faces": _list_of("Face")},
        {
            "error": {**_TEXT, "description": "Why the photo could not be read."},
            "left_out": {**_COUNT, "description": "Smaller faces beyond the most that are read of a photo."},
        },
    )


def _face() -> dict[str, Any]:
    share = {"type": "number", "minimum": 0, "maximum": 1}
    whole = {"type": "integer"}
    box = {"type": "array", "items": whole, "minItems": 4, "maxItems": 4, "description": "left, top, width, height"}
    return _object(
        {
            "box": box,
            "emotion": {"enum": list(EMOTIONS)},
            "probabilities": _object(dict.fromkeys(EMOTIONS, share)),
            "remarks": {"type": "array", "items": _TEXT, "description": "What may make the reading worse, as small."},
        }
    )


def _run() -> dict[str, Any]:
    names = {"type": "array", "items": _TEXT}
    return _object(
        {
            **{"run": _RUN, "status": _TEXT, "backbone": _TEXT, "recipe": _TEXT, "snapshot": _TEXT},
            **{"trained_on": names, "default": {"type": "boolean", "description": "Reads where no run is named."}},
        }
    )


def _card_schema() -> dict[str, Any]:
    labels = {"type": "array", "items": {"enum": list(EMOTIONS)}}
    return _object(
        {
            **{"run": _RUN, "backbone": _TEXT, "about": _TEXT, "labels": labels},
            **{
                "trained_on": {"type": "array", "items": _TEXT},
                "tested_on": {"type": "array", "items": {"type": "object"}},
            },
        }
    )


def _error() -> dict[str, Any]:
    return _object({"error": _object({"code": _TEXT, "message": _TEXT})})

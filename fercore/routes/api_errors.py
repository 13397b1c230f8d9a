"""Errors of the API: one JSON document with a code for programs and a sentence for people."""

from typing import Any, Final

from starlette.responses import JSONResponse

PRIVATE: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class ApiError(Exception):
    """A request that is not answered: the status, a code that stays, a sentence, and further headers."""

    def __init__(self, status: int, code: str, message: object, **headers: str) -> None:
        super().__init__(str(message))
        self.status, self.code, self.headers = status, code, headers

    @property
    def response(self) -> JSONResponse:
        """The answer; header names have low lines for strokes."""
        given = {name.replace("_", "-"): value for name, value in self.headers.items()}
        return document({"error": {"code": self.code, "message": str(self)}}, self.status, given)


def document(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> JSONResponse:
    """A JSON answer that nobody keeps."""
    return JSONResponse(content, status, {**PRIVATE, **(headers or {})})

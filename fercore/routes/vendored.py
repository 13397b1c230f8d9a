"""Scripts of others, as they were published."""

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

FOLDER: Final = Path(__file__).parent.parent / "ui" / "scatter_map" / "vendor"


def script(request: Request) -> Response:
    """A vendored script by its file name, which says its version: browsers keep it for good."""
    file = next((file for file in FOLDER.glob("*.js") if file.name == request.path_params["name"]), None)
    if file is None:
        return PlainTextResponse("Not found", 404)
    return FileResponse(
        file,
        media_type="text/javascript",
        headers={"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"},
    )

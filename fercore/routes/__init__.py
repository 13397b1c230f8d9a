"""HTTP beside the pages: what is too big for a page's own connection."""

from typing import Final

from starlette.routing import Mount, Route

from fercore.routes import maps, vendored

PREFIX: Final = "fercore"


def mounted(base: str) -> list[Mount]:
    """All routes, below the path at which the app is served ("" or "faces/app")."""
    below = "".join(f"/{part}" for part in base.split("/") if part)
    listed = [
        Route("/maps/{key}/points", maps.points, methods=["GET"]),
        Route("/maps/{key}/columns/{column}", maps.column, methods=["GET"]),
        Route("/maps/{key}/faces/{place:int}", maps.face, methods=["GET"]),
        Route("/maps/{key}/selections", maps.select, methods=["POST"]),
        Route("/vendor/{name}", vendored.script, methods=["GET"]),
    ]
    return [Mount(f"{below}/{PREFIX}", routes=listed)]

"""HTTP beside the pages: what is too big for a page's own connection, and the API for programs."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from starlette.routing import BaseRoute, Mount, Route

from fercore.routes import maps, vendored
from fercore.routes.api import Api

if TYPE_CHECKING:
    from fercore.services.system.installation import Store

PREFIX: Final = "fercore"


def mounted(base: str, opened: "Callable[[], Store] | None" = None) -> list[BaseRoute]:
    """All routes, below the path at which the app is served ("" or "faces/app").

    The API is among them where there is a function that opens the installation.
    """
    below = "".join(f"/{part}" for part in base.split("/") if part)
    listed = [
        Route("/maps/{key}/points", maps.points, methods=["GET"]),
        Route("/maps/{key}/columns/{column}", maps.column, methods=["GET"]),
        Route("/maps/{key}/faces/{place:int}", maps.face, methods=["GET"]),
        Route("/maps/{key}/selections", maps.select, methods=["POST"]),
        Route("/vendor/{name}", vendored.script, methods=["GET"]),
    ]
    api = [] if opened is None else Api(opened).routes(below)
    return [Mount(f"{below}/{PREFIX}", routes=listed), *api]

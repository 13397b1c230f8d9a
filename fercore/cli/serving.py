"""Commands that answer others until they are stopped: the app, its API alone, and tools for assistants."""

import ipaddress
import os
import socket
import subprocess
import sys
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Final

import click

from fercore.cli.common import CommandContext, complain, pass_context
from fercore.settings import APP

if TYPE_CHECKING:
    from fercore.services.system.installation import Store

_LONGEST_HEADERS: Final = 32 * 1024
_MOST_CONNECTIONS: Final = 512
_END_SECONDS: Final = 5


@click.command("serve")
@click.option(
    "--address", "--host", "address", default="localhost", show_default=True, help="Network address to listen on."
)
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True, help="TCP port.")
@click.option("--api-only", is_flag=True, help="Serve the API for programs without the pages.")
@pass_context
def serve_command(context: CommandContext, address: str, port: int, api_only: bool) -> None:
    """Serve the app to browsers, or its API alone, until it is stopped."""
    if api_only:
        _serve_api(context, address, port)
        return
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(APP),
        "--server.address",
        address,
        "--server.port",
        str(port),
    ]
    sys.exit(subprocess.call(command))


def _serve_api(context: CommandContext, address: str, port: int) -> None:
    import uvicorn

    from fercore.routes.api_app import api_only

    store: Store = context.store  # what is wrong with it is said before anybody asks
    listening = _listen(address, port)
    config = uvicorn.Config(
        api_only(lambda: store, address),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # a client could name itself as it likes
        ws="none",
        h11_max_incomplete_event_size=_LONGEST_HEADERS,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=_END_SECONDS,
    )
    if not store.settings.api_token.get_secret_value() and not _is_loopback(address):
        complain(f"warning: whoever reaches {address} can use the API: set FERCORE_API_TOKEN to ask for a token.")
    click.echo(
        f"The API is at http://{_shown(address)}:{listening.getsockname()[1]}/api/v1/ (Ctrl+C stops it)", err=True
    )
    Thread(target=_warm, args=(store,), daemon=True).start()
    uvicorn.Server(config).run(sockets=[listening])


def _warm(store: "Store") -> None:
    """Load what the first photo would wait for; what cannot be loaded, its request will say."""
    from fercore.services.datasets import detectors
    from fercore.services.prediction import demo_model, warm_models

    with suppress(Exception):
        detectors.chosen(store)
        run = demo_model.default_run(store)
        if run is not None:
            warm_models.reader(store, run)


def _listen(address: str, port: int) -> socket.socket:
    """A socket that listens; raises UsageError where that cannot be."""
    try:
        family = socket.getaddrinfo(address or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        return socket.create_server((address, port), family=family, backlog=256)
    except OSError as error:
        raise click.UsageError(f"{address}:{port} cannot be listened on: {_reason(error)}.") from error


def _reason(error: OSError) -> str:
    if isinstance(error, socket.gaierror) or error.errno is None:
        return str(error.strerror)
    return os.strerror(error.errno)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _shown(address: str) -> str:
    return f"[{address}]" if ":" in address else address


@click.command("mcp")
@click.option(
    "--allow-writes", is_flag=True, help="Offer the tools that change something, too: training and cancelling."
)
@pass_context
def mcp_command(context: CommandContext, allow_writes: bool) -> None:
    """Offer datasets, runs and predictions as tools to an assistant, over standard input and output (MCP).

    Tools only read unless --allow-writes is given.
    """
    from fercore.cli.assistant_server import server

    server(lambda: context.store, allow_writes).run("stdio")


COMMANDS: Final[tuple[click.Command, ...]] = (serve_command, mcp_command)

"""The tools offered to an assistant by the Model Context Protocol, over standard input and output."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import click

from fercore import __version__
from fercore.cli.assistant_tools import READING, WRITING, ReadingTools, WritingTools
from fercore.errors import FercoreError
from fercore.services.system.installation import Store

MISSING: Final = (
    "Tools for assistants need the package mcp: pip install 'mcp>=2.3,<3', or fercore with its extra of that name."
)
_ABOUT: Final = (
    "fercore curates datasets of face crops, trains CNN backbones for facial emotion and compares them. Numbers come "
    "from its own store. Its models read expressions, not feelings, and are not for decisions about people."
)


def server(opened: Callable[[], Store], allow_writes: bool) -> Any:
    """A server of the `mcp` package with the tools; raises UsageError without the package."""
    try:
        from mcp.server.mcpserver import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
        from mcp.types import ToolAnnotations
    except ImportError as error:
        raise click.UsageError(MISSING) from error

    def explained(tool: Callable[..., Any]) -> Callable[..., Any]:
        """A foreseen failure is told in its sentence."""

        @wraps(tool)
        def told(*given: Any, **named: Any) -> Any:
            try:
                return tool(*given, **named)
            except FercoreError as failure:
                raise ToolError(str(failure)) from failure

        return told

    made = MCPServer("fercore", version=__version__, instructions=_ABOUT, log_level="WARNING")
    store = opened()
    reading, writing = ReadingTools(store), WritingTools(store)
    reads = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    writes = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=False, open_world_hint=False)
    for name in READING:
        made.add_tool(explained(getattr(reading, name)), annotations=reads)
    for name in WRITING if allow_writes else ():
        made.add_tool(explained(getattr(writing, name)), annotations=writes)
    return made

"""A client of an ASGI app in this process, without a server."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import anyio
from starlette.datastructures import Headers


@dataclass
class Answer:
    """What came back; `content` is unpacked."""

    status: int
    headers: Headers
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    def json(self) -> Any:
        return json.loads(self.content)


@dataclass
class Client:
    """Asks an app, with the same headers each time."""

    app: Any
    headers: dict[str, str] = field(default_factory=dict)
    address: str | None = None

    def get(self, path, **headers):
        return self.ask("GET", path, headers=headers)

    def post(self, path, values):
        return self.ask("POST", path, json.dumps(values).encode())

    def ask(self, method, path, body=b"", headers=None):
        """One request, its body in one part or in several, after which None lets it wait for ever; `headers` have low
        lines for strokes."""
        given = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        with ThreadPoolExecutor(1) as own:  # Playwright leaves a loop running in the thread of the tests
            return own.submit(anyio.run, self._ask, method, path, body, self.headers | given).result()

    async def _ask(self, method, path, body, headers):
        path, _, query = path.partition("?")
        parts = [body] if isinstance(body, bytes) else list(body)
        length = str(sum(len(part) for part in parts if part))
        all_headers = {"accept-encoding": "gzip", "content-length": length, "host": "localhost"} | headers
        scope = {
            "type": "http", "http_version": "1.1", "method": method, "scheme": "http", "path": path, "root_path": "",
            "raw_path": path.encode(), "query_string": query.encode(), "server": ("localhost", 80),
            "client": self.address and (self.address, 1),
            "headers": [(name.lower().encode(), value.encode()) for name, value in all_headers.items()],
        }  # fmt: skip
        messages = []

        async def receive():
            if not parts or parts[0] is None:
                await anyio.sleep_forever()  # the client waits for its answer
            return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

        async def send(message):
            messages.append(message)

        await self.app(scope, receive, send)
        first = Headers(raw=messages[0]["headers"])
        content = b"".join(message.get("body", b"") for message in messages[1:])
        content = gzip.decompress(content) if first.get("content-encoding") == "gzip" else content
        return Answer(messages[0]["status"], first, content)

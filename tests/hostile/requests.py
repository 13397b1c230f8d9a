"""Requests that are built to mislead whoever reads them; each must end in an answer, mostly a refusal."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.hostile.case import good
from tests.routes.forms import BOUNDARY, TYPE, Part, files, form

START = b"--" + BOUNDARY.encode() + b"\r\n"
NAMED = b'Content-Disposition: form-data; name="photos"; filename="a.jpg"\r\n'
MB = 2**20


@dataclass(frozen=True)
class Sent:
    """A request: its body, headers that are not the usual ones, and the statuses that may answer it."""

    name: str
    make: Callable[[], bytes]
    statuses: tuple[int, ...]
    options: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def names() -> Iterator[Sent]:
    """Names of files that lead somewhere, or break the part's head."""
    for name in (
        *(
            "../../etc/passwd",
            "/etc/passwd",
            "C:\\windows\\system.ini",
            "\\\\server\\share",
            "http://localhost/",
            "a" * 3000,
        ),
        *("..", "", " ", "%00", "%2e%2e%2f", "a\\", "$(reboot)", "'; DROP TABLE runs; --", "<script>alert(1)</script>"),
        *("얼굴.jpg", "\u202egpj.exe", "CON", "nul.jpg", "a/b/c.jpg", "{0}", "%s%n", "\x7f"),
    ):
        yield Sent(f"name {name[:30]!r}", lambda name=name: form(Part(good(), name)), (200,))


def forms() -> Iterator[Sent]:
    kind = "content-type"
    whole = lambda: files(good())  # noqa: E731  # a body like any other
    table = {
        "boundary missing": (whole, 400, {kind: "multipart/form-data"}),
        "boundary empty": (whole, 400, {kind: "multipart/form-data; boundary="}),
        "boundary of another": (whole, 400, {kind: "multipart/form-data; boundary=other"}),
        "boundary of 300 letters": (whole, 400, {kind: "multipart/form-data; boundary=" + "b" * 300}),
        "boundary twice": (whole, (200, 400), {kind: f"{TYPE}; boundary=other"}),
        "boundary in quotes": (whole, 200, {kind: f'multipart/form-data; boundary="{BOUNDARY}"'}),
        "kind in capitals": (whole, (200, 400), {kind: TYPE.replace("multipart", "MULTIPART")}),
        "kind mixed": (whole, 415, {kind: TYPE.replace("form-data", "mixed")}),
        "kind of many semicolons": (whole, (200, 400), {kind: TYPE + ";" * 5000}),
        "kind endless": (whole, (200, 400), {kind: TYPE + "; a=" + "b" * 20_000}),
        **{
            f"charset {name}": (whole, (200, 400, 422), {kind: f"{TYPE}; charset={name}"})
            for name in ("utf-16", "punycode", "idna", "undefined", "zlib_codec", "rot13", "unicode_escape", "x" * 99)
        },
        "nothing": (lambda: b"", 400, {}),
        "only an end": (form, 422, {}),
        "no end": (lambda: form(Part(good()), end=False), 400, {}),
        "no first boundary": (lambda: form(Part(good()))[2:], 400, {}),
        "cut off": (lambda: whole()[:-30], 400, {}),
        "twice": (lambda: whole() + whole(), 200, {}),
        "line feeds alone": (lambda: whole().replace(b"\r\n", b"\n"), 400, {}),
        "boundaries in the photo": (lambda: files(b"--" + BOUNDARY.encode() + b"--" + good()), (200, 400), {}),
        "1,000 parts": (lambda: form(*[Part(b"x")] * 1000), 413, {}),
        "1,000 texts": (lambda: form(*[Part(b"x", None)] * 1000), 400, {}),
        "a megabyte of carriage returns": (lambda: files(b"\r" * MB), 200, {}),
        "a megabyte of nearly boundaries": (lambda: files((b"\r\n--" + BOUNDARY.encode()[:-1]) * (MB // 19)), 200, {}),
        "a megabyte of empty lines": (lambda: b"\r\n" * (MB // 2), 400, {}),
        "40 MB in a photo": (lambda: files(good() + bytes(40 * MB)), 200, {}),
        "65 MB": (lambda: files(bytes(65 * MB)), 413, {}),
        "a text of 20 kB": (lambda: form(Part(b"x" * 20_000, None)), 400, {}),
        "an address": (lambda: form(Part(b"http://169.254.169.254/latest/meta-data", None)), 422, {}),
        "a path": (lambda: form(Part(b"/etc/passwd", None)), 422, {}),
        "a path in another field": (lambda: form(Part(b"/etc/passwd", None, "path")), 422, {}),
        "a photo and a path": (lambda: form(Part(good()), Part(b"/etc/passwd", None)), 422, {}),
        "another field": (lambda: form(Part(good(), field="image")), 422, {}),
        "a field without a name": (
            lambda: START + b'Content-Disposition: form-data; filename="a"\r\n\r\nx\r\n',
            400,
            {},
        ),
        "a part without a head": (lambda: START + b"\r\nx\r\n" + form(), 400, {}),
        "100 headers": (lambda: START + b"A: b\r\n" * 100 + NAMED + b"\r\nx\r\n" + form(), 400, {}),
        "a header of 100 kB": (
            lambda: START + b"A: " + b"b" * 100_000 + b"\r\n" + NAMED + b"\r\nx\r\n" + form(),
            400,
            {},
        ),
        "a header without a colon": (lambda: START + b"A\r\n" + NAMED + b"\r\nx\r\n" + form(), 400, {}),
        "named twice": (lambda: START + NAMED + NAMED + b"\r\n" + good() + b"\r\n" + form(), (200, 400), {}),
        "coded in base64": (
            lambda: START + b"Content-Transfer-Encoding: base64\r\n" + NAMED + b"\r\neA==\r\n" + form(),
            200,
            {},
        ),
        "packed": (whole, (200, 400), {"content-encoding": "gzip"}),
        "a range": (whole, 200, {"range": "bytes=0-1"}),
        "another method asked for": (whole, 200, {"x-http-method-override": "DELETE"}),
        "a forwarded address": (whole, 200, {"x-forwarded-for": "127.0.0.1", "x-forwarded-host": "evil.example"}),
        "a cookie of 8 kB": (whole, 200, {"cookie": "a=" + "b" * 8000}),
        "a token of 8 kB": (whole, 200, {"authorization": "Bearer " + "b" * 8000}),
        "JSON": (lambda: b'{"photos": ["/etc/passwd"]}', 415, {kind: "application/json"}),
        "deep JSON": (lambda: b"[" * 100_000, 415, {kind: "application/json"}),
        "XML": (lambda: b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", 415, {kind: "text/xml"}),
        "a plain form": (lambda: b"photos=/etc/passwd", 415, {kind: "application/x-www-form-urlencoded"}),
    }
    for name, (make, statuses, headers) in table.items():
        yield Sent(f"form: {name}", make, statuses if isinstance(statuses, tuple) else (statuses,), headers=headers)


def options() -> Iterator[Sent]:
    for option in (
        *(
            "run=",
            "run=0",
            "run=-1",
            "run=1.0",
            "run=1e3",
            "run=0x1",
            "run=%00",
            "run=1%0a",
            "run=" + "9" * 4000,
            "run=NaN",
        ),
        *(
            "run=../../etc",
            "run=1%27--",
            "run=%EF%BC%91",
            "calibrated=maybe",
            "path=/etc/passwd",
            "url=http://localhost",
        ),
        *("photo=/etc/passwd", "run=99999", "=", "%ff=1"),
    ):
        yield Sent(f"option {option[:30]}", lambda: files(good()), (404, 422), f"?{option}")
    for option in ("run=1&run=1", "run=1&run=2", "run=00001", "", "calibrated=", "calibrated=FALSE"):
        yield Sent(f"option {option!r}", lambda: files(good()), (200, 404), f"?{option}")


def listed() -> list[Sent]:
    """All requests."""
    return [*names(), *forms(), *options()]

"""A crawler of the app's pages: it opens, chooses and presses what it finds, and watches for faults after each step."""

import io
from collections.abc import Iterator
from contextlib import suppress

from playwright.sync_api import ConsoleMessage, Error, FilePayload, Locator, Page

from fercore.drawing.photos import portrait_photo
from tests.browser.running import at_rest, visit
from tests.crawl.controls import CONTROLS, Control, destructive, name_of
from tests.crawl.server_log import LogReader

PAGES = (
    "",
    "datasets",
    "review",
    "tasks",
    "adjudicate",
    "audit",
    "agreement",
    "reviewer",
    "history",
    "map",
    "snapshots",
    "train",
    "recipes",
    "sweeps",
    "runs",
    "compare",
    "predict",
)
WIDTHS = (300, 900, 1400)  # of the photos that are given to uploaders
PROBED = ("/_stcore/health", "/_stcore/host-config")
MOST_OPTIONS = 12
ODD_TEXT = "x **y** <b>z</b> $q$"
KEYS = (
    *("1", "7", "8", "x", "Escape", "z", "f", "Escape", "l", "=", "-"),
    *("ArrowDown", "End", "Home", "?", "Escape", "Enter"),
)
# What a name may have been made into: bold, a link, an emoji, a formula.
RENDERED = """() => {
  const main = document.querySelector('[data-testid=stApp]');
  const bold = [...main.querySelectorAll('strong strong, b, em')].map(node => node.textContent);
  const links = [...main.querySelectorAll('a')].filter(node => new URL(node.href).pathname === '/b');
  const parts = [...bold, ...links.map(node => node.href)];
  if (main.querySelector('.katex')) parts.push('a formula');
  if (main.innerText.includes('\\u{1F604}')) parts.push('an emoji');
  return parts;
}"""


class Crawler:
    """One browser tab on one running app, in one language and theme."""

    def __init__(self, page: Page, url: str, log: LogReader, code: str = "en") -> None:
        self.page, self.url, self.log = page, url, log
        self.done: set[tuple[str, Control]] = set()
        self.steps: list[str] = []
        self._noise: list[str] = []
        self._destructive = destructive(code)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._noise.append(f"script: {error}"))
        page.on("request", lambda arguments: self._noise.extend(_elsewhere(arguments.url, url)))

    def _hear(self, answers: ConsoleMessage) -> None:
        """Note an error, but for the addresses that Streamlit's frontend tries first on every deep link."""
        if answers.type == "error" and not answers.location.get("url", "").endswith(PROBED):
            self._noise.append(f"console: {answers.text} {answers.location.get('url')}")

    def visit(self, path: str) -> None:
        """Open a page by its address and look at it."""
        self.steps.append(f"/{path}")
        visit(self.page, f"{self.url}/{path}")
        self.check()

    def crawl(self, path: str, destructive: bool = False, most: int = 400) -> int:
        """Use everything on a page that was not used yet; returns how many steps that took."""
        if destructive:  # what was opened and chosen before leads to the buttons once more
            self.done = {(where, used) for where, used in self.done if where != path or used.kind == "button"}
        self.visit(path)
        for step in range(most):
            here = next(self.controls(path, destructive), None)
            if here is not None:
                self.use(path, *here)
            elif self._dialog().count():
                self._leave_dialog()
            else:
                return step
        return most

    def _leave_dialog(self) -> None:
        """Escape closes a dialog; a tip or a list that is open over it is closed by the first one."""
        for _ in range(3):
            self.page.keyboard.press("Escape")
            with suppress(Error):
                self._dialog().first.wait_for(state="detached", timeout=3_000)
                return
        raise AssertionError(f"Escape does not close {self._dialog().first.inner_text()!r} after {self.steps[-8:]}")

    def controls(self, path: str, destructive: bool) -> Iterator[tuple[Control, Locator]]:
        """What is there to use and was not used yet, in the order of the page."""
        root: Page | Locator = self._dialog().first if self._dialog().count() else self.page
        for kind, selector in CONTROLS.items():
            for node in root.locator(selector).all():
                with suppress(Error):  # a node that was drawn anew meanwhile is met again later
                    if not (kind == "file" or node.is_visible()) or not node.is_enabled():
                        continue
                    control = Control(kind, name_of(node))
                    harms = kind == "button" and bool(self._destructive.fullmatch(control.name))
                    if (path, control) not in self.done and (destructive or not harms):
                        yield control, node

    def _dialog(self) -> Locator:
        return self.page.locator("[data-testid=stDialog] [role=dialog]:visible")

    def use(self, path: str, control: Control, node: Locator) -> None:
        """Do the one thing that a control is for, and look at what came of it."""
        self.done.add((path, control))
        self.steps.append(f"{control.kind} {control.name!r}")
        with suppress(Error):  # the page may have been drawn anew between the look and the click
            if control.kind == "select":
                self._choose(control, node)
            elif control.kind == "multiselect":
                self._choose(control, node, most=1)
            elif control.kind == "file":
                several = node.get_attribute("multiple") is not None
                node.set_input_files([_photo(width) for width in (WIDTHS if several else WIDTHS[:1])])
            elif control.kind == "number":
                self._type(node, "3")
            elif control.kind == "text":
                self._type(node, ODD_TEXT)
            else:
                node.click(timeout=5_000)
        self.check()
        self._come_back(path)

    def keys(self) -> None:
        """Press every key of the review grid."""
        for key in KEYS:
            self.steps.append(f"key {key}")
            self.page.keyboard.press(key)
        self.check()

    def check(self) -> None:
        """Wait until the page is at rest, and fail for any fault that shows."""
        at_rest(self.page)
        shown = [node.inner_text() for node in self.page.locator("[data-testid=stException]").all()]
        faults = [*shown, *self._noise, *self.log.faults(), *map("rendered: {}".format, self.page.evaluate(RENDERED))]
        self._noise.clear()
        assert not faults, "\n".join([*faults, "after: " + " → ".join(self.steps[-12:])])

    def _choose(self, control: Control, node: Locator, most: int = MOST_OPTIONS) -> None:
        box = node.locator("input").first
        box.click(timeout=5_000)
        options = self.page.locator("[role=option]")
        with suppress(Error):
            options.first.wait_for(timeout=2_000)
        words = [option.inner_text() for option in options.all()][:most]
        self.page.keyboard.press("Escape")
        for word in words:
            self.steps.append(f"choose {word!r}")
            box.click(timeout=5_000)
            self.page.get_by_role("option", name=word, exact=True).first.click(timeout=5_000)
            self.page.keyboard.press("Escape")
            self.check()

    def _type(self, node: Locator, text: str) -> None:
        node.fill(text, timeout=5_000)
        node.press("Enter")

    def _come_back(self, path: str) -> None:
        """Return to the page after a link or a switch, by its address."""
        if self.page.url.partition("?")[0].rstrip("/") != f"{self.url}/{path}".rstrip("/"):
            self.visit(path)


def _photo(width: int) -> FilePayload:
    """A drawn portrait so wide, as a file; its name is one that Markdown would change."""
    encoded = io.BytesIO()
    portrait_photo([("east", 3), ("west", 5)], seed=4, size=(width, width * 2 // 3)).save(encoded, "JPEG")
    return {"name": f"**{width}** [a](b).jpg", "mimeType": "image/jpeg", "buffer": encoded.getvalue()}


def _elsewhere(request: str, url: str) -> list[str]:
    return (
        [] if request.startswith((url, url.replace("http", "ws", 1), "data:", "blob:")) else [f"elsewhere: {request}"]
    )

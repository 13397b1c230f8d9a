"""What there is to use on a page, and which of it destroys."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator

from fercore import language

# The buttons that delete, end or overwrite something: pressed last, on a copy of the installation.
DESTRUCTIVE = (
    "Delete",
    "Delete it",
    "Delete this dataset",
    "Delete this person's data",
    "Delete them",
    "Delete dataset",
    "Delete run {run}",
    "Delete '{name}' for good",
    "Delete everything of this person",
    "Undo",
    "Forget",
    "Revert {count} decision",
    "Revert {count} decisions",
    "Revert them",
    "Undo this revert",
    "Rename",
    "Retire",
    "Retire them",
    "Close",
    "Cancel",
    "Cancel all",
)
# Clicks are looked for inside the open dialog where there is one, else on the whole page, side bar included.
CONTROLS = {
    "expander": "[data-testid=stExpander] summary",
    "tab": "[data-testid=stTab], [role=tab]",
    "popover": "[data-testid=stPopover] button",
    "select": "[data-testid=stSelectbox]",
    "multiselect": "[data-testid=stMultiSelect]",
    "group": "[data-testid=stMain] [data-testid=stButtonGroup] button",
    "checkbox": "[data-testid=stCheckbox]",
    "number": "[data-testid=stNumberInput] input",
    "text": "[data-testid=stTextInput] input, [data-testid=stTextArea] textarea",
    "button": "[data-testid=stButton] button, [data-testid=stFormSubmitButton] button",
    "download": "[data-testid=stDownloadButton] button",
    "link": "[data-testid=stMain] [data-testid=stPageLink] a",
    "matrix": "[data-testid=confusion-cell]",
    "file": "[data-testid=stFileUploader] input[type=file]",
}


@dataclass(frozen=True)
class Control:
    """Something on a page that can be used: its kind, its words, and the option that is chosen in it."""

    kind: str
    name: str
    option: str = ""


def name_of(node: Locator) -> str:
    """What a person would call a control: its label, or else its words."""
    label = node.get_attribute("aria-label") or node.inner_text() or ""
    place = node.get_attribute("data-count") and node.evaluate("one => [...one.parentNode.children].indexOf(one)")
    return " ".join(f"{label} {place or ''}".split())[:120]


def destructive(code: str) -> re.Pattern[str]:
    """A pattern for the buttons that destroy something, in this language; icons stand before some."""
    catalogue = language._catalogue(code) if code != "en" else {}
    words = [re.escape(catalogue.get(sentence) or sentence) for sentence in DESTRUCTIVE]
    filled = [re.sub(r"\\{\w+\\}", ".+", word) for word in words]
    return re.compile(rf"(\w+ )?({'|'.join(filled)})")

"""Names that users give, as text: nothing in them is Markdown, HTML, a colour or an icon."""

import re
from typing import Final

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


def plain(name: object) -> str:
    """A name as Markdown that shows exactly its letters, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(name).split()))

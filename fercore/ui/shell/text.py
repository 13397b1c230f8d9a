"""Text from outside (names, file names, messages) in places where Streamlit reads Markdown."""

import re
import string
from typing import Final

_PUNCTUATION: Final = re.compile(f"[{re.escape(string.punctuation)}]")
# Streamlit turns these into arrows and signs where white space stands around them, escaped or not.
_SIGN: Final = re.compile(r"(?<!\S)(<->|->|<-|--|>=|<=|~=)(?!\S)")
_WORD_JOINER: Final = "\u2060"  # has no width


def literal(text: object) -> str:
    """The text as Markdown that shows it exactly as it stands, on one line."""
    line = " ".join(str(text).splitlines())
    joined = _SIGN.sub(lambda match: _WORD_JOINER.join(match[0]), line)
    return _PUNCTUATION.sub(r"\\\g<0>", joined)

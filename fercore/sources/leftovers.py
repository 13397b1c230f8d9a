"""Files of a source that are not read: told in one notice, with the names."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

from fercore.language import counts
from fercore.sources.record import Notice

NAMED: Final = 10  # in the sentence
LISTED: Final = 1000  # with the notice


def leftovers(title: str, others: Sequence[str], links: Sequence[str]) -> Iterator[Notice]:
    """The notice that files were left out by the ending of their names, and links since they lead elsewhere."""
    if not others and not links:
        return
    endings = Counter(PurePosixPath(name).suffix.lower() or "without ending" for name in others)
    parts = []
    if others:
        shown = ", ".join(f"{ending} {count:,}" for ending, count in endings.most_common(NAMED))
        more = ", …" if len(endings) > NAMED else ""
        parts.append(f"{counts.files(len(others))} by ending ({shown}{more})")
    if links:
        count = f"{len(links):,}" if others else counts.files(len(links))
        parts.append(f"{count} by link (links that lead out of the source are not followed)")
    names = sorted([*others, *links])
    more = ", …" if len(names) > NAMED else ""
    why = f"Left out: {', '.join(parts)}: {', '.join(names[:NAMED])}{more}"
    yield Notice(title, why, tuple(names[:LISTED]))

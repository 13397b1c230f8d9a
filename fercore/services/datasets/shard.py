"""A part of a source, for several machines that read it together."""

import zlib
from dataclasses import dataclass
from typing import Final

from fercore.errors import InputError
from fercore.language import tr


@dataclass(frozen=True)
class Shard:
    """The `number`-th of `count` parts of a source, 1 to `count`; every photo is in exactly one."""

    number: int = 1
    count: int = 1

    def has(self, name: str) -> bool:
        """True if what is called so belongs to this part, on any machine."""
        return zlib.crc32(name.encode()) % self.count == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


def parse_shard(text: str) -> Shard:
    """'3/16' to the third of sixteen parts; raises InputError."""
    number, _, count = text.partition("/")
    if number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count):
        return Shard(int(number), int(count))
    raise InputError(tr("'{text}' is not a part of a source. Write 3/16 for the third of sixteen parts.", text=text))


WHOLE: Final = Shard()

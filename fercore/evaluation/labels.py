"""The labels that an evaluation was counted with, as a hash: two evaluations are comparable where it is the same."""

import hashlib
from collections.abc import Iterable


def labels_hash(labelled: Iterable[tuple[str, int]]) -> str:
    """SHA-256 in hex over the sorted (pixel hash, label index 0–6) of all faces, whatever their order."""
    digest = hashlib.sha256()
    for line in sorted(f"{pixels} {label}\n" for pixels, label in labelled):
        digest.update(line.encode())
    return digest.hexdigest()

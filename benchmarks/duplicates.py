"""Copies planted in real faces, found by fercore and by all pairs of dHash; then a million generated faces, timed.

    python benchmarks/duplicates.py FER2013.npz [--planted 300] [--million 1000000]

FER2013.npz holds `images` (N, 48, 48) uint8, all of one source. Such a source has copies of its own: faces with the
same pixels are taken once, and a found pair of two faces of the source says nothing about precision here (no list says
which are right). Precision counts only pairs with a planted copy: right with its original or another copy of it, left
out where the other face is one that the search without planted copies joins to the original, else wrong.
"""

import argparse
import resource
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Final

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.picture_changes import CHANGES
from fercore.curation.duplicates import groups, search
from fercore.curation.duplicates.search import pixel_keys
from fercore.faces.pixels import pixel_hash

DHASH_LIMITS: Final = (2, 6, 10)


def dhashes(faces: np.ndarray) -> np.ndarray:
    """(N,) uint64: signs of differences between neighbours in 9x8 pictures (the plain dHash)."""
    small = np.stack([cv2.resize(face, (9, 8), interpolation=cv2.INTER_AREA) for face in faces])
    return np.packbits((small[:, :, 1:] > small[:, :, :-1]).reshape(len(faces), 64), axis=1).view(np.uint64)[:, 0]


def all_pairs(hashes: np.ndarray, limit: int) -> list[tuple[int, int, int]]:
    """Every pair of hashes that differ in at most `limit` bits, and in how many."""
    found = []
    for at, word in enumerate(hashes[:-1]):
        bits = np.bitwise_count(hashes[at + 1 :] ^ word)
        near = np.flatnonzero(bits <= limit)
        found += [(at, at + 1 + int(other), int(bits[other])) for other in near]
    return found


def plant(faces: np.ndarray, each: int, seed: int) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Copies of random faces under each change: the copies, the places of their originals, the changes' names."""
    random = np.random.default_rng(seed)
    origins = random.choice(len(faces), each * len(CHANGES), replace=False)
    names = [name for name in CHANGES for _ in range(each)]
    copies = [
        np.rint(CHANGES[name][1](faces[origin].astype(np.float32), random)).astype(np.uint8)
        for name, origin in zip(names, origins, strict=True)
    ]
    return np.stack(copies), origins, names


def find(faces: np.ndarray) -> search.Copies:
    """The copies among (N, 48, 48) faces."""
    return search.find(pixel_keys([pixel_hash(face) for face in faces]), lambda at: faces[at])


def own_groups(faces: np.ndarray) -> tuple[search.Copies, dict[int, int]]:
    """The source's own copies, and the number of the group of each face that has some."""
    copies = find(faces)
    made = groups.grouped(copies, lambda _: groups.FaceFacts(None, "train", False, 0.0), lambda at: faces[at])
    return copies, {face: number for number, group in enumerate(made) for face in group.faces}


def measure(file: str, each: int, seed: int) -> None:
    """Recall by change and precision, beside dHash."""
    faces = np.load(file)["images"]
    count = len(faces)
    faces = faces[sorted(np.unique(faces.reshape(count, -1), axis=0, return_index=True)[1])]
    begun = time.perf_counter()
    own, group = own_groups(faces)
    print(f"{count:,} faces, {len(faces):,} different; the source's own altered copies: {len(own.pairs):,} pairs, "
          f"{time.perf_counter() - begun:.1f} s")  # fmt: skip
    copies, origins, names = plant(faces, each, seed)
    together = np.concatenate([faces, copies])
    begun = time.perf_counter()
    ours = find(together)
    between = time.perf_counter()
    plain = all_pairs(dhashes(together), max(DHASH_LIMITS))
    print(f"{len(together):,} faces, {len(copies):,} of them planted: fercore {between - begun:.1f} s, "
          f"dHash {time.perf_counter() - between:.1f} s")  # fmt: skip
    methods = {"fercore": {(pair.face, pair.other) for pair in ours.pairs}}
    methods |= {f"dHash<={limit}": {(a, b) for a, b, bits in plain if bits <= limit} for limit in DHASH_LIMITS}
    recalls(ours, methods, origins, names, len(faces))
    print("\nPairs with a planted copy: right, of the source's own group (left out), wrong, precision")
    origin = np.concatenate([np.arange(len(faces)), origins])
    for method, found in methods.items():
        tally = judged(found, origin, group, len(faces))
        right, wrong = tally["right"], tally["wrong"]
        precision = right / (right + wrong) if right + wrong else float("nan")
        print(f"{method} | {right:,} | {tally['own']:,} | {wrong:,} | {precision:.4f}")


def recalls(
    ours: search.Copies, methods: dict[str, set[tuple[int, int]]], origins: np.ndarray, names: list[str], faces: int
) -> None:
    """Print the share of planted copies that are paired with their originals, and of ours that are named rightly.

    A copy that has its original's pixels stands for no change: it is left out.
    """
    kinds = {(pair.face, pair.other): str(pair.kind) for pair in ours.pairs}
    print("\nRecall by change\n" + " | ".join(["change", "n", "kind named", *methods]))
    for name, (kind, _) in CHANGES.items():
        places = [faces + at for at, other in enumerate(names) if other == name]
        planted = [(int(origins[at - faces]), at) for at in places if ours.picture[at] == at]
        named = [kinds[pair] == kind for pair in planted if pair in kinds]
        shares = [np.mean([pair in found for pair in planted]) for found in methods.values()]
        print(" | ".join([name, str(len(planted)), f"{np.mean(named):.3f}", *(f"{share:.3f}" for share in shares)]))


def judged(found: set[tuple[int, int]], origin: np.ndarray, group: dict[int, int], faces: int) -> dict[str, int]:
    """Found pairs with a planted copy: right, of the source's own group, or wrong."""
    tally: dict[str, int] = defaultdict(int)
    for first, second in found:
        if max(first, second) < faces:
            continue
        one, other = int(origin[first]), int(origin[second])
        is_own = one in group and group.get(one) == group.get(other)
        tally["right" if one == other else "own" if is_own else "wrong"] += 1
    return tally


class Generated:
    """Mixtures of 96 smooth pictures and noise, drawn in blocks, the same at every reading; every hundredth is a
    lighter copy of the one before it, moved by a pixel."""

    BLOCK: Final = 4096

    def __init__(self) -> None:
        random = np.random.default_rng(7)
        sides = np.repeat((3, 5, 8, 12, 16, 24), 16)
        parts = [
            cv2.resize(random.normal(size=(side, side)), (48, 48), interpolation=cv2.INTER_CUBIC) for side in sides
        ]
        self._parts = (np.stack(parts).reshape(len(sides), -1) * (40 / sides[:, None] ** 0.5)).astype(np.float32)
        self._noise = random.normal(0, 4, self.BLOCK * 2304).astype(np.float32)
        self.seconds = self.processor = 0.0

    def read(self, places: np.ndarray) -> np.ndarray:
        """Faces by their places: (n,) to (n, 48, 48) uint8."""
        begun, busy = time.perf_counter(), time.process_time()
        faces = np.empty((len(places), 48, 48), np.uint8)
        blocks = places // self.BLOCK
        for number in np.unique(blocks):
            rows = np.flatnonzero(blocks == number)
            faces[rows] = self._block(int(number))[places[rows] % self.BLOCK]
        self.seconds += time.perf_counter() - begun
        self.processor += time.process_time() - busy
        return faces

    def _block(self, number: int) -> np.ndarray:
        random = np.random.default_rng([7, number])
        mixed = random.standard_normal((self.BLOCK, len(self._parts)), np.float32) @ self._parts
        mixed += np.roll(self._noise, int(random.integers(len(self._noise)))).reshape(mixed.shape) + 128
        faces = np.clip(mixed, 0, 255).astype(np.uint8).reshape(-1, 48, 48)
        for at in range(1, self.BLOCK, 100):
            faces[at] = np.clip(np.roll(faces[at - 1], 1, axis=1).astype(np.int16) + 15, 0, 255)
        return faces


def million(count: int) -> None:
    """Time and memory of a search among so many generated faces."""
    made = Generated()
    keys = np.stack([np.arange(count, dtype=np.uint64), np.zeros(count, np.uint64)], axis=1)
    begun, busy = time.perf_counter(), time.process_time()
    marks: dict[str, float] = {}

    def note(done: int, total: int, message: str) -> None:
        marks[message] = time.perf_counter() - begun

    copies = search.find(keys, made.read, note)
    seconds = time.perf_counter() - begun
    cores = time.process_time() - busy - made.processor
    planted = {(at, at + 1) for at in range(count - 1) if at % Generated.BLOCK % 100 == 0}
    hits = len(planted & {(pair.face, pair.other) for pair in copies.pairs})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{count:,} generated faces: {seconds:.1f} s, of which {made.seconds:.1f} s drew the faces: "
          f"{seconds - made.seconds:.1f} s hashing, pairing and confirming, {cores:.1f} s of one core; "
          f"peak memory {peak:,.0f} MB")  # fmt: skip
    print(f"planted pairs found: {hits:,} of {len(planted):,}; other pairs: {len(copies.pairs) - hits:,}")
    print(", ".join(f"{message} until {at:.1f} s" for message, at in marks.items()))


def main() -> None:
    """Print both parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", help="real faces; without it only the generated ones are timed")
    parser.add_argument("--planted", type=int, default=300, help="copies of each change")
    parser.add_argument("--million", type=int, default=1_000_000, help="generated faces; 0 for none")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.million:
        million(arguments.million)
    if arguments.file:
        measure(arguments.file, arguments.planted, arguments.seed)


if __name__ == "__main__":
    main()

"""How often the tests of a difference err where there is none: 5 % is what they promise.

    python benchmarks/significance.py [--times 10000]

Draws pairs of equally good runs again and again, and prints how often each test says "different" at 5 %: McNemar's
exact and mid-p tests with 100 to 400 discordant faces, the bootstrap over clusters of faces with 50 to 200 clusters
beside the same that takes all faces for independent, and the crossed bootstrap over faces and seeds with 3, 5 and 10
seeds on each side beside the t test over seeds alone.
"""

import argparse
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from scipy import stats

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fercore.evaluation.bootstrap import crossed, paired
from fercore.evaluation.significance import mcnemar_p

ALPHA = 0.05
DRAWS = 1_000
CHUNK = 250


def mcnemar_rates(discordant: int, times: int) -> tuple[float, float]:
    """How often the exact and the mid-p test err with that many discordant faces."""
    only_first = np.random.default_rng(discordant).binomial(discordant, 0.5, times)
    exact, middle = mcnemar_p(only_first, discordant - only_first)
    return float((exact < ALPHA).mean()), float((middle < ALPHA).mean())


def clustered(count: int, seed: int) -> tuple[bool, bool]:
    """One pair of runs on people who are each read better by one of them: errors by cluster, and by single face."""
    chance = np.random.default_rng(seed)
    people = np.repeat(np.arange(count), chance.integers(4, 16, count))
    better = chance.normal(0, 0.15, (2, count))[:, people]
    right = chance.random((2, len(people))) < np.clip(0.6 + better, 0, 1)
    gaps = right[0].astype(float) - right[1]
    only = [np.array(int((gaps == sign).sum())) for sign in (1, -1)]
    by_face = mcnemar_p(only[0], only[1])[1]
    return paired(gaps, people, seed, DRAWS).p_value < ALPHA, bool(by_face < ALPHA)


def over_seeds(count: int, seed: int) -> tuple[bool, bool]:
    """One pair of trainings of so many seeds: errors of the crossed bootstrap, and of a t test over accuracies."""
    chance = np.random.default_rng(seed)
    hard = chance.beta(2, 1.5, 600)
    sides = [
        chance.random((count, 600))
        < np.clip(hard + chance.normal(0, 0.02, (count, 1)) + chance.normal(0, 0.1, (count, 600)), 0, 1)
        for _ in range(2)
    ]
    apart = stats.ttest_ind(sides[0].mean(1), sides[1].mean(1), equal_var=False).pvalue
    return crossed(*sides, np.arange(600), seed, DRAWS).p_value < ALPHA, bool(apart < ALPHA)


def chunk(job: tuple[str, int, int]) -> np.ndarray:
    """The errors of one part of the draws."""
    name, count, start = job
    one: Callable[[int, int], tuple[bool, bool]] = {"clusters": clustered, "seeds": over_seeds}[name]
    return np.array([one(count, start + number) for number in range(CHUNK)])


def rates(pool: ProcessPoolExecutor, name: str, count: int, times: int) -> np.ndarray:
    """The shares of errors over all draws, in two processes."""
    jobs = [(name, count, start) for start in range(0, times, CHUNK)]
    return np.concatenate(list(pool.map(chunk, jobs))).mean(0)


def main() -> None:
    """Print the rates."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=10_000)
    times = parser.parse_args().times
    print(f"{times:,} pairs of equal runs each; share of 'different' at {ALPHA:.0%}")
    for discordant in (100, 200, 400):
        exact, middle = mcnemar_rates(discordant, times)
        print(f"{discordant} discordant faces: McNemar exact {exact:.2%}, mid-p {middle:.2%}")
    with ProcessPoolExecutor(2) as pool:
        for count in (50, 100, 200):
            by_cluster, by_face = rates(pool, "clusters", count, times)
            print(f"{count} people: clustered bootstrap {by_cluster:.2%}; McNemar as if of single faces {by_face:.2%}")
        for count in (3, 5, 10):
            both, alone = rates(pool, "seeds", count, times)
            print(f"{count} seeds each: crossed bootstrap {both:.2%}; t test over the seeds' accuracies {alone:.2%}")


if __name__ == "__main__":
    main()

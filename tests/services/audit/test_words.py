"""The hit rate of findings in words, in both languages."""

import pytest

from fercore.evaluation.hit_rate import HitRate
from fercore.language import use
from fercore.services.audit import words


@pytest.fixture(autouse=True)
def english_again():
    yield
    use("en")


@pytest.mark.parametrize(
    ("right", "wrong", "unsure", "english", "korean"),
    [
        (0, 0, 0, "known from 20 decisions on (0 decisions so far)", "판정 20건부터 표시 (지금까지 판정 0건)"),
        (1, 0, 0, "known from 20 decisions on (1 decision so far)", None),
        (
            *(10, 9, 3),
            "known from 20 decisions on (19 decisions so far, 3 not sure or disputed)",
            None,
        ),
        (15, 5, 0, "75% (53% – 89%, 20 decisions)", None),
        (20, 0, 1, "100% (84% – 100%, 20 decisions, 1 not sure or disputed)", None),
        (0, 1200, 0, "0% (0% – 0%, 1,200 decisions)", None),
    ],
)
def test_a_hit_rate(right, wrong, unsure, english, korean):
    found = HitRate(right, wrong, unsure)
    assert words.rate(found) == english
    use("ko")
    said = words.rate(found)
    assert said != english and not any(word in said for word in ("decision", "sure", "known"))
    assert (f"{right / max(right + wrong, 1):.0%} (" in said) == (right + wrong >= 20)
    assert korean is None or said == korean

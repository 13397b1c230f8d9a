"""From an audit to review, its hit rate, a snapshot without leaks, and the same test set with and without them."""

import pytest

from fercore.services.comparison import stored_evaluations, training_overlap
from tests.browser.audit_steps import audit, freeze, judge, planted, read_both, review
from tests.services.comparison.conftest import evaluate, faces_of, run

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_an_audit_leads_to_review_to_its_hit_rate_and_to_a_snapshot_without_leaks(app, page):
    planted(app.store)
    audit(app, page)
    review(app, page)
    judge(app, page)
    freeze(app, page)
    with_and_without(app, page)


def with_and_without(app, page):
    """Two runs as if trained on either snapshot: one evaluation is told to be inflated, the other is not."""
    numbers = [run(app.store, name) for name in ("leaky", "clean")]
    for number in numbers:
        # Review may have rejected one of them.
        evaluate(app.store, number, "D", "test", [3] * len(faces_of(app.store, "D", "test")))
    views = stored_evaluations.listed(app.store)
    known = {view.run: training_overlap.learned(app.store, view) for view in views}
    assert known[numbers[1]].is_nothing and (known[numbers[0]].faces or known[numbers[0]].copies)
    at = {view.run: view.id for view in views}
    read_both(app, page, at[numbers[0]], at[numbers[1]])

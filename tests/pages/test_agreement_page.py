"""The page Agreement: two people's figures, and what it says where there are none."""

from tests.conftest import fill
from tests.pages.conftest import opened, texts
from tests.store.review.test_decisions import decide


def test_two_people_are_compared_and_compared_again_after_a_decision(lite):
    ids = fill(lite, "D", [n % 7 for n in range(8)])
    for n, face in enumerate(ids):
        decide(lite, "anna", face, emotion=n % 7)
        decide(lite, "bora", face, emotion=n % 7 if n else 5)
    app = opened("curate/agreement.py")
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["agreeing pairs"] == "0.875" and float(shown["Fleiss' kappa"]) > 0.8
    assert "8 faces were decided by at least two people" in texts(app)
    decide(lite, "bora", ids[0], emotion=0)
    app.run()
    assert {metric.label: metric.value for metric in app.metric}["Gwet's AC1"] == "1.000"


def test_where_nobody_shares_a_face_it_is_said(lite):
    fill(lite, "D", [0, 1])
    app = opened("curate/agreement.py", "ko")
    assert not app.metric and "두 사람이 함께 판정한 얼굴이 없습니다" in texts(app)

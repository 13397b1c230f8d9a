"""Remarks on a face in the page's words, in both languages."""

import pytest

from fercore.faces.remarks import QualityRemark
from fercore.language import use
from fercore.ui.prediction import remarks

BOX = (5, 6, 31, 33)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "The face is small: 31 pixels."), ("ko", "얼굴이 작습니다: 31픽셀.")]
)
def test_a_small_face_is_said_with_its_side(language, said):
    use(language)
    assert remarks.sentences([QualityRemark.SMALL], BOX) == said


@pytest.mark.parametrize("language", ["en", "ko"])
def test_each_remark_has_a_sentence_of_its_own(language):
    use(language)
    sentences = [remarks.sentences([remark], BOX) for remark in QualityRemark]
    assert len(set(sentences)) == len(QualityRemark) and all(sentences)
    assert remarks.sentences(list(QualityRemark), BOX) == " ".join(sentences)
    assert remarks.sentences([], BOX) == ""

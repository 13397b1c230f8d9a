"""Remarks on a face's picture in the words of the page."""

from collections.abc import Sequence

from fercore.faces import quality
from fercore.faces.boxes import Box
from fercore.faces.remarks import QualityRemark
from fercore.language import tr


def sentences(remarks: Sequence[QualityRemark], box: Box) -> str:
    """A sentence for each remark on the face in that box, or nothing."""
    words = {
        QualityRemark.SMALL: tr("The face is small: {pixels} pixels.", pixels=quality.side(box)),
        QualityRemark.BLURRED: tr("The face is blurred."),
        QualityRemark.TURNED: tr("The face seems turned, tilted or partly covered."),
        QualityRemark.DARK: tr("The face is poorly lit."),
        QualityRemark.BRIGHT: tr("The face is overexposed."),
        QualityRemark.UNFAMILIAR: tr("The face is unlike those that the model learned."),
    }
    return " ".join(words[remark] for remark in remarks)

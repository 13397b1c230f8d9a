"""Checks of audits in words."""

from fercore.curation.checks import Check, Verdict
from fercore.emotions import EMOTIONS
from fercore.evaluation.hit_rate import LEAST, HitRate
from fercore.faces.attributes import Gender
from fercore.language import tr, trn
from fercore.services.audit.methods import Method
from fercore.splits import SPLITS


def titles() -> dict[Check, str]:
    """The checks as people read them."""
    return {
        Check.DUPLICATES: tr("Duplicates"),
        Check.LEAKS: tr("Leaks"),
        Check.FACES: tr("Not whole faces"),
        Check.LABELS: tr("Suspicious labels"),
        Check.BIAS: tr("Bias and shortcuts"),
    }


def purposes() -> dict[Check, str]:
    """The findings of each check in a sentence."""
    return {
        Check.DUPLICATES: tr("Faces that show the same picture as another one: equal, brighter, compressed, mirrored."),
        Check.LEAKS: tr("Held-out faces that another split has, too, as a picture or as a person."),
        Check.FACES: tr("Pictures that are blank, text, half a face, several faces, or unlike the others."),
        Check.LABELS: tr("Labels that models which have not seen the face find unlikely."),
        Check.BIAS: tr("Groups that share an emotion too often, and properties that give the emotion away."),
    }


def kinds() -> dict[str, str]:
    """The kinds of copies, of faults of a picture, and of people on both sides."""
    return {
        "exact": tr("equal"),
        "blank": tr("blank"),
        "brightness": tr("brighter or darker"),
        "near": tr("compressed or noisy"),
        "cropped": tr("shifted"),
        "mirrored": tr("mirrored"),
        "person": tr("same person"),
        "text or drawing": tr("text or drawing"),
        "half face": tr("half a face"),
        "several faces": tr("several faces"),
        "unusual": tr("unusual"),
    }


def verdicts() -> dict[Verdict, str]:
    """The words with which people judge a pair."""
    return {
        Verdict.SAME_PICTURE: tr("Same picture"),
        Verdict.SAME_PERSON: tr("Same person"),
        Verdict.DIFFERENT: tr("Different"),
        Verdict.UNSURE: tr("Not sure"),
    }


def rate(found: HitRate) -> str:
    """A share of right findings with its interval, or how many decisions there are of those that it takes."""
    if found.share is None or found.interval is None:
        so_far = trn("{count} decision so far", "{count} decisions so far", found.decided)
        return tr("known from {least} decisions on ({so_far})", least=LEAST, so_far=f"{so_far}{_unsure(found)}")
    low, high = found.interval
    decided = trn("{count} decision", "{count} decisions", found.decided)
    return f"{found.share:.0%} ({low:.0%} – {high:.0%}, {decided}{_unsure(found)})"


def _unsure(found: HitRate) -> str:
    """Findings of which people are not sure or differ: they count in no share."""
    if not found.unsure:
        return ""
    return ", " + trn("{count} not sure or disputed", "{count} not sure or disputed", found.unsure)


def methods() -> dict[Method, str]:
    """The methods that doubt labels."""
    return {
        Method.FEATURES: tr("small networks on features, cross-validated"),
        Method.CROSSVAL: tr("a backbone, cross-validated"),
        Method.RUN: tr("a run's predictions of faces that it has not learned"),
        Method.DYNAMICS: tr("the course of a run's training"),
    }


def properties() -> dict[str, str]:
    """Properties of faces and measures of pictures in words."""
    return {
        "emotion": tr("Emotion"),
        "split": tr("Split"),
        "gender": tr("Gender"),
        "age": tr("Age"),
        "dataset": tr("Dataset"),
        "brightness": tr("Brightness"),
        "contrast": tr("Contrast"),
        "sharpness": tr("Sharpness"),
        "border brightness": tr("Brightness of the border"),
        "border contrast": tr("Contrast of the border"),
    }


def value(word: str) -> str:
    """A value of a property; names of datasets are as their users wrote them."""
    return tr(word) if word in (*EMOTIONS, *SPLITS, *Gender) else word

"""AI Hub's download in small: every emotion, every trap of reference and practice, in one tree."""

import json
from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from fercore.drawing.photos import portrait_photo
from fercore.emotions import EMOTIONS
from tests.sources.generated.writing import jpeg, write_files, write_zip

ENCODINGS = ("utf-8", "utf-8-sig", "cp949", "euc-kr")
SIZE = (120, 90)  # of the upright pictures
HEAD = {"minX": 32, "minY": 14, "maxX": 88, "maxY": 70}
CORNERS = (32.0, 14.0, 88.0, 70.0)
NO_AREA = {"minX": 50, "minY": 20, "maxX": 50, "maxY": 60}
_EMOTION_OF = {"기쁨": "Happy", "당황": "Surprise", "분노": "Angry", "불안": "Fear", "상처": "Sad", "슬픔": "Sad"}
_BACKGROUND = "숙박 및 거주공간"
_SPLITS = {"train": ("Training", "TRAIN", "training"), "validation": ("Validation", "VALID", "validation")}


def annotation(word, boxes=HEAD):
    """What one annotator says."""
    return {"boxes": boxes, "faceExp": word, "bg": _BACKGROUND}


def three(*words):
    """Three annotators with good boxes."""
    return dict(zip(("annot_A", "annot_B", "annot_C"), map(annotation, words), strict=True))


@dataclass(frozen=True)
class Case:
    """One picture and what must be read of it."""

    person: int
    folder: str  # the emotion of its folder: the uploader's word
    fields: dict  # of its record, over what is usual
    emotion: str | None
    annotators: tuple[str, ...]
    split: str = "train"
    boxes: tuple = (CORNERS,) * 3
    gender: str = "여"
    age: int = 20
    professional: bool = False
    suffix: str = ".jpg"
    orientation: int = 1
    upper: bool = False  # the person's hash in capitals

    @property
    def subject(self):
        return sha256(str(self.person).encode()).hexdigest()

    @property
    def name(self):
        digest = self.subject.upper() if self.upper else self.subject
        time = f"202101261655{self.person:02d}-010-{self.orientation:03d}"
        return f"{digest}_{self.gender}_{self.age}_{self.folder}_{_BACKGROUND}_{time}{self.suffix}"

    @property
    def record(self):
        usual = {"filename": self.name, "gender": self.gender, "age": self.age}
        usual |= {"isProf": "전문인" if self.professional else "일반인"}
        return usual | {"faceExp_uploader": self.folder, "bg_uploader": _BACKGROUND} | self.fields

    @property
    def picture(self):
        emotion = EMOTIONS.index(_EMOTION_OF.get(self.folder, "Neutral"))
        return jpeg(portrait_photo([("east", emotion)], self.person, SIZE), self.orientation)


_ODD_BOX = {"minX": -7, "minY": 14.5, "maxX": "88", "maxY": "70.0"}
CASES = (
    Case(1, "기쁨", three("기쁨", "기쁨", "기쁨"), "Happy", ("기쁨",) * 3, age=20),
    Case(2, "기쁨", three("기쁨", "당황", "기쁨") | {"age": "30"}, "Happy", ("기쁨", "당황", "기쁨"),
         age=30, suffix=".jpeg", orientation=3),
    Case(3, "당황", three("당황", "불안", "슬픔"), None, ("당황", "불안", "슬픔"), gender="남", orientation=6),
    Case(4, "당황", three("알수없음", "알수없음", "당황"), None, ("알수없음", "알수없음", "당황"), orientation=8),
    Case(5, "불안", {"annot_A": annotation("불안", _ODD_BOX), "annot_B": annotation("불안"), "annot_C": None}, "Fear",
         ("불안", "불안"), "validation", ((0.0, 14.5, 88.0, 70.0), CORNERS), orientation=2),
    Case(6, "상처", {"annot_A": annotation("슬픔"), "annot_B": annotation("상처", NO_AREA),
                   "annot_C": annotation("상처", {})}, "Sad", ("슬픔", "상처", "상처"), "validation", (CORNERS,),
         orientation=4),
    Case(7, "슬픔", {"annot_A": annotation("슬픔")}, None, ("슬픔",), boxes=(CORNERS,), upper=True),
    Case(8, "중립", {}, None, (), "validation", ()),
    Case(9, "분노", three("분노", "분노", "당황"), "Angry", ("분노", "분노", "당황"), professional=True),
    Case(1, "중립", three("중립", "중립", "알수없음"), "Neutral", ("중립", "중립", "알수없음"), "validation"),
)  # fmt: skip
NOWHERE = Case(20, "기쁨", three("기쁨", "기쁨", "기쁨"), "Happy", ("기쁨",) * 3)  # a record without picture
UNNAMED = Case(21, "당황", {}, None, ())  # a picture without record
GARBLED = {"filename": "사진.jpg"} | three("기쁨", "기쁨", "기쁨")
BAD_RECORDS = ([], "text", None, {}, {"filename": 7}, GARBLED)  # all in one JSON file


@dataclass(frozen=True)
class AihubTree:
    """A tree on disk, the pictures that can be read of it by name, and what cannot."""

    root: Path
    photos: dict[str, Case]
    without_picture: tuple[str, ...]
    without_record: tuple[str, ...]
    bad_records: int
    bad_files: tuple[str, ...]  # pieces of their names
    dropped_boxes: int = 2


def aihub_tree(folder, encoding="utf-8-sig", zipped=False, form="NFC", layout="plain", hostile=True):
    """Make a tree below `folder`.

    `zipped` is False, True or "half" (one zip is unpacked beside itself). `form` is that of the names on
    disk; a zip has names in cp949 for NFC and in NFD otherwise. `layout` is plain, numbered or sample.
    `hostile` adds bad records, a JSON file that breaks off and one in no known encoding.
    """
    root = Path(folder) / "aihub"
    groups = _groups(encoding, layout, hostile)
    for number, (above, files) in enumerate(groups.items()):
        if zipped:
            write_zip(root / f"{above}.zip", files, "cp949" if form == "NFC" else "NFD")
        if not zipped or (zipped == "half" and number % 2):
            write_files(root, {f"{above}/{name}": data for name, data in files.items()}, form)
    return AihubTree(
        root=root,
        photos={case.name: case for case in CASES},
        without_picture=(NOWHERE.name,),
        without_record=(UNNAMED.name,),
        bad_records=len(BAD_RECORDS) if hostile else 0,
        bad_files=("(broken)", "(utf16)") if hostile else (),
    )


def _groups(encoding, layout, hostile):
    """{folder: {file name: bytes}}: what AI Hub packs into one zip each."""
    groups, records = defaultdict(dict), defaultdict(list)
    for case in (*CASES, NOWHERE):
        records[case.split, case.folder].append(case.record)
    for case in (*CASES, UNNAMED):
        groups[_place("원천", case.split, case.folder, layout)][case.name] = case.picture
    records["train", "기쁨"].append(records["train", "기쁨"][0])  # the same record again
    if hostile:
        records["train", "분노"] += BAD_RECORDS
        broken = json.dumps([NOWHERE.record] * 2, ensure_ascii=False).encode(encoding)[:-30]
        place = _place("라벨", "train", "기쁨", layout)
        groups[place] |= {"img_emotion_training_data(broken).json": broken}
        groups[place] |= {"img_emotion_training_data(utf16).json": "[기쁨]".encode("utf-16")}
    for (split, word), rows in records.items():
        kind = "sample" if layout == "sample" else _SPLITS[split][2]
        data = json.dumps(rows, ensure_ascii=False).encode(encoding)
        groups[_place("라벨", split, word, layout)][f"img_emotion_{kind}_data({word}).json"] = data
    return groups


def _place(kind, split, word, layout):
    title, tag, _ = _SPLITS[split]
    part = "_01" if kind == "원천" and split == "train" else ""
    match layout:
        case "plain":
            above = PurePosixPath(title, f"[{kind}]EMOIMG_{word}_{tag}{part}")
        case "numbered":
            number = 1 if split == "train" else 2
            room = {"원천": "원천데이터", "라벨": "라벨링데이터"}[kind]
            data = "092.한국인_감정인식을_위한_복합_영상_데이터/01.데이터"
            above = PurePosixPath(data, f"{number}.{title}", room, f"EMOIMG_{word}_{tag}{part}")
        case "sample":
            above = PurePosixPath(f"EMOIMG_{word}_SAMPLE")
    return str(above)

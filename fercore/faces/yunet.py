"""YuNet (Wu et al. 2023), a small network that OpenCV runs; its file is not part of OpenCV."""

import hashlib
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np

from fercore.errors import InputError
from fercore.faces.boxes import median_box
from fercore.faces.decoding import LONG_SIDE, DecodedPhoto, decode_finer
from fercore.faces.looks import Detection, biggest_first, each_once, full_box, is_long, parts
from fercore.faces.opencv import opencv
from fercore.language.sentences import sentence

YUNET_FILE: Final = "face_detection_yunet_2023mar.onnx"
YUNET_URL: Final = "https://github.com/opencv/opencv_zoo/tree/main/models/face_detection_yunet"
_SCORE: Final = 0.6
MAX_MODEL_BYTES: Final = 16 * 2**20  # the published files have less than a quarter of a megabyte
# What the network answers for each cell of these many pixels, and how many numbers of it. OpenCV reads them without
# counting, so that another network's answers would be read beyond their end.
_STRIDES: Final = (8, 16, 32)
_ANSWERS: Final = {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}
_TRIED_SIDE: Final = 64


class YuNet:
    """The detector in a model's file."""

    weak = 0.75

    def __init__(self, model: Path | None) -> None:
        if model is None or not model.is_file():
            what = "FERCORE_YUNET names no file" if model is None else f"'{model}' does not exist"
            raise InputError(
                sentence(
                    "The detector YuNet needs its model: {what}. Get {yunet_file} from {yunet_url}",
                    what=what,
                    yunet_file=YUNET_FILE,
                    yunet_url=YUNET_URL,
                )
            )
        self.version = f"yunet-{_checked(model)[:8]}"
        self._network: Any = opencv().FaceDetectorYN.create(str(model), "", (LONG_SIDE, LONG_SIDE), _SCORE)
        self._lock = Lock()

    def detect(self, photo: DecodedPhoto) -> list[Detection]:
        """Faces, biggest first; the score is the network's confidence, 0 to 1."""
        photo = decode_finer(photo, 2 * LONG_SIDE)
        height, width = photo.gray.shape
        detections: list[Detection] = []
        for left, top, right, bottom in parts(width, height):
            part = opencv().cvtColor(photo.colour[top:bottom, left:right], opencv().COLOR_RGB2BGR)
            with self._lock:
                self._network.setInputSize((right - left, bottom - top))
                rows = self._network.detect(part)[1]
            detections += [] if rows is None else [_face(row, photo, (left, top)) for row in rows]
        return biggest_first(each_once(detections) if is_long(width, height) else detections)


def _face(row: Any, photo: DecodedPhoto, corner: tuple[int, int]) -> Detection:
    x, y, width, height = (float(value) for value in row[:4])
    x, y = x + corner[0], y + corner[1]
    box = median_box([(x, y, x + width, y + height)], photo.gray.shape[::-1])
    left, top, side, _ = box or (0, 0, 1, 1)
    return Detection(full_box((left, top, side, side), photo.scale, photo.size), float(row[14]))


def _checked(model: Path) -> str:
    """SHA-256 in hex of a file that answers as YuNet does; raises InputError."""
    cv2 = opencv()
    try:
        if model.stat().st_size > MAX_MODEL_BYTES:
            raise ValueError("too big")
        data = model.read_bytes()
        network = cv2.dnn.readNetFromONNX(np.frombuffer(data, np.uint8))
        network.setInput(np.zeros((1, 3, _TRIED_SIDE, _TRIED_SIDE), np.float32))
        for kind, count in _ANSWERS.items():
            for stride in _STRIDES:
                if network.forward(f"{kind}_{stride}").size != (_TRIED_SIDE // stride) ** 2 * count:
                    raise ValueError(f"{kind}_{stride} has another form")
    except (cv2.error, OSError, ValueError) as error:  # a foreign network fails in many ways
        raise InputError(
            sentence(
                "'{name}' is not a YuNet model. Get {yunet_file} from {yunet_url}",
                name=model.name,
                yunet_file=YUNET_FILE,
                yunet_url=YUNET_URL,
            )
        ) from error
    return hashlib.sha256(data).hexdigest()

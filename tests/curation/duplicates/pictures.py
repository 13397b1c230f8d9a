"""Pictures as different as faces are, and copies of them with small changes."""

import cv2
import numpy as np

from fercore.curation.duplicates import search
from fercore.faces.pixels import pixel_hash


def pictures(count, seed=0):
    """(count, 48, 48) uint8: smooth random pictures with some fine structure."""
    random = np.random.default_rng(seed)
    total = np.full((count, 48, 48), 128, np.float32)
    for side, strength in ((4, 40), (8, 25), (16, 15), (32, 8)):
        small = random.normal(0, strength, (count, side, side)).astype(np.float32)
        total += np.stack([cv2.resize(each, (48, 48), interpolation=cv2.INTER_CUBIC) for each in small])
    return np.clip(total, 0, 255).astype(np.uint8)


def gray(values):
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def moved(face, down, right):
    return cv2.warpAffine(face, np.float32([[1, 0, right], [0, 1, down]]), (48, 48), borderMode=cv2.BORDER_REPLICATE)


def cropped(face, top, bottom, left, right):
    return cv2.resize(face[top : 48 - bottom, left : 48 - right], (48, 48))


def compressed(face, quality):
    return cv2.imdecode(cv2.imencode(".jpg", face, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_GRAYSCALE)


def rescaled(face, side):
    small = cv2.resize(face, (side, side), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (48, 48), interpolation=cv2.INTER_CUBIC)


def noisy(face, deviation):
    return gray(face + np.random.default_rng(int(face.sum())).normal(0, deviation, face.shape))


def found(faces, **options):
    """The copies among (N, 48, 48) faces."""
    return search.find(search.pixel_keys([pixel_hash(face) for face in faces]), lambda at: faces[at], **options)

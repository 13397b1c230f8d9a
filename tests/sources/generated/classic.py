"""CK+ in its three forms and JAFFE, in small: pictures of noise under the right names."""

from pathlib import Path

import numpy as np

from tests.sources.generated.writing import noise_picture, write_files, write_zip

# Sequences of the original release: person, number, frames, code of the label (None: unlabelled).
SEQUENCES = (
    ("S005", "001", 3, 3),  # disgust
    ("S010", "001", 4, None),
    ("S010", "004", 5, 1),  # anger
    ("S011", "006", 2, 5),  # happy
    ("S138", "008", 3, 2),  # contempt
)
FOLDERS = {"anger": ("S010", 3), "contempt": ("S138", 2), "disgust": ("S005", 1), "happy": ("S011", 2)}
JAFFE_PEOPLE = ("KA", "KL", "KM", "KR", "MK", "NA", "NM", "TM", "UY", "YM")
JAFFE_WORDS = ("AN", "DI", "FE", "HA", "NE", "SA", "SU")


def _put(root, files, zipped):
    return write_zip(root.with_suffix(".zip"), files) if zipped else write_files(root, files)


def ckplus_folders(folder, zipped=False, above=""):
    """CK+ as 48 px PNGs in emotion folders, with contempt; `above` is a level such as "train/"."""
    files = {
        f"{above}{word}/{person}_004_{number:08d}.png": noise_picture([len(word), number])
        for word, (person, count) in FOLDERS.items()
        for number in range(1, count + 1)
    }
    return _put(Path(folder) / "CK+48", files, zipped)


def ckplus_csv(folder, codes=(0, 1, 2, 3, 4, 5, 6, 7, 7), usages=("Training", "PublicTest", "PrivateTest")):
    """Kaggle's ckextended.csv: one row for each code, the usages in turn."""
    path = Path(folder) / "ckextended.csv"
    rows = ["emotion,pixels,Usage"]
    for number, code in enumerate(codes):
        pixels = np.random.default_rng(number).integers(0, 256, 2304)
        rows.append(f"{code},{' '.join(map(str, pixels))},{usages[number % len(usages)]}")
    path.write_text("\n".join(rows) + "\n")
    return path


def _release(sequences):
    """Frames and labels of the original release by name."""
    frames, labels = {}, {}
    for number, (person, sequence, count, code) in enumerate(sequences):
        for frame in range(1, count + 1):
            name = f"cohn-kanade-images/{person}/{sequence}/{person}_{sequence}_{frame:08d}.png"
            frames[name] = noise_picture([number, frame], (64, 49))
        if code is not None:
            name = f"Emotion/{person}/{sequence}/{person}_{sequence}_{count:08d}_emotion.txt"
            labels[name] = f"   {code:.7e}\n".encode()
    return frames, labels


def ckplus_release(folder, packing="folders", sequences=SEQUENCES, changed=None):
    """The original release as folders, as two zips beside each other ("zips"), or in one zip ("one zip").

    `changed` maps relative names to other bytes, or to None for a file that is missing.
    """
    frames, labels = _release(sequences)
    for name, data in (changed or {}).items():
        place = frames if name.startswith("cohn") else labels
        place.pop(name, None)
        if data is not None:
            place[name] = data
    root = Path(folder) / "ck"
    if packing == "one zip":
        return write_zip(root.with_suffix(".zip"), frames | labels)
    if packing == "zips":
        write_zip(root / "extended-cohn-kanade-images.zip", frames)
        write_zip(root / "Emotion_labels.zip", labels)
        return root
    for person, sequence, _, _ in sequences:  # an unlabelled sequence has an empty folder
        (root / "Emotion" / person / sequence).mkdir(parents=True)
    return write_files(root, frames | labels)


def jaffe_tree(folder, zipped=False, people=JAFFE_PEOPLE, suffix=".tiff"):
    """JAFFE with one picture of each emotion and person, gray or with a palette, and its README."""
    files = {"jaffe/README": b"Please read me", "jaffe/jaffe.dist": b"1 2 3"}
    number = 0
    for person in people:
        for word in JAFFE_WORDS:
            number += 1
            mode = "P" if number % 5 == 0 else "L"
            files[f"jaffe/{person}.{word}1.{number}{suffix}"] = noise_picture(number, (60, 60), "TIFF", mode)
    return _put(Path(folder) / "JAFFE", files, zipped)

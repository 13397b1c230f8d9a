"""A short video clip read by a run in a job: faces followed, and what each shows over time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.faces.boxes import Box
from fercore.faces.clip_process import ClipFaces, read_clip
from fercore.faces.pixels import SIDE
from fercore.faces.tracking import Sighting, followed
from fercore.jobs.kinds import JobKind
from fercore.lanes import CLIP, Lane
from fercore.language import counts, tr
from fercore.prediction.face_reader import FaceReader
from fercore.progress import Progress
from fercore.services.datasets import detectors
from fercore.services.prediction import photos, visits
from fercore.services.prediction.visits import VisitJob
from fercore.store import Store

LEAST_SIGHTINGS: Final = 3  # fewer are mostly a detector's mistake, or somebody who walks by
MOST_FACES: Final = 12


class ClipJob(VisitJob):
    """The clip of a visitor."""


@dataclass(frozen=True)
class FollowedFace:
    """One person's face in N pictures of a clip: (N,) `seconds`, boxes, (N, 7) `probabilities`, and the (48, 48)
    `pixels` of the largest.
    """

    seconds: npt.NDArray[np.float64]
    boxes: Sequence[Box]
    probabilities: npt.NDArray[np.float32]
    pixels: npt.NDArray[np.uint8]

    @property
    def shares(self) -> dict[str, float]:
        """The share of the pictures in which each emotion is the likeliest, the most frequent first."""
        likeliest = Counter(EMOTIONS[int(emotion)] for emotion in self.probabilities.argmax(1))
        return {emotion: count / len(self.seconds) for emotion, count in likeliest.most_common()}


@dataclass(frozen=True)
class ClipReading:
    """A clip as a run reads it: its followed faces, those seen most often first; `brief` are left out as they were
    seen in too few pictures, `is_cut` says that the clip goes on.
    """

    seconds: float
    pictures: int
    faces: Sequence[FollowedFace]
    brief: int
    is_cut: bool


def taken(store: Store, token: str) -> ClipReading:
    """The result of a finished clip, which is deleted here; raises StoredDataError if it is gone."""
    result, pixels = visits.taken(store, token)
    faces = [
        FollowedFace(
            np.asarray(face["seconds"], np.float64),
            [tuple(box) for box in face["boxes"]],
            np.asarray(face["probabilities"], np.float32),
            pixels[number],
        )
        for number, face in enumerate(result["faces"])
    ]
    return ClipReading(result["seconds"], result["pictures"], faces, result["brief"], result["is_cut"])


def read(store: Store, request: ClipJob, progress: Progress) -> ClipReading:
    """Read the clip that was handed in, which is deleted then; raises UnreadableSourceError."""
    with visits.files(store, request) as paths:
        progress(0, 0, tr("Loading the model"))
        predictor = photos.load(store, request.run, request.calibrated)
        detector = detectors.choice(store.settings).name
        found = read_clip(
            paths[0],
            detector,
            store.settings.yunet,
            lambda seconds: progress(round(seconds), 0, tr("Looking for faces")),
        )
    return reading(found, predictor)


def reading(found: ClipFaces, predictor: FaceReader) -> ClipReading:
    """The faces of a clip followed and read."""
    paths = followed([[face.box for face in picture.faces] for picture in found.pictures])
    least = min(LEAST_SIGHTINGS, len(found.pictures))
    lasting = [path for path in paths if len(path) >= least]
    last = found.pictures[-1].seconds if found.pictures else 0.0
    faces = [_face(found, path, predictor) for path in lasting[:MOST_FACES]]
    return ClipReading(last, len(found.pictures), faces, len(paths) - len(faces), found.is_cut)


def _face(found: ClipFaces, path: Sequence[Sighting], predictor: FaceReader) -> FollowedFace:
    seen = [found.pictures[sighting.picture].faces[sighting.face] for sighting in path]
    largest = max(seen, key=lambda face: face.box[2])
    return FollowedFace(
        np.array([found.pictures[sighting.picture].seconds for sighting in path]),
        [face.box for face in seen],
        predictor.probabilities(np.stack([face.pixels for face in seen])),
        largest.pixels,
    )


def _run(store: Store, request: ClipJob, progress: Progress) -> dict[str, Any]:
    clip = read(store, request, progress)
    faces = [
        {"seconds": face.seconds.tolist(), "boxes": list(face.boxes), "probabilities": face.probabilities.tolist()}
        for face in clip.faces
    ]
    result = {
        "seconds": clip.seconds,
        "pictures": clip.pictures,
        "faces": faces,
        "brief": clip.brief,
        "is_cut": clip.is_cut,
    }
    pixels = [face.pixels for face in clip.faces]
    visits.finish(store, request, result, np.stack(pixels) if pixels else np.empty((0, SIDE, SIDE), np.uint8))
    return {"seconds": clip.seconds, "faces": len(faces)}


KIND: Final = JobKind(
    CLIP,
    Lane.VISIT,
    ClipJob,
    _run,
    title=lambda request: tr("Read a clip with run {run}", run=request.run),
    summary=lambda result: f"{result['seconds']:.0f} s · {counts.faces(result['faces'])}",
)

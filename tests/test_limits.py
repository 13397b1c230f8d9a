"""Limits and thresholds that people, files and results depend on: none of them changes unnoticed."""

from datetime import timedelta
from importlib import import_module

import pytest

KB, MB, GB = 1024, 1024**2, 1024**3

LIMITS = {
    "curation.agreement": {"CATEGORIES": 8, "REJECTED": 7, "NOBODY": -1, "_INTERVAL": (2.5, 97.5), "_RESAMPLES": 400},
    "curation.pace": {"PAUSE_S": 300},
    "curation.sort_orders": {"_MIDDLE_GRAY": 127.5},
    "faces.boxes": {"AGREE": 0.5},
    "faces.checks": {
        **{"_EYE_SIDE": 120, "_EYE_SHARE": 0.14, "_LITTLE_SKIN": 0.1, "_MOSTLY": 0.5, "_BLURRED": 30, "_COLOURLESS": 4},
        **{"_SKIN_LOW": (0, 133, 77), "_SKIN_HIGH": (255, 173, 127)},
    },
    "faces.contents": {"MAX_FILES": 500_000, "MAX_BYTES": 64 * GB},
    "faces.cropping": {"CONTEXT_SIDE": 192, "CONTEXT_ZOOM": 2.2, "_OUTSIDE": 128, "_JPEG_QUALITY": 85},
    "faces.decoding_limits": {
        "MAX_PIXELS": 178_000_000,
        "MAX_SIDE": 65_535,
        "MAX_MEMORY": 512_000_000,
        "MAX_SCANS": 100,
    },
    "faces.decoding": {"LONG_SIDE": 600, "LONGEST_SHAPE": 2.5, "SCALES": (1, 2, 4, 8)},
    "faces.haar": {
        **{"MIN_FACE": 30, "_CASCADE_SIDE": 24, "_SCALE_STEP": 1.1, "_NEIGHBOURS": 5, "_NEIGHBOURS_REDUCED": 6},
        **{"_REDUCED_SIDE": 28, "_LOOKS": (600, 1200, 2400), "_SMALL": 48},
    },
    "faces.looks": {"PART_SHAPE": 4, "SAME": 0.3},
    "faces.yunet": {"_SCORE": 0.6, "MAX_MODEL_BYTES": 16 * MB, "_STRIDES": (8, 16, 32), "_TRIED_SIDE": 64},
    "faces.files": {"MAX_FILES": 2_000_000, "MAX_FILE_BYTES": 256 * MB},
    "faces.tarballs": {"MAX_HEADER": MB, "MAX_GROWTH": 100, "ALWAYS_ALLOWED": GB, "KEPT_FREE": GB},
    "faces.workers": {"_AHEAD": 3, "_AHEAD_BYTES": 256 * MB},
    "store.jobs.queue": {"SILENCE": timedelta(seconds=20)},
    "store.review.leases": {"LASTS": timedelta(minutes=15)},
    "store.review.offers": {"STANDS": timedelta(minutes=1)},
    "store.datasets.statistics": {"SAMPLE": 5000},
    "store.system.file_swap": {"PATIENCE": 5},
    "services.comparison.table": {"PLACES": (("FER2013", "validation"), ("KFE", "test"), ("JAFFE", "test"))},
    "services.datasets.import_problems": {"LISTED": 1000},
    "services.datasets.imports": {"MAX_FAULTS": 100_000},
    "services.datasets.preview": {"SECONDS": 6, "EXAMPLES": 3, "MOST_EXAMPLES": 24, "MOST_LISTED": 200},
    "services.datasets.statistics": {"EXAMPLES": 8},
    "services.datasets.uploads": {"STALE_SECONDS": 86_400},
    "services.review.adjudication": {"EXAMPLES": 3},
    "services.review.decision_files": {"LONGEST_LINE": 64 * KB},
    "services.review.face_detail": {"NEIGHBOURS": 12},
    "services.review.face_numbers": {"LONGEST": 3000, "HIGHEST": 2_147_483_647},
    "services.review.grid": {"PAGE_SIZES": (60, 90, 120, 150, 200)},
    "services.review.grid_events": {
        **{"MAX_EVENTS": 2000, "MAX_BYTES": 2 * MB, "LONGEST_NOTE": 500, "LARGEST": 2_147_483_647},
    },
    "services.review.label_studio_files": {"LARGEST_MB": 512},
    "services.review.recrop": {"SHOWN_SIDE": 960, "SMALLEST": 16},
    "services.review.reviewers": {"LONGEST": 60},
    "services.review.sort_orders": {"PREPARED": 10_000, "MANY": 50_000, "GROWN": 0.9},
    "services.system.backup_file": {"LONGEST_NAME": 255, "LARGEST_MANIFEST": MB, "MOST_TIMES": 2},
    "services.system.demo": {
        **{"FACES": {"train": 200, "validation": 30, "test": 60}},
        **{"EPOCHS": {"demo-west": 4, "demo-east": 4, "demo-both": 3}},
    },
    "services.system.restore": {"SPARE": 64 * MB},
    "services.training.devices": {"_PATIENCE_S": 120},
    "services.training.paper_sweep": {"WATCHED": "FER2013"},
    "services.training.preflight": {"FEW": 20},
    "services.training.recipes": {"LONGEST": 200},
    "services.training.tracking": {"WAIT": 10, "TRIES_AGAIN": 2},
    "curation.embedding_map": {"LEAST_FACES": 10, "MOST_FITTED": 50_000},
    "cli.assistant_tools": {"LARGEST_PHOTO": 32 * MB},
    "routes.api_limits": {
        **{"LARGEST_REQUEST": 64 * MB, "LARGEST_PHOTO": 32 * MB, "MOST_PHOTOS": 32, "UPLOADS_MEMORY": 192 * MB},
        **{"READ_SECONDS": 60, "MOST_WAITING": 64, "MOST_WAITING_OF_ONE": 32},
    },
    "services.prediction.photos": {"MOST_FACES": 300},
    "services.prediction.warm_models": {"MOST": 4},
    "routes.map_requests": {"MOST_CORNERS": 2000},
    "routes.maps": {"LARGEST_REQUEST": 256 * KB, "FIRST_FACES": 24},
    "services.audit.map_access": {"LASTS": timedelta(hours=1), "MOST_TOKENS": 500, "MOST_SELECTIONS": 8},
    "services.audit.map_columns": {"NONE": 255, "BANDS": 6},
    "services.audit.map_view": {"MOST_DATASETS": 250},
    "ui.comparison.face_pages": {"SHOWN_FACES": 96},
    "ui.comparison.agreement": {"SHOWN_RUNS": 12},
    "ui.comparison.pair": {"SHOWN_FACES": 48},
    "evaluation.bootstrap": {"DRAWS": 4000, "LEAST_SEEDS": 5},
    "ui.review.history": {"LISTED": 500},
    "ui.review_grid.desk": {"RECOUNT_SECONDS": 20},
    "ui.review_grid.payload": {"GUESS": 60},
    "ui.training.recipe_form": {"COLUMNS": 3},
    "ui.widgets.face_list": {"SHOWN": 24},
    "ui.widgets.job_panel": {"SHOWN": 10},
}


@pytest.mark.parametrize("room", LIMITS)
def test_limits(room):
    result = import_module(f"fercore.{room}")
    assert {name: getattr(result, name) for name in LIMITS[room]} == LIMITS[room]

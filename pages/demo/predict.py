"""Predict: a photo in, faces and emotions out."""

import streamlit as st

from fercore.language import tr
from fercore.services.comparison import calibration
from fercore.services.training import run_details
from fercore.statuses import Status
from fercore.ui.prediction import batch, clip, inputs, photos
from fercore.ui.prediction.readers import MOST, Readers
from fercore.ui.shell.layout import nothing_yet, opening
from fercore.ui.shell.session import store
from fercore.ui.widgets import bound_choice, run_choice

opening(
    tr("Try a photo"),
    tr("Give photos, a zip of photos, a short clip or the camera's picture: every face is found and its emotion read."),
)
done = [view for view in run_details.listed(store()) if view.status == Status.DONE and view.run.reported_epoch]
if not done:
    nothing_yet(
        tr("There is no trained model yet. Start the demo on Home, or train a backbone."),
        "pages/start/home.py",
        tr("Go to Home"),
    )

names = run_choice.names(done)
left, right = st.columns(2)
run = bound_choice.box(left, tr("Model"), list(names), "run", names.__getitem__)
beside: list[int] = []
if others := [other for other in names if other != run]:
    words = {"max_selections": MOST - 1, "placeholder": tr("No other model")}
    with right:
        beside = bound_choice.several(tr("Side by side with"), others, "beside", names.__getitem__, **words)
given = inputs.draw()
keep = st.checkbox(
    tr("Keep my photos to improve the models"),
    help=tr("Otherwise they are forgotten as soon as this page is closed."),
)
calibrated = calibration.temperature(store(), run) is not None and st.toggle(
    tr("Calibrated probabilities"),
    key="calibrated",
    help=tr("Scaled by the temperature fitted on validation faces: the emotion stays, its probability changes."),
)
chosen = Readers({each: run_choice.short_name(each, done) for each in (run, *beside)}, calibrated)
photos.show(chosen, given.files.photos, keep, given.shots)
batch.show(chosen, given.files.together)
clip.show(chosen, given.files.clips)

"""Predict: a photo in, faces and emotions out."""

import streamlit as st

from fercore.language import tr
from fercore.services.comparison import calibration
from fercore.services.prediction import demo_model
from fercore.ui.prediction import batch, clip, donation, inputs, model_card, photos
from fercore.ui.prediction.readers import MOST, Readers
from fercore.ui.shell.layout import nothing_yet, opening
from fercore.ui.shell.session import store
from fercore.ui.widgets import bound_choice, run_choice

opening(
    tr("Try a photo"),
    tr("Give photos, a zip of photos, a short clip or the camera's picture: every face is found and its emotion read."),
)
model_card.notice()
offered = demo_model.offered(store())
if not offered:
    nothing_yet(
        tr("There is no trained model yet. Start the demo on Home, or train a backbone."),
        "pages/start/home.py",
        tr("Go to Home"),
    )

names = run_choice.names(offered)
numbers = [view.run.id for view in offered]
left, right = st.columns(2)
run = bound_choice.box(left, tr("Model"), numbers, "run", names.__getitem__)
beside: list[int] = []
if others := [number for number in numbers if number != run]:
    looks = {"max_selections": MOST - 1, "placeholder": tr("No other model")}
    with right:
        beside = bound_choice.several(tr("Side by side with"), others, "beside", names.__getitem__, **looks)
given = inputs.draw()
calibrated = calibration.temperature(store(), run) is not None and st.toggle(
    tr("Calibrated probabilities"),
    key="calibrated",
    help=tr("Scaled by the temperature fitted on validation faces: the emotion stays, its probability changes."),
)
chosen = Readers({number: run_choice.short_name(number, offered) for number in (run, *beside)}, calibrated)
photos.show(chosen, given.files.photos, given.shots)
batch.show(chosen, given.files.together)
clip.show(chosen, given.files.clips)
model_card.card(run)
donation.panel([*given.own, *given.shots])

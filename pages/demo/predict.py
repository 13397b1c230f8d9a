"""Predict: a photo in, faces and emotions out."""

import streamlit as st

from fercore.language import tr
from fercore.services.comparison import calibration
from fercore.services.prediction import demo_model
from fercore.ui.prediction import donation, model_card, photos
from fercore.ui.shell.layout import nothing_yet, opening
from fercore.ui.shell.session import store
from fercore.ui.widgets import bound_choice, run_choice

opening(tr("Try a photo"), tr("Upload a photo or use the camera: every face is found and its emotion read."))
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
run = bound_choice.box(st.container(), tr("Model"), numbers, "run", names.__getitem__)
from_file, from_camera = st.tabs([tr("Upload"), tr("Camera")])
uploads = from_file.file_uploader(
    tr("Photos"),
    None,  # the content of a file says what it is, not its name
    accept_multiple_files=True,
    max_upload_size=50,
    key="photos",
)
shot = None
with from_camera:
    if st.toggle(tr("Use the camera")):
        shot = st.camera_input(tr("Face the camera"))
calibrated = calibration.temperature(store(), run) is not None and st.toggle(
    tr("Calibrated probabilities"),
    key="calibrated",
    help=tr("Scaled by the temperature fitted on validation faces: the emotion stays, its probability changes."),
)
shots = [shot] if shot else []
photos.show(run, uploads, shots, calibrated)
model_card.card(run)
donation.panel([*uploads, *shots])

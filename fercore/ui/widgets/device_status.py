"""One line on which devices a training will run."""

from collections import Counter

import streamlit as st

from fercore.language import tr
from fercore.services.training import devices
from fercore.services.training.devices import BackendReport
from fercore.training.hardware.devices import NAMES
from fercore.training.hardware.precision import DeviceKind
from fercore.ui.shell.session import fragment, store
from fercore.ui.shell.text import literal


def show() -> None:
    """Say it, once it is known: a backend that is asked takes seconds, which nobody waits for."""
    words = devices.cluster(store())
    if words is not None:
        _say(words)
    elif (answer := devices.known(store().settings)) is not None:
        _say(_words(answer))
    else:
        fragment(_wait, run_every=1.0)


def _wait() -> None:
    if devices.known(store().settings) is not None:
        st.rerun()
    st.caption(f":material/progress_activity: {tr('Looking for devices …')}")


def _say(words: str) -> None:
    st.caption(f":material/memory: {literal(words)}")


def _words(answer: BackendReport) -> str:
    settings, seen = store().settings, answer.seen
    names = [devices.described(device) for device in seen.devices if device.kind != DeviceKind.CPU]
    if answer.failure is not None:
        return " ".join(devices.problems(settings, answer))
    if not names:
        backend = NAMES.get(seen.backend, seen.backend)
        cause = devices.cause(settings, seen)
        return tr("Trains on the CPU, as {backend} sees no GPU: {why}.", backend=backend, why=cause)
    if len(names) == 1:
        return tr("Trains on {device}", device=names[0])
    alike = [f"{count} × {device}" for device, count in Counter(names).items()]
    return tr("Trains on one of {devices}", devices=", ".join(alike))

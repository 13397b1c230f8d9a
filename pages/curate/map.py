"""Map: faces that look alike lie side by side; chosen ones go to review."""

from fercore.language import tr
from fercore.services.system import overview
from fercore.ui.audit import face_map
from fercore.ui.shell.layout import nothing_yet, opening
from fercore.ui.shell.session import shown_errors, store

opening(
    tr("Map of faces"), tr("Faces that look alike lie side by side: draw around those that stand out, and review them.")
)
datasets = overview.dataset_ids(store())
if not datasets:
    nothing_yet(tr("There is nothing to map yet."), "pages/curate/datasets.py", tr("Go to Datasets"))
with shown_errors():
    face_map.panel(datasets)

"""Tasks: share a dataset's faces among people, and see how far they are."""

from fercore.language import tr
from fercore.services import overview, tasking
from fercore.ui import renaming, tasks
from fercore.ui.page import nothing_yet, opening
from fercore.ui.session import store

opening(tr("Tasks"), tr("Share the faces of a dataset among people: nobody gets another's, unless two shall see them."))
datasets = list(overview.dataset_ids(store()))
if not datasets:
    nothing_yet(tr("There is nothing to share yet."), "pages/curate/datasets.py", tr("Go to Datasets"))
found = tasking.listed(store())
tasks.form(datasets, expanded=not found)
for standing in found:
    tasks.card(standing)
renaming.people_panel()

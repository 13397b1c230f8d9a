"""Tasks: share a dataset's faces among people, and see how far they are."""

from fercore.language import tr
from fercore.services.review import assignments
from fercore.services.system import overview
from fercore.ui.review import tasks
from fercore.ui.shell.layout import nothing_yet, opening
from fercore.ui.shell.session import store
from fercore.ui.system import names

opening(tr("Tasks"), tr("Share a dataset's faces among people. Each face goes to one person unless you ask for more."))
datasets = list(overview.dataset_ids(store()))
if not datasets:
    nothing_yet(tr("There are no faces to share yet."), "pages/curate/datasets.py", tr("Go to Datasets"))
statuses = assignments.listed(store())
tasks.form(datasets, expanded=not statuses)
for standing in statuses:
    tasks.card(standing)
names.people_panel()

"""History: every decision, by dataset, person and time; a range of them reverted; all of them as a file."""

from fercore.language import tr
from fercore.services.review import history
from fercore.ui.review import decision_files
from fercore.ui.review import history as history_panel
from fercore.ui.shell.layout import nothing_yet, opening
from fercore.ui.shell.session import shown_errors, store

opening(
    tr("History"), tr("Every decision, by person and time. Decisions are never deleted: reverting is recorded too.")
)
decision_files.panel()
reviewers = history.reviewers(store())
if not reviewers:
    nothing_yet(tr("There are no decisions yet."), "pages/curate/review.py", tr("Start reviewing"))
with shown_errors():
    history_panel.panel(history_panel.range_boxes(reviewers))

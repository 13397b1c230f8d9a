"""History: every decision, by dataset, person and time; a range of them reverted; all of them as a file."""

from fercore.language import tr
from fercore.services import reverting
from fercore.ui import decision_files, past
from fercore.ui.page import nothing_yet, opening
from fercore.ui.session import shown_errors, store

opening(tr("History"), tr("Who decided what and when. Decisions are never deleted: reverting is recorded too."))
decision_files.panel()
reviewers = reverting.reviewers(store())
if not reviewers:
    nothing_yet(tr("Nobody has decided anything yet."), "pages/curate/review.py", tr("Start reviewing"))
with shown_errors():
    past.panel(past.asked(reviewers))

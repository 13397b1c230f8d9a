"""The comparison page: what differs is told apart, what has changed is said, and nothing is counted by looking."""

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from fercore.services.comparison import stored_evaluations
from fercore.settings import ROOT
from fercore.store.tables import Dataset, Face
from fercore.ui.comparison.views import VIEWS
from tests.pages.conftest import opened, texts
from tests.store.review.test_decisions import decide


@pytest.fixture
def changed(full):
    """One label of the evaluated split has changed since."""
    with full.database.reading() as session:
        face = session.scalar(select(Face.id).join(Dataset).where(Dataset.name == "D", Face.emotion == 0))
    decide(full, "a", face, emotion=1)
    return full


def compared(language="en", view="confusion"):
    """The comparison page, open at one of its views."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.session_state["language"] = language
    app.query_params["view"] = view
    app.switch_page("pages/models/compare.py").run()
    assert not app.exception, app.exception
    return app


def warnings(app):
    return " ".join(str(box.value) for box in app.warning)


def test_a_training_accuracy_is_called_so(full):
    app = compared()
    assert "Training accuracy" in [metric.label for metric in app.metric]
    assert "These are faces that the run learned" in warnings(app)
    assert "training accuracy" in app.selectbox(key="evaluation").options[0]


def test_a_stale_evaluation_is_marked_and_recounted_only_when_asked(changed):
    app = compared()
    assert "Stale: labels of these faces have changed since" in warnings(app)
    assert "stale" in app.selectbox(key="evaluation").options[0]
    [before] = stored_evaluations.listed(changed)
    compared()
    assert [evaluation.id for evaluation in stored_evaluations.listed(changed)] == [before.id]
    app.button(key="recount-D-train").click().run()
    assert not app.exception and "1 evaluation was recounted" in texts(app)
    [after] = stored_evaluations.listed(changed)
    assert after.recounts == before.id and "Stale" not in warnings(app)
    app.selectbox(key="counted").select_index(1).run()
    assert not app.exception and "Stale" in warnings(app), "the earlier one can still be read"


def test_a_recounted_evaluation_shows_its_new_figures(changed):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    [before] = stored_evaluations.listed(changed)
    app.query_params.update({"view": "confusion", "evaluation": str(before.id), "counted": str(before.id)})
    app.switch_page("pages/models/compare.py").run()
    app.button(key="recount-D-train").click().run()
    [after] = stored_evaluations.listed(changed)
    assert app.query_params["evaluation"] == str(after.id) and "counted" not in app.query_params
    assert "Stale" not in warnings(app)


def test_every_view_opens_and_stands_in_the_address(full):
    for view in VIEWS:
        for language in ("en", "ko"):
            app = compared(language, view)
            assert app.query_params["view"] == view, view


def test_figures_of_a_measure_are_as_the_address_says(full):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.query_params.update({"view": "results", "measure": "macro-f1", "fresh": "yes"})
    app.switch_page("pages/models/compare.py").run()
    assert app.selectbox(key="measure").value == "macro-f1" and app.toggle(key="fresh").value
    app.selectbox(key="measure").select("recall-sad").run()
    app.toggle(key="fresh").set_value(False).run()
    assert app.query_params["measure"] == "recall-sad" and "fresh" not in app.query_params


def test_without_evaluations_the_papers_accuracies_say_what_can_be_concluded(lite):
    app = opened("models/compare.py")
    assert "No evaluation yet" in texts(app)
    assert "Nothing can be concluded: a paired test needs both runs' predictions." in texts(app)
    app.number_input(key="alone-a").set_value(0.7).run()
    assert "However often the runs disagree, a paired test shows a difference" in texts(app)


def test_an_emotion_without_faces_has_no_scores(full):
    with full.database.writing() as session:
        from fercore.store.tables import Evaluation

        evaluation = session.get_one(Evaluation, 1)
        counts = [[0] * 7 for _ in range(7)]
        counts[0][0], counts[1][0] = 3, 1
        evaluation.confusion, evaluation.n, evaluation.accuracy = counts, 4, 0.75
    app = compared()
    scores = next(frame.value for frame in app.dataframe if "Precision" in frame.value)
    assert scores.loc[2, ["Precision", "Recall", "F1"]].isna().all() and scores.loc[2, "n"] == 0
    assert scores.loc[0, "Recall"] == 1.0 and scores.loc[0, "Precision"] == 0.75
    assert scores["Precision"].isna().tolist() == [False] + [True] * 6


def test_below_the_most_frequent_emotion_is_said(full):
    with full.database.writing() as session:
        from fercore.store.tables import Evaluation

        evaluation = session.get_one(Evaluation, 1)
        counts = [[0] * 7 for _ in range(7)]
        counts[3][0], counts[0][0] = 34, 8
        evaluation.confusion, evaluation.accuracy, evaluation.n = counts, 8 / 42, 42
    assert "No better than always answering Happy: 81.0%." in warnings(compared())
    assert "항상 '행복'" in warnings(compared("ko"))


def test_predictions_of_several_runs_are_prepared(full):
    app = compared()
    app.multiselect(key="several-predictions").set_value([1]).run()
    app.button(key="several-prepare").click().run()
    assert not app.exception
    assert [button.label for button in app.get("download_button")].count("Predictions as CSV") == 2


def test_home_names_the_split_of_the_best_run(full):
    app = opened("start/home.py")
    metric = next(element for element in app.metric if element.label == "Best run")
    assert (metric.value, metric.help) == ("–", "No finished run was evaluated on a validation split yet.")


def test_predictions_from_elsewhere_are_uploaded_and_deleted(full):
    with full.database.reading() as session:
        faces = list(
            session.scalars(select(Face.id).join(Dataset).where(Dataset.name == "D", Face.emotion.is_not(None)))
        )
    rows = "".join(f"{face},happy\n" for face in [*faces, 999_999])
    app = compared(view="results")
    app.file_uploader(key="predictions-file").upload("deepface.csv", f"face,prediction\n{rows}".encode(), "text/csv")
    app.text_input(key="predictions-name").set_value("**Deep** <b>Face</b>")
    button = next(button for button in app.button if button.label == "Import predictions")
    button.click().run()
    assert not app.exception
    assert "name no face of this split" in warnings(app) or "names no face of this split" in warnings(app)
    [view] = [view for view in stored_evaluations.listed(full) if view.is_foreign]
    assert view.backbone == "**Deep** <b>Face</b>"
    assert any(str(text.value).count("\\*\\*Deep\\*\\*") for text in (*app.success, *app.markdown)), (
        "a name is no Markdown"
    )
    assert app.selectbox(key="foreign-model").value == view.run, "the button beside it deletes what just came"
    app.button(key="delete-model").click().run()
    assert "All predictions of" in texts(app)
    app.session_state["model-deleted"] = "**Deep**"  # as the dialog leaves it
    assert "**Deep** was deleted." in texts(app.run())


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (None, "DeepFace", "Choose a file of predictions first"),
        (b"face,prediction\n", "DeepFace", "has a header and no rows"),
        (b"face,prediction\n1,joyful\n", "DeepFace", "line 2: 'joyful' is not a known emotion. Nothing was stored."),
        (b"face,prediction\n1,happy\n", " ", "cannot be a model's name"),
    ],
)
def test_what_is_wrong_with_predictions_is_said_calmly(full, content, name, why):
    app = compared(view="results")
    if content is not None:
        app.file_uploader(key="predictions-file").upload("p.csv", content, "text/csv")
    app.text_input(key="predictions-name").set_value(name)
    next(button for button in app.button if button.label == "Import predictions").click().run()
    assert not app.exception and why in warnings(app).replace("\\", "")


def test_a_report_is_made_when_asked_and_read_on_the_page(full):
    app = compared(view="report")
    assert "Report as HTML" not in texts(app)
    app.text_input(key="question").set_value("Is it <b>good</b>?").run()
    next(b for b in app.button if b.label == "Make the report").click().run()
    assert not app.exception, app.exception
    shown = " ".join(str(each.value) for each in app.markdown)
    assert "What may be concluded" in shown and "What may not be concluded" in shown
    assert "Is it <b>good</b>?" in app.query_params["question"]
    app.text_input(key="question").set_value("Another?").run()
    assert "What may be concluded" not in " ".join(str(each.value) for each in app.markdown)

"""Commands that write what other programs read: `export dataset`, `export snapshot`, `export model`."""

from pathlib import Path
from typing import Final

import click

from fercore.cli.common import NUMBER, CommandContext, json_option, left_out_line, pass_context, progress_bar, show
from fercore.language import counts
from fercore.prediction.formats import ModelFormat
from fercore.services.datasets import exports
from fercore.services.datasets.exports import ExportKind, ExportReport, ExportRequest
from fercore.services.prediction import model_export
from fercore.services.prediction.model_export import ModelExportJob, ModelReport

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(exports.FORMATS),
    required=True,
    help="`fercore export --help` says what each is.",
)
to_option = click.option(
    "--to", type=click.Path(path_type=Path), required=True, help="A place that is new or empty; x.zip is packed."
)

replace_option = click.option("--replace", is_flag=True, help="Replace a regular file that has that name.")


@click.group("export")
def export_group() -> None:
    """Faces and models as other programs read them, and faces as `import` reads them back.

    \b
    folder   train/angry/000123.png ...: 48x48 gray PNG in emotion folders, as Keras'
             flow_from_directory reads them. Every split has all seven folders.
             Back: import folder.
    csv      FER2013's own form, emotion,pixels,Usage: its codes, and Training, PublicTest
             and PrivateTest for train, validation and test. Back: import fer2013.
    parquet  one file for each split, which Hugging Face's load_dataset("DIR") reads as an
             image dataset, or one of all where --to ends in .parquet. Pictures, labels and
             all that is known of each face. Back: import parquet.

    \b
    label-studio  a folder of tasks.json, which Label Studio's import takes as it is, and
             config.xml, the labeling setup for its project: pictures, the source's labels as
             predictions, decisions as annotations. Back: review import, of its JSON export.

    Files are numbered as the faces are in this installation. The same content is written as the same bytes.
    Nothing is overwritten but a file with --replace, and an export that is stopped leaves nothing behind.
    """


@export_group.command("dataset")
@click.argument("name")
@format_option
@to_option
@replace_option
@json_option
@pass_context
def export_dataset(context: CommandContext, name: str, form: str, to: Path, replace: bool, as_json: bool) -> None:
    """A dataset as it is labelled now.

    folder and csv take the faces that have a label and are not rejected, as `snapshot` does; the others are counted by
    reason. parquet and label-studio take all: in parquet, unlabelled faces have a null label, rejected ones the state
    'rejected' and the reason, so filter by `state` before you train on it. Photos and who decided what are not written
    (`backup`, `review export`).
    """
    _export(context, ExportRequest(ExportKind.DATASET, name, form, to, replace), as_json)


@export_group.command("snapshot")
@click.argument("name")
@format_option
@to_option
@replace_option
@json_option
@pass_context
def export_snapshot(context: CommandContext, name: str, form: str, to: Path, replace: bool, as_json: bool) -> None:
    """A snapshot with the labels and splits that it froze, whatever was decided since.

    In parquet, `state` and `reason` are null: a snapshot does not freeze them.
    """
    _export(context, ExportRequest(ExportKind.SNAPSHOT, name, form, to, replace), as_json)


@export_group.command("model")
@click.argument("run", type=NUMBER)
@click.option(
    "--format", "form", type=click.Choice([form.value for form in ModelFormat]), required=True, help="The kind of file."
)
@click.option(
    "--to", type=click.Path(path_type=Path), required=True, help="A new file, or a folder in which it gets a name."
)
@replace_option
@json_option
@pass_context
def export_model(context: CommandContext, run: int, form: str, to: Path, replace: bool, as_json: bool) -> None:
    """A trained run's model as a file that needs no fercore.

    \b
    onnx    for ONNX Runtime and others: raw 48x48 gray faces in, probabilities out, any number at a time;
            labels, model card and the data's terms of use are inside. fercore.Predictor reads it, too.
    keras   the training's own file, as it is.
    litert  for phones and small devices (.tflite).

    What is made is compared with Keras on up to 1,000 faces that the run did not learn; a file that differs by 0.0001
    or more is not given out.
    """
    request = ModelExportJob(run=run, format=ModelFormat(form))
    with progress_bar(as_json) as progress:
        report = model_export.write(context.store, request, to, replace, progress)
    show(report, as_json, lambda: _model_line(report))


def _model_line(report: ModelReport) -> str:
    if not report.parity["faces"]:
        return report.file
    compared = f"at most {report.parity['largest']:.1g} from Keras on {counts.faces(report.parity['faces'])}"
    opset = f"opset {report.opset}, " if report.opset else ""
    return f"{opset}{compared}: {report.file}"


def _export(context: CommandContext, request: ExportRequest, as_json: bool) -> None:
    kind: ExportKind = request.kind
    with progress_bar(as_json) as progress:
        report = exports.export(context.store, request, progress)
    show(report, as_json, lambda: "\n".join([_head(report, kind), *left_out_line(report.left_out)]))


def _head(report: ExportReport, kind: ExportKind) -> str:
    others = f", {report.rejected:,} of them rejected, {report.unlabelled:,} without an emotion"
    shown = others if kind == ExportKind.DATASET and report.format in exports.WHOLE else ""
    return f"{counts.faces(report.faces)}{shown}, {counts.files(report.files)}: {report.to}"


COMMANDS: Final[tuple[click.Command, ...]] = (export_group,)

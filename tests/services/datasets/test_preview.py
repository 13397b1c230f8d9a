"""A look at a source ends after a few seconds, whatever the source does."""

import time

import pytest

from fercore.errors import Fault
from fercore.services.datasets import preview
from fercore.services.datasets.imports import ImportRequest
from fercore.sources import readers
from fercore.sources.record import Notice
from tests.services.datasets.test_imports import csv_file, row


def look(store, path, monkeypatch, reader, seconds=5.0):
    monkeypatch.setattr(readers, "reader", lambda source: reader)
    return preview.preview_import(store, ImportRequest("fer2013", path, "D"), seconds)


def test_a_source_that_only_lists_files_is_left_in_time(lite, tmp_path, monkeypatch):
    def listing(path, options, on_progress):
        for _ in range(1000):
            time.sleep(0.01)
            on_progress(0, 0)
        yield Notice("x", "never seen")

    started = time.monotonic()
    result = look(lite, tmp_path, monkeypatch, listing, 0.2)
    assert time.monotonic() - started < 5
    assert (result.listing, result.complete, result.problems) == (True, False, 0)


@pytest.mark.parametrize(("problems", "listed"), [(3, 3), (450, 200)])
def test_all_problems_are_counted_and_the_first_listed(lite, tmp_path, monkeypatch, problems, listed):
    def faulty(path, options, on_progress):
        yield from (Fault(f"line {number}", "bad") for number in range(problems))

    result = look(lite, tmp_path, monkeypatch, faulty)
    assert (result.problems, result.faults, len(result.listed)) == (problems, problems, listed)
    assert result.complete and not result.listing


def test_a_small_source_is_seen_whole(lite, tmp_path):
    request = ImportRequest("fer2013", csv_file(tmp_path, [row(3, 0), row(4, 1)]), "D")
    result = preview.preview_import(lite, request)
    assert (result.faces, result.complete, result.listing) == (2, True, False)

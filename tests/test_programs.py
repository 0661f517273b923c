"""Programs that a page starts: each alone, in order, and a failure is told in one line."""

import pytest

from tfnotes.core.errors import TfnotesError
from tfnotes.programs import run_programs


def test_each_program_starts_anew() -> None:
    count = "import json; json.seen = getattr(json, 'seen', 0) + 1; print(json.seen)"

    assert run_programs([count, "print('你')", count], preload="json") == ["1\n", "你\n", "1\n"]


def test_a_program_that_fails_is_named_by_its_error() -> None:
    with pytest.raises(TfnotesError, match="ValueError: no luck"):
        run_programs(["raise ValueError('no luck')"], preload="json")

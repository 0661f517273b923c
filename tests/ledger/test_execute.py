"""Programs are kept apart, and whatever one does, the others' outcomes come back."""

import pytest

from tfnotes.core.errors import TfnotesError
from tfnotes.ledger.measure import run_programs

CODES = {
    "value": "[tf.constant([1.0, 2.0]), np.float32(3), {'a': (True, None, 'x')}]",
    "raises": "import os\nopen(os.path.abspath('missing'))",
    "warns": "import warnings\nwarnings.warn('careful\\nwith this')\n1",
    "ends": "import os\nos._exit(3)",
    "exits": "import sys\nsys.exit(0)",
    "large": "np.zeros((10, 10), 'float32')",
    "nan": "[float('nan'), float('inf')]",
    "traced": "@tf.function\ndef f(a):\n    if a > 0:\n        a = a * 2\n    return a\nf(tf.constant(4))",
    "prints": "print('x' * 100000)\n1",
}


@pytest.fixture(scope="module")
def outcomes():
    programs = [
        {"id": name, "setup": "", "code": code, "environment": {}, "fresh": False, "digest": name}
        for name, code in CODES.items()
    ]
    fresh = {"fresh": True, "environment": {"TOLD_BY_A_TEST": "yes"}}
    told = "import os\nos.environ['TOLD_BY_A_TEST']"
    programs.append({"id": "fresh", "setup": "", "code": told, "digest": "", **fresh})
    broken = {"id": "setup", "setup": "1/0", "code": "1", "digest": "", "fresh": False}
    return run_programs([*programs, broken])[0]


def test_values(outcomes):
    assert outcomes["value"].value == [[1.0, 2.0], 3.0, {"a": [True, None, "x"]}]
    assert outcomes["large"].value == {"shape": [10, 10], "dtype": "float32"}
    assert outcomes["nan"].value == ["nan", "inf"]
    assert outcomes["traced"].value == 8


def test_errors_and_warnings_in_one_line_without_paths(outcomes):
    assert outcomes["raises"].said == (
        "FileNotFoundError: [Errno 2] No such file or directory: 'missing'"
    )
    assert outcomes["warns"].result == "ok"
    assert outcomes["warns"].said == "careful with this"


def test_a_process_that_ends_is_told_apart_from_one_that_raises(outcomes):
    assert outcomes["ends"].result == "ended"
    assert outcomes["exits"].said.startswith("SystemExit")
    assert outcomes["setup"].result == "setup"


def test_variables_are_set_before_the_import_where_a_program_asks(outcomes):
    assert outcomes["fresh"].value == "yes"


def test_an_interpreter_without_tensorflow_is_one_clear_line(tmp_path):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'ModuleNotFoundError: no tensorflow' >&2\nexit 1\n")
    python.chmod(0o755)
    with pytest.raises(TfnotesError, match="could not run the ledger: ModuleNotFoundError"):
        run_programs([], str(python))

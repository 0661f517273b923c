import contextlib
import json
import sys
from pathlib import Path

import pytest
from checkout import fences, make_checkout, write_page

from tfnotes.core.errors import TfnotesError
from tfnotes.core.project import Project
from tfnotes.releases.results import page_digest


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A checkout with two pages that have code and one that has none."""
    project = make_checkout(tmp_path / "notes")
    write_page(project, "a/b", fences("print(1)", "print(2)"))
    write_page(project, "a/c", fences("print(3)"))
    write_page(project, "a/words", "# Words\n")
    return project


@pytest.fixture
def releases(tmp_path: Path, project: Project):
    """Two releases without environments: what their Python would answer is set by the test."""
    return FakeReleases(tmp_path, project)


class FakeReleases:
    """Stands in for `environment`.

    Attributes:
        broken: Names of releases whose environment cannot be made.
        answers: What pages answer beyond having run all their blocks, by release and page.
        status: The exit status of a release's Python.
    """

    def __init__(self, folder: Path, project: Project) -> None:
        self.folder, self.project = folder, project
        self.broken: set[str] = set()
        self.answers: dict[tuple[str, str], dict] = {}
        self.status = 0
        self.made: list[str] = []

    @contextlib.contextmanager
    def environment(self, release, keep=None):
        self.made.append(release.name)
        if release.name in self.broken:
            raise TfnotesError("pip cannot install it: ERROR: no such version")
        answers = {
            page: more for (name, page), more in self.answers.items() if name == release.name
        }
        digests = {name: page_digest(self.project, name) for name in ("a/b", "a/c")}
        script = self.folder / f"python-{release.name}"
        script.write_text(
            f"#!{sys.executable}\n"
            "import json, sys\n"
            f"answers = json.loads({json.dumps(answers)!r})\n"
            f"digests = json.loads({json.dumps(digests)!r})\n"
            "for name in sys.stdin.read().split():\n"
            "    answer = {'page': name, 'digest': digests[name], 'blocks': 1, 'of': 1, 'differs': [],\n"
            f"              'made': {{'tensorflow': '{release.name}.0'}}}}\n"
            "    print(json.dumps(answer | answers.get(name, {})), flush=True)\n"
            f"if {self.status}: print('Killed by a test', file=sys.stderr)\n"
            f"sys.exit({self.status})\n"
        )
        script.chmod(0o755)
        yield script

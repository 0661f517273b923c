"""Runs pages inside another release's environment: ``python -m tfnotes.releases.inside ROOT``.

Reads names of pages from standard input, one a line. For each it writes one line of JSON: the
page's name, how many of its blocks ran, which of them print something else than the accepted
record, and the first block that failed. Nothing of the checkout is written.
"""

import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from tfnotes.core.compare import differences
from tfnotes.core.errors import TfnotesError
from tfnotes.core.pages import Page
from tfnotes.core.project import Project
from tfnotes.core.records import Record, Store
from tfnotes.releases.results import digest_of
from tfnotes.run.pages import twins
from tfnotes.run.process.watch import Failure
from tfnotes.run.session import Session


def main(arguments: list[str]) -> int:
    """Runs the pages that standard input names."""
    project = Project(Path(arguments[0]).resolve())
    names = [line.strip() for line in sys.stdin if line.strip()]
    workers = int(arguments[1]) if len(arguments) > 1 else None
    session = Session(project, workers, fresh=True)
    groups = [twins(project, name) for name in names]
    try:
        for group in groups:
            for page in group:
                session.submit(page.running, {block.key for block in page.running})
        session.start()
        for group in groups:
            print(json.dumps(page_result(session, Store(project.outputs), group)), flush=True)
    finally:
        session.close()
    return 0


def page_result(session: Session, store: Store, group: list[Page]) -> dict[str, Any]:
    """What came of one page: of its blocks in both languages, each counted once."""
    accepted = _accepted(store, group[0].name)
    result: dict[str, Any] = {"page": group[0].name, "digest": digest_of(group), "blocks": 0}
    result |= {"differs": [], "made": {}}
    seen: set[str] = set()
    for page in group:
        for block in page.running:
            if block.key in seen:
                continue
            seen.add(block.key)
            outcome = session.outcome(block)
            if outcome.failure and "failed" not in result:
                result["failed"] = {"block": block.name, "error": _told(outcome.failure)}
            if outcome.record is None:
                continue
            result["blocks"] += 1
            result["made"] |= outcome.record.made
            if _differs(accepted.get(block.key), outcome.record, block.check, block.rtol):
                result["differs"].append(block.name)
    result["of"] = len(seen)
    return result


def _told(failure: Failure) -> str:
    """The first line of a failure; a temporary folder's name, new in each run, is left out."""
    place = re.escape(tempfile.gettempdir())
    return re.sub(rf"{place}/[\w.-]+", "…", failure.title.strip().split("\n")[0])


def _accepted(store: Store, name: str) -> dict[str, Record]:
    try:
        return store.load(name)
    except TfnotesError:
        return {}


def _differs(old: Record | None, new: Record, check: str, rtol: float | None) -> bool:
    return old is not None and bool(differences(old, new, check, rtol))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

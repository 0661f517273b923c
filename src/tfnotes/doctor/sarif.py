"""A report as SARIF 2.1.0, which code hosts and editors show beside the code."""

import hashlib
import json
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from tfnotes import __version__
from tfnotes.doctor.catalogue import RELEASE, SITE, Entry
from tfnotes.doctor.examine import Finding, Report
from tfnotes.doctor.source import Problem

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "different": "warning", "warning": "note"}
_RANKS = {"certain": 95.0, "likely": 70.0, "possible": 30.0}


def as_sarif(report: Report, language: str = "en") -> str:
    """The report as the text of a SARIF file."""
    entries = list({one.entry.id: one.entry for one in report.findings}.values())
    numbers = {entry.id: number for number, entry in enumerate(entries)}
    run = {
        "tool": {
            "driver": {
                "name": "tfnotes doctor",
                "version": __version__,
                "informationUri": f"{SITE}/{language}/migrate/ledger/",
                "rules": [_rule(entry, language) for entry in entries],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": report.status < 2,
                "toolExecutionNotifications": [_notification(one) for one in report.problems],
            }
        ],
        "results": [_result(one, numbers[one.entry.id], language) for one in report.findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _rule(entry: Entry, language: str) -> dict[str, Any]:
    note = entry.notes.get(language, "") or entry.api
    said = entry.said or {"different": "runs, but does something else"}.get(entry.outcome, "")
    help_text = f"{note}\n\n{entry.new}" if entry.new else note
    code = f"\n\n```python\n{entry.new.strip()}\n```" if entry.new else ""
    return {
        "id": entry.id,
        "shortDescription": {"text": entry.api},
        "fullDescription": {"text": f"TensorFlow {RELEASE}: {said}" if said else entry.api},
        "help": {"text": help_text, "markdown": f"{note}{code}"},
        "helpUri": entry.link(language),
        "defaultConfiguration": {"level": _LEVELS[entry.outcome]},
    }


def _result(finding: Finding, number: int, language: str) -> dict[str, Any]:
    entry = finding.entry
    said = entry.said or {"different": "runs, but does something else"}.get(entry.outcome, "")
    sure = f" ({finding.certainty}: {finding.doubt})" if finding.doubt else ""
    where = f"cell {finding.cell}, line {finding.line}: " if finding.cell is not None else ""
    said = said if finding.said_here else f"the ledger's example says {said}"
    text = f"{where}{finding.what}: {said or entry.api} (TensorFlow {RELEASE}){sure}"
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
    }
    # A notebook's lines are those of a cell; the file's own lines are JSON.
    location = _location(finding.path, region if finding.cell is None else None)
    if finding.cell is not None:
        location["logicalLocations"] = [
            {"name": f"cell {finding.cell}", "kind": "module", "index": -1}
        ]
    mark = f"{entry.id}:{finding.path}:{finding.cell}:{finding.line}:{finding.what}"
    return {
        "ruleId": entry.id,
        "ruleIndex": number,
        "level": _LEVELS[entry.outcome],
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {"tfnotes/v1": hashlib.sha256(mark.encode()).hexdigest()[:32]},
        "rank": _RANKS[finding.certainty],
        "properties": {"certainty": finding.certainty},
    }


def _location(path: str, region: dict[str, int] | None) -> dict[str, Any]:
    uri = quote(PurePath(path).as_posix()) if path != "-" else "stdin"
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    if region is not None:
        physical["region"] = region
    return {"physicalLocation": physical}


def _notification(problem: Problem) -> dict[str, Any]:
    region = {"startLine": problem.line} if problem.cell is None else None
    return {
        "level": "note" if problem.skipped else "error",
        "message": {"text": str(problem)},
        "locations": [_location(problem.path, region)],
    }

"""What the reader's own lines become: the cure of a finding, shown and not written."""

import difflib
import textwrap
from dataclasses import replace
from pathlib import Path

from tfnotes.doctor.examine import Finding, Report
from tfnotes.doctor.fix.cures import load_cures


def with_suggestions(report: Report) -> Report:
    """Adds to the first finding of each row what its lines become, where a cure is known.

    Args:
        report: What was found.

    Returns:
        The report; the same one where LibCST is not installed, which rewriting needs.
    """
    try:
        from tfnotes.doctor.fix.rewrite import Unreadable, rewrite
        from tfnotes.doctor.fix.view import Found
    except ModuleNotFoundError:
        return report
    cures = load_cures()
    seen: set[str] = set()
    new: list[Finding] = []
    for finding in report.findings:
        row = finding.entry.id
        if row in cures and row not in seen and finding.path.endswith((".py", ".pyw")):
            raw = Path(finding.path).read_bytes()
            span = (finding.line, finding.column - 1, finding.end_line, finding.end_column - 1)
            mechanical = {row: [one for one in cures[row] if not one.graph]}
            try:
                after = rewrite(raw, [Found(span, row)], mechanical).code
                finding = replace(finding, rewritten=_changed(raw, after))
            except Unreadable:
                pass
        seen.add(row)
        new.append(finding)
    return Report(new, report.problems, report.files)


def _changed(before: bytes, after: bytes) -> str:
    """The new lines of a program, without the indentation that they share."""
    old, new = (raw.decode("utf-8", "replace").splitlines() for raw in (before, after))
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    lines = [
        line
        for tag, _, _, start, end in matcher.get_opcodes()
        if tag in ("replace", "insert")
        for line in new[start:end]
    ]
    return textwrap.dedent("\n".join(lines)).strip("\n")

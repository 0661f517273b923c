"""A report for people, in either language, and as JSON.

Both stand in one module because they say the same of a finding.
"""

import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any
from unicodedata import east_asian_width

from tfnotes.doctor.catalogue import RELEASE, Entry
from tfnotes.doctor.examine import Finding, Report
from tfnotes.doctor.hits import CERTAINTIES

FORMAT = 1
"""The version of the JSON format; a change that readers notice raises it."""

_WIDTH = 92
_WIDE = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”‘’…—"
_CLINGING = "，。；：！？、）」』》”’…"

_OUTCOMES = ("error", "different", "warning")
WORDS: dict[str, dict[str, str]] = {
    "en": {
        "error": "fails",
        "different": "runs, but does something else",
        "warning": "runs, with a warning",
        "certain": "certain",
        "likely": "likely",
        "possible": "possible",
        "example": "the ledger's example says",
        "skipped": "block skipped",
        "write": "write:",
        "for-example": "write, for example:",
        "failing": "{} fails",
        "failing+": "{} fail",
        "differing": "{} does something else",
        "differing+": "{} do something else",
        "warned": "{} warns",
        "warned+": "{} warn",
        "files": "{} file read",
        "files+": "{} files read",
        "clean": "nothing in {it} that the ledger knows",
        "it": "it",
        "sure": "{} {}",
        "they": "them",
        "unread": "not everything could be read: {} problem",
        "unread+": "not everything could be read: {} problems",
        "found": "{} finding on TensorFlow " + RELEASE,
        "found+": "{} findings on TensorFlow " + RELEASE,
    },
    "zh": {
        "error": "报错",
        "different": "能运行，但做的是另一回事",
        "warning": "能运行，有警告",
        "certain": "确定",
        "likely": "很可能",
        "possible": "有可能",
        "example": "台账里的例子得到",
        "skipped": "跳过这一块",
        "write": "改写成：",
        "for-example": "例如改写成：",
        "failing": "{} 处报错",
        "failing+": "{} 处报错",
        "differing": "{} 处含义变了",
        "differing+": "{} 处含义变了",
        "warned": "{} 处有警告",
        "warned+": "{} 处有警告",
        "files": "读了 {} 个文件",
        "files+": "读了 {} 个文件",
        "clean": "没有台账里记着的问题",
        "it": "",
        "sure": "{} 处{}",
        "they": "",
        "unread": "有 {} 处读不了",
        "unread+": "有 {} 处读不了",
        "found": "在 TensorFlow " + RELEASE + " 上有 {} 处要改",
        "found+": "在 TensorFlow " + RELEASE + " 上有 {} 处要改",
    },
}
OUTCOME_WORDS = {
    language: {name: words[name] for name in _OUTCOMES} | {"unchanged": runs}
    for (language, words), runs in zip(WORDS.items(), ("runs unchanged", "照旧能运行"), strict=True)
}
"""What happens to old code, in words, by language."""

DOUBTS = {
    "new code may say the same and mean it; see the note": "新代码也可能这样写，而且是对的，见说明",
    "nothing here imports it; read as TensorFlow's, as is customary": "这里没有导入它，按惯例当作 TensorFlow 的",
    "comes from a star import, if nothing else provides it": "来自星号导入，如果没有别处提供它",
    "another branch of the program gives this name another meaning": "程序的另一个分支给了这个名字别的含义",
    "another branch of the program makes it something else": "在程序的另一个分支里它是别的东西",
    "the program asks for the version before it comes here": "程序先判断了版本才走到这里",
    "what it raises is caught": "它抛出的异常会被捕获",
    "reached only if what was tried before it fails": "只有前面的尝试失败才会走到这里",
}
"""The Chinese of each doubt that is always said in the same words."""
_ABOUT_TYPES = re.compile(r"the type of (.+) is not known(?:; its name suggests: (.+))?", re.DOTALL)


def doubt(finding: Finding, language: str) -> str:
    """Why a finding is not certain, in a language."""
    if language == "en" or not finding.doubt:
        return finding.doubt
    if finding.doubt in DOUBTS:
        return DOUBTS[finding.doubt]
    plain, _, apart = finding.doubt.partition("; nothing here imports Keras")
    if plain != finding.doubt:
        return f"{doubt(replace(finding, doubt=plain), language)}，这里没有导入 Keras{apart}"
    known = _ABOUT_TYPES.fullmatch(finding.doubt)
    if known is None:
        return finding.doubt  # said in English rather than as something else
    return f"不知道 {known[1]} 的类型" + (f"，看名字像是 {known[2]}" if known[2] else "")


def as_text(report: Report, language: str = "en", brief: bool = False) -> str:
    """The report as lines.

    A row's replacement is shown where the row is met first; later findings are one line each.

    Args:
        report: The report.
        language: ``zh`` or ``en``.
        brief: Whether to leave replacements out altogether.
    """
    skipped = WORDS[language]["skipped"]
    lines = [f"{one} ({skipped})" if one.skipped else str(one) for one in report.problems]
    shown: set[str] = set()
    for finding in report.findings:
        lines += _lines(finding, language, brief, finding.entry.id not in shown)
        shown.add(finding.entry.id)
    lines.append(summary(report, language))
    return "\n".join(lines) + "\n"


def _lines(finding: Finding, language: str, brief: bool, first: bool) -> list[str]:
    words, entry = WORDS[language], finding.entry
    sure = ""
    if finding.certainty != "certain":
        sure = f" [{words[finding.certainty]}: {doubt(finding, language)}]"
    said = ""
    if entry.said and entry.outcome != "different":
        example = "" if finding.said_here else words["example"] + " "
        said = f": {example}{finding.said}"
    head = f"{finding.place}: {finding.what}: {words[entry.outcome]}{said}{sure}"
    if brief:
        return [f"{head} {entry.link(language)}"]
    if not first:
        return [f"{head} (#{entry.id})"]
    return [head, *advice(entry, language, finding.rewritten)]


def advice(entry: Entry, language: str, rewritten: str = "") -> list[str]:
    """What to know of a row, what to write instead and where to read on, indented.

    Args:
        entry: The row.
        language: ``zh`` or ``en``.
        rewritten: The reader's own lines with the cure; the ledger's example if empty.
    """
    lines = ["    " + line for line in wrap(entry.notes.get(language, ""))]
    if entry.new or rewritten:
        lines.append("    " + WORDS[language]["write" if rewritten else "for-example"])
        code = (rewritten or entry.new).strip("\n")
        lines += [f"        {line}".rstrip() for line in code.splitlines()]
    return [*lines, f"    {entry.link(language)}"]


def wrap(text: str, width: int = _WIDTH) -> list[str]:
    """Breaks a text into lines; between Chinese characters a line may end anywhere."""
    # A unit is a word of Latin letters with what clings to it, or one Chinese character.
    units = re.findall(rf"[^\s{_WIDE}]+[{_CLINGING}]*|[{_WIDE}][{_CLINGING}]*|\s+", text.strip())
    lines, line, used = [], "", 0
    for unit in units:
        size = sum(2 if east_asian_width(character) in "WF" else 1 for character in unit)
        if used + size > width and line.strip():
            lines.append(line.rstrip())
            line, used = "", 0
        if line or not unit.isspace():
            line, used = line + (" " if unit.isspace() else unit), used + size
    return [*lines, line.rstrip()] if line.strip() else lines


def summary(report: Report, language: str = "en") -> str:
    """The last line."""
    words = WORDS[language]
    separator = "；" if language == "zh" else "; "
    comma = "，" if language == "zh" else ", "
    parts = [_count(words, "files", report.files)]
    unread = sum(not one.skipped for one in report.problems)
    if unread:
        parts.append(_count(words, "unread", unread))
    if not report.findings:
        parts.append(words["clean"].format(it=words["it" if report.files == 1 else "they"]))
        return separator.join(parts)
    outcomes = Counter(finding.entry.outcome for finding in report.findings)
    sure = Counter(finding.certainty for finding in report.findings)
    names = zip(_OUTCOMES, ("failing", "differing", "warned"), strict=True)
    kinds = [_count(words, name, outcomes[one]) for one, name in names if outcomes[one]]
    found = _count(words, "found", len(report.findings))
    parts.append(found + ("：" if language == "zh" else ": ") + comma.join(kinds))
    parts.append(
        comma.join(words["sure"].format(sure[one], words[one]) for one in CERTAINTIES if sure[one])
    )
    return separator.join(parts)


def _count(words: dict[str, str], name: str, number: int) -> str:
    return words[name if number == 1 else f"{name}+"].format(number)


def as_json(report: Report, language: str = "en") -> str:
    """The report as JSON; the fields are described in `content`."""
    return json.dumps(content(report, language), ensure_ascii=False, indent=1) + "\n"


def content(report: Report, language: str = "en") -> dict[str, Any]:
    """The report as plain data.

    ``format`` is the version of this format, ``tensorflow`` the release that outcomes were measured
    on, ``files`` how many files were read. Each of ``findings`` has ``path``, ``line``, ``column``,
    ``end_line``, ``end_column`` (1-based), ``cell`` (null outside notebooks), ``code``, ``row``,
    ``api``, ``outcome`` (error, different, warning), ``said`` (for the row's example, which
    may be another of its names), ``certainty``, ``doubt``,
    ``replacement``, ``note`` and ``link``. Each of ``problems`` has ``path``, ``line``, ``cell``,
    ``message`` and ``skipped`` (a block of notes that is no program; it does not count).
    """
    return {
        "format": FORMAT,
        "tensorflow": RELEASE,
        "files": report.files,
        "findings": [
            {
                "path": one.path,
                "line": one.line,
                "column": one.column,
                "end_line": one.end_line,
                "end_column": one.end_column,
                "cell": one.cell,
                "code": one.what,
                "row": one.entry.id,
                "api": one.entry.api,
                "outcome": one.entry.outcome,
                "said": one.entry.said,
                "certainty": one.certainty,
                "doubt": doubt(one, language),
                "replacement": one.entry.new,
                "note": one.entry.notes.get(language, ""),
                "link": one.entry.link(language),
            }
            for one in report.findings
        ],
        "problems": [
            {
                "path": one.path,
                "line": one.line,
                "cell": one.cell,
                "message": one.message,
                "skipped": one.skipped,
            }
            for one in report.problems
        ],
    }

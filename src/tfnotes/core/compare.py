"""Comparing a record with the accepted one, token by token.

Integers and words must be equal; floats may differ by what another machine's arithmetic can do;
white space next to brackets and between numbers does not count; figures are compared by size and
by the text in them. What each tolerance lets through: ``python benchmarks/tolerances.py``.
"""

import platform
import re
from typing import Any

from tfnotes.core.records import Record

RTOL = {"float16": 5e-3, "bfloat16": 2e-2, "float64": 1e-9, "complex128": 1e-9}
"""Relative tolerance by the dtype that the text itself names; anything else is DEFAULT_RTOL."""
DEFAULT_RTOL = 1e-3
"""Tolerance for float32: one operation is good to 1e-7, a short training run to about 1e-3
(shared/facts: threads and kernels differ by up to 1e-3 between machines)."""
ATOL = 1e-6
"""Below this a float counts as zero: rounding noise around zero has no relative size."""
TIGHT_RTOL, TIGHT_ATOL = 1e-5, 1e-7
"""The same for two runs of one release on x86 processors, which are all held to AVX2 arithmetic
(`tfnotes.run.process.tensorflow`): 918 records, most of them older than that rule, were made again
on another day, and none without an rtol= of its own differed by more."""

WINDOW = 160
"""Characters of a line that a report shows."""

TOKEN = re.compile(
    r"(?P<float>[-+]?(?:\d+\.\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.])|[-+]?\d+[eE][-+]?\d+(?![\w.]))"
    r"|(?P<int>[-+]?\d+(?![\w.]))|(?P<word>\w[\w.]*)|(?P<other>\S)"
)
SVG_TEXT = re.compile(r"<text[^>]*>(.*?)</text>", re.DOTALL)


def same_arithmetic() -> bool:
    """Whether this processor is of the kind that records are made on, so that digits must agree."""
    return platform.machine().lower() in ("x86_64", "amd64")


def differences(
    expected: Record,
    actual: Record,
    check: str = "exact",
    rtol: float | None = None,
    *,
    same_release: bool = False,
    tight: bool = False,
) -> list[str]:
    """Tells how two records differ.

    Args:
        expected: The accepted record.
        actual: The record of this run.
        check: ``"exact"``; ``"form"``: numbers may be anything; ``"no"``: nothing is compared.
        rtol: Relative tolerance of floats; by default it follows the dtype named in the text.
        same_release: Both were made with the same TensorFlow and Keras: an error's whole text is
            compared. Another release words what follows the first line as it likes.
        tight: Both were made with the same arithmetic: floats without a tolerance of their own
            may differ by ``TIGHT_RTOL`` only.

    Returns:
        One line a difference; empty if the records agree.
    """
    if check == "no":
        return []
    found: list[str] = []
    old, new = _merge(expected.outputs), _merge(actual.outputs)
    if len(old) != len(new):
        kinds = [[_kind(o) for o in outputs] for outputs in (old, new)]
        return [f"expected {len(old)} outputs {kinds[0]}, got {len(new)} {kinds[1]}"]
    for before, after in zip(old, new, strict=True):
        if _kind(before) != _kind(after):
            found.append(f"expected {_kind(before)}, got {_kind(after)}")
        elif before["output_type"] == "stream":
            found += text_differences(before["text"], after["text"], check, rtol, tight)
        elif before["output_type"] == "error":
            said = [o["evalue"].strip() for o in (before, after)]
            if not same_release:
                said = [text.split("\n")[0] for text in said]
            if before["ename"] != after["ename"]:
                found.append(f"expected {before['ename']}, got {after['ename']}")
            found += text_differences(said[0], said[1], check, rtol, tight)
        else:
            found += _data_differences(before["data"], after["data"], check, rtol, tight)
    return found


def text_differences(
    expected: str,
    actual: str,
    check: str = "exact",
    rtol: float | None = None,
    tight: bool = False,
) -> list[str]:
    """Compares two texts token by token.

    Returns:
        At most one line, naming the first tokens that differ and where they stand.
    """
    if expected == actual:
        return []
    atol = TIGHT_ATOL if tight and rtol is None else ATOL
    if rtol is None:
        named = [value for dtype, value in RTOL.items() if re.search(rf"\b{dtype}\b", expected)]
        rtol = max(named, default=DEFAULT_RTOL)
        rtol = min(rtol, TIGHT_RTOL) if tight else rtol
    old, new = list(TOKEN.finditer(expected)), list(TOKEN.finditer(actual))
    for before, after in zip(old, new, strict=False):
        if not _same(before, after, check, rtol, atol):
            line = expected.count("\n", 0, before.start()) + 1
            around = _line_at(expected, before.start()), _line_at(actual, after.start())
            place = f"output line {line}: expected {before.group()!r}, got {after.group()!r}"
            return [f"{place}\n    - {around[0]}\n    + {around[1]}"]
    if len(old) != len(new):
        longer, at = (expected, old) if len(old) > len(new) else (actual, new)
        extra = at[min(len(old), len(new))]
        what = "missing" if longer is expected else "unexpected"
        return [f"output has {what} text from {_line_at(longer, extra.start())!r}"]
    return []


def _same(
    before: re.Match[str], after: re.Match[str], check: str, rtol: float, atol: float
) -> bool:
    numbers = ("int", "float")
    kinds = before.lastgroup, after.lastgroup
    if kinds[0] in numbers and kinds[1] in numbers:
        if check == "form":
            return True
        if "float" in kinds:
            a, b = float(before.group()), float(after.group())
            return abs(a - b) <= atol + rtol * max(abs(a), abs(b))
        return int(before.group()) == int(after.group())
    return before.group() == after.group()


def _line_at(text: str, position: int) -> str:
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    line = text[start : end if end >= 0 else len(text)]
    first = max(0, position - start - WINDOW // 2) if len(line) > WINDOW else 0
    shown = line[first : first + WINDOW]
    return f"{'…' if first else ''}{shown.strip()}{'…' if first + WINDOW < len(line) else ''}"


def _merge(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Joins neighbouring writes to one stream: how a text is cut into writes is noise."""
    merged: list[dict[str, Any]] = []
    for output in outputs:
        last = merged[-1] if merged else None
        same = last is not None and output["output_type"] == last["output_type"] == "stream"
        if same and last is not None and last["name"] == output["name"]:
            last["text"] += output["text"]
        else:
            merged.append(dict(output))
    return merged


def _kind(output: dict[str, Any]) -> str:
    if output["output_type"] == "stream":
        return str(output["name"])
    if output["output_type"] == "error":
        return "error"
    types = sorted(mime for mime in output["data"] if mime != "text/plain")
    return ",".join(types) or "value"


def _data_differences(
    old: dict[str, Any], new: dict[str, Any], check: str, rtol: float | None, tight: bool
) -> list[str]:
    found = []
    # A picture's pixels are not compared: its size stands in text/plain, its labels are text.
    if "image/svg+xml" in old:
        texts = [" | ".join(SVG_TEXT.findall(data["image/svg+xml"])) for data in (old, new)]
        lines = text_differences(texts[0], texts[1], check, rtol, tight)
        found += [f"figure text: {line}" for line in lines]
    if "text/plain" in old or "text/plain" in new:
        plain = [data.get("text/plain", "") for data in (old, new)]
        found += text_differences(plain[0], plain[1], check, rtol, tight)
    return found

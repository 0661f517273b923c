"""Code and what it printed: each becomes a ``pre`` that says what it is."""

import re

from tfnotes.book.book import Element, has_class, make, text_of
from tfnotes.book.page import replace

_KINDS = ("stdout", "stderr", "error", "value")


def settle_code(element: Element) -> None:
    """A block of code, with the classes of its tokens and the numbers of its marked lines."""
    source = next(element.iter("pre"), None)
    if source is None:
        return
    code = source.find("code")
    block = make("pre")
    block.set("class", "code")
    language = re.search(r"language-(\w+)", element.get("class") or "")
    block.set("data-language", language[1] if language else "text")
    title = next((one for one in element.iter("span") if has_class(one, "filename")), None)
    if title is not None:
        block.set("data-title", text_of(title).strip())
    marks, line = [], 1
    for part in code.iter() if code is not None else ():
        if has_class(part, "hll"):
            before = text_of(code)[: _offset(code, part)]
            line = before.count("\n") + 1
            marks += [
                str(line + extra) for extra in range(text_of(part).rstrip("\n").count("\n") + 1)
            ]
    if marks:
        block.set("data-marks", ",".join(marks))
    inner = code if code is not None else source
    block.text = inner.text
    block.extend(list(inner))
    _strip_end(block)
    replace(element, block)


def _offset(root: Element, target: Element) -> int:
    """How many characters of text stand before an element."""
    count = 0

    def walk(element: Element) -> bool:
        nonlocal count
        if element is target:
            return True
        count += len(element.text or "")
        for child in element:
            if walk(child):
                return True
            count += len(child.tail or "")
        return False

    walk(root)
    return count


def _strip_end(block: Element) -> None:
    """Takes the line end off a block's last line."""
    last = block[-1] if len(block) else None
    if last is None:
        block.text = (block.text or "").rstrip("\n")
    elif last.tail:
        last.tail = last.tail.rstrip("\n")


def settle_output(element: Element) -> None:
    """A text that a block printed, or the error it raised."""
    block = make("pre")
    kind = next((kind for kind in _KINDS if has_class(element, f"tf-{kind}")), "stdout")
    block.set("class", f"out {kind}")
    code = next(element.iter("code"))
    block.text = code.text
    block.extend(list(code))
    _strip_end(block)
    replace(element, block)

from pathlib import Path

import pytest
from checkout import make_checkout, write_file

from tfnotes.check import Finding, check_project

BODY = {
    "zh": """---
description: 两个数相加。
---
# 加法

两个数相加。

## 一个和 { #sum }

```python
--8<-- "part/page.py:add"
```
""",
    "en": """---
description: Adding two numbers.
---
# Addition

Two numbers are added.

## A sum { #sum }

```python
--8<-- "part/page.py:add"
```
""",
}
CODE = "# --8<-- [start:add]\nprint(1 + 1)\n# --8<-- [end:add]\n"


class Sample:
    """A checkout with one page that has nothing to complain about but its missing record."""

    def __init__(self, root: Path) -> None:
        self.project = make_checkout(root)
        self.snippet("part/page.py", CODE)
        for language, text in BODY.items():
            self.page(language, "part/page", text)

    def snippet(self, name: str, text: str) -> None:
        write_file(self.project, f"snippets/{name}", text)

    def page(self, language: str, name: str, text: str | bytes) -> None:
        write_file(self.project, f"docs/{language}/{name}.md", text)

    def change(self, language: str, old: str, new: str) -> None:
        path = self.project.page_path(language, "part/page")
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def both(self, old: str, new: str) -> None:
        for language in BODY:
            self.change(language, old, new)

    def findings(self) -> list[Finding]:
        """All but the missing record, and what one language mentions alone: tests change one."""
        said = ("has no record", " stands here ")
        found = check_project(self.project)
        return [f for f in found if not any(words in f.message for words in said)]

    def lines(self) -> list[str]:
        return [str(finding) for finding in self.findings()]

    def only(self) -> str:
        lines = self.lines()
        assert len(lines) == 1, lines
        return lines[0]


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    return Sample(tmp_path)

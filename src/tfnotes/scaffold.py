"""``tfnotes new part/slug``: twin pages and their code, in the form that the checks ask for."""

import re
from pathlib import Path

from tfnotes.core.errors import TfnotesError
from tfnotes.core.project import Project
from tfnotes.core.records import write_atomic

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*")

SNIPPET = '''"""{title}."""

# --8<-- [start:smallest]
import tensorflow as tf

total = tf.reduce_sum([1.0, 2.0, 3.0])
print("total", total.numpy())
# --8<-- [end:smallest]

# --8<-- [start:solution]
print("mean", tf.reduce_mean([1.0, 2.0, 3.0]).numpy())
# --8<-- [end:solution]
'''

PAGES = {
    "zh": """---
description: 用一句话说明读者在这一页学会什么。
---

# {title} {{ #top }}

先写读者的问题：学会了这一页，能做到什么以前做不到的事？

## 能跑起来的最小例子 {{ #smallest }}

```python
--8<-- "{name}.py:smallest"
```

说说输出里该注意什么。输出里的数不手抄，由构建填入：总和是 {{out:smallest:total}}。

## 练习 {{ #exercises }}

1\\. 同样三个数的平均值是多少？先猜再运行。

??? success "参考答案"

    ```python
    --8<-- "{name}.py:solution"
    ```
""",
    "en": """---
description: Say in one sentence what the reader learns here.
---

# {title} {{ #top }}

Open with the reader's question: what can they do after this page that they could not do before?

## The smallest thing that works {{ #smallest }}

```python
--8<-- "{name}.py:smallest"
```

Say what to notice in the output. The build fills in its numbers: the total is
{{out:smallest:total}}.

## Exercises {{ #exercises }}

1\\. What is the mean of the same three numbers? Predict, then run.

??? success "Solution"

    ```python
    --8<-- "{name}.py:solution"
    ```
""",
}
"""The twins of a new page."""


def create_page(project: Project, name: str, titles: dict[str, str] | None = None) -> list[Path]:
    """Writes twin pages and a snippet file that pass the checks, once they have run.

    Args:
        project: The checkout.
        name: The page's name, ``part/slug``.
        titles: Title by language; made from the slug where absent.

    Returns:
        The files written.

    Raises:
        TfnotesError: The name has another form or is taken, or one of the files is there already.
    """
    if not _NAME.fullmatch(name):
        raise TfnotesError(f"{name}: no name for a page; write part/slug in a-z, 0-9 and -")
    if taken := project.why_taken(name):
        raise TfnotesError(f"{name}: no page can be called so: {taken}; choose another part")
    plain = name.rpartition("/")[2].replace("-", " ").capitalize()
    given = titles or {}
    files = {project.snippets / f"{name}.py": SNIPPET.format(title=given.get("en") or plain)}
    for language, text in PAGES.items():
        title = given.get(language) or plain
        files[project.page_path(language, name)] = text.format(title=title, name=name)
    for path in files:
        if path.exists():
            raise TfnotesError(f"{project.relative(path)}: exists already; nothing was written")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, text)
    return list(files)


def add_to_navigation(project: Project, name: str, titles: dict[str, str]) -> list[str]:
    """Puts a page at the end of its part in the navigation of both configurations.

    The files are changed as text, line by line: they hold comments that a YAML writer would drop.

    Args:
        project: The checkout.
        name: The page's name.
        titles: Title by language; made from the slug where absent.

    Returns:
        What was done or is left to do, one line a configuration.
    """
    part, _, slug = name.partition("/")
    done = []
    for language in PAGES:
        config = "mkdocs.yml" if language == "zh" else f"mkdocs.{language}.yml"
        path = project.root / config
        title = titles.get(language) or slug.replace("-", " ").capitalize()
        quoted = f'"{title}"' if re.search(r"[:#\"'\[\]{}&*!|>%@`]", title) else title
        entry = f"- {quoted}: {name}.md"
        lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
        same_part = re.compile(rf"^\s+- .*:\s+{re.escape(part)}/[\w-]+\.(?:md|ipynb)\s*$")
        places = [number for number, line in enumerate(lines) if same_part.match(line)]
        if not places:
            done.append(f'{config}: no part "{part}" in nav yet; add "{entry}" under a new one')
            continue
        last = places[-1]
        indent = lines[last][: len(lines[last]) - len(lines[last].lstrip())]
        lines.insert(last + 1, indent + entry)
        write_atomic(path, "\n".join(lines))
        done.append(f"{config}:{last + 2}: {entry}")
    return done

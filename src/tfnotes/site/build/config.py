"""What the site's configuration says, for those who must know it before MkDocs does."""

from typing import Any

import yaml

from tfnotes.core.project import CONFIGURATIONS, LANGUAGES, Project

EXTENSION = "tfnotes.site.markdown"


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # yaml ships no types
    """Reads over tags that only MkDocs understands."""


_Loader.add_multi_constructor("", lambda loader, suffix, node: None)


def read_config(project: Project, language: str = LANGUAGES[0]) -> dict[str, Any]:
    """The configuration file of a language; empty if there is none that can be read.

    That of the first is what the languages share.
    """
    try:
        text = (project.root / CONFIGURATIONS[language]).read_text(encoding="utf-8")
        content = yaml.load(text, _Loader)
    except (OSError, yaml.YAMLError):
        return {}  # MkDocs says so, with the line.
    return content if isinstance(content, dict) else {}


def unreadable(project: Project, language: str) -> tuple[int, str] | None:
    """Why the configuration of a language cannot be read, and at which line; None if it can."""
    path = project.root / CONFIGURATIONS[language]
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except OSError as error:
        return 1, f"cannot be read ({error.strerror}); restore it"
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "broken"
        return (mark.line + 1 if mark else 1), f"is not YAML ({problem}); mend it there or above"
    return None if isinstance(content, dict) else (1, "has no settings; restore it")


def part_names(project: Project) -> list[str]:
    """The parts that the configuration names."""
    extensions = read_config(project).get("markdown_extensions") or {}
    if isinstance(extensions, list):
        extensions = {k: v for one in extensions if isinstance(one, dict) for k, v in one.items()}
    return list((extensions.get(EXTENSION) or {}).get("parts") or ())


def hook_paths(project: Project) -> list[str]:
    """The hooks that the configuration names, as absolute paths."""
    hooks = read_config(project).get("hooks") or ()
    return [(project.root / hook).as_posix() for hook in hooks]

"""What is wrong while somebody writes, told once: twins and rebuilds find the same again."""

from collections.abc import Callable, Iterable


class Problems:
    """The problems that have been told and are still there.

    Args:
        report: Is told each in a line.
    """

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._told: set[str] = set()

    def tell(self, lines: Iterable[str], names: Iterable[str] | None) -> None:
        """Tells what has not been told.

        Args:
            lines: All that is wrong now.
            names: The pages that were looked at, so that what is gone may be told again; None for
                all.
        """
        found = dict.fromkeys(lines)
        looked = None if names is None else list(names)
        for line in found:
            if line not in self._told and not _follows(line, self._told):
                self._report(line)
        kept = {line for line in self._told if looked is not None and not _is_about(line, looked)}
        self._told = kept | set(found)


def _is_about(line: str, names: Iterable[str]) -> bool:
    return any(f"/{name}.md" in line or f"snippets/{name}.py" in line for name in names)


def _follows(line: str, told: Iterable[str]) -> bool:
    """Whether a line only says that a block has no record, where its failure has been told."""
    file = line.partition(".md:")[0].rpartition("docs/")[2].partition("/")[2]
    return "has no record" in line and bool(file) and any(f"/{file}.md:" in one for one in told)

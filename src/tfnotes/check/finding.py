"""What a check reports."""

from dataclasses import dataclass

from tfnotes.core.errors import PageError


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend, at a place."""

    path: str
    """The file, relative to the root of the checkout."""
    line: int
    """1-based line in it."""
    message: str
    """What is wrong."""
    hint: str = ""
    """What to do about it."""

    def __str__(self) -> str:
        """One line, in the form that editors turn into a link."""
        text = f"{self.path}:{self.line}: {self.message}"
        return f"{text}; {self.hint}" if self.hint else text


def from_error(error: PageError) -> Finding:
    """Turns an error that stopped a page from being read into a finding."""
    message, separator, hint = error.problem.rpartition("; ")
    return Finding(
        error.path, error.line, message if separator else error.problem, hint if separator else ""
    )

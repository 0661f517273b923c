"""The one exception that users of tfnotes see."""


class TfnotesError(Exception):
    """A problem somebody can mend: ``str(error)`` is one line saying what, where and what to do."""


class PageError(TfnotesError):
    """A problem at a place in a file.

    Attributes:
        path: The file, relative to the project where possible.
        line: The 1-based line in it.
        problem: What is wrong and what to do, without the place.
    """

    def __init__(self, path: str, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}")
        self.path = path
        self.line = line
        self.problem = problem

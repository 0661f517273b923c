"""What is known of a program while it is read: what the parts of the visitor share."""

import ast

from tfnotes.doctor.hits import Hit
from tfnotes.doctor.literals import literal
from tfnotes.doctor.match import Matcher
from tfnotes.doctor.scope import Libraries, Scope
from tfnotes.doctor.values import UNKNOWN, LocalClass, Value


class State:
    """What has been learnt of a program, and where the reading stands.

    Args:
        matcher: What the ledger knows.
        libraries: Which modules matter.
    """

    def __init__(self, matcher: Matcher, libraries: Libraries) -> None:
        self.matcher = matcher
        self.libraries = libraries
        self.scope = Scope("module", libraries)
        self.guard = ""
        """Why what is read now may not be reached; ``""`` if nothing speaks for that."""
        self.reporting = False
        """Whether this is the second reading, in which hits are collected."""
        self.relevant = True
        """Whether the program uses TensorFlow."""
        self.keras_2 = False
        self.own_names: set[str] = set()
        """Methods that classes of this file define for something else."""
        self.classes: list[LocalClass] = []
        """The classes whose bodies are being read, outermost first."""
        self.hits: list[Hit] = []
        self.values: dict[int, Value] = {}
        """What expressions are, by the identity of their nodes."""
        self.final: dict[str, Value] = {}
        """What the program's names are in the end."""

    def known(self, node: ast.expr) -> Value:
        """The value of an expression that has been evaluated."""
        return self.values.get(id(node)) or literal(node) or UNKNOWN

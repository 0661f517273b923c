"""What a session and the process of a page say to each other."""

from dataclasses import asdict, dataclass, field
from typing import Any

from tfnotes.core.blocks import Block


@dataclass(frozen=True)
class BlockJob:
    """One block, as its process must know it."""

    key: str
    code: str
    file: str
    """The file that the code stands in, page or snippet."""
    line: int
    """1-based line of the file at which the code begins."""
    raises: str | None = None
    """Name of the exception that the block must raise."""
    wanted: bool = True
    """Whether the outcome is wanted; in a capture, other blocks only leave their names behind."""
    timing: bool = False
    """Whether the block ends in a benchmark."""

    @classmethod
    def of(cls, block: Block, wanted: bool = True) -> "BlockJob":
        """The job of a block of a page."""
        place = str(block.source_path), block.source_line
        return cls(block.key, block.code, *place, block.raises, wanted, block.timing)


@dataclass(frozen=True)
class Job:
    """Blocks to run in order; or, if there are none, a question for the machine's facts."""

    blocks: list[BlockJob] = field(default_factory=list)


@dataclass(frozen=True)
class Begun:
    """A block begins now."""

    key: str
    load: str = ""
    """Other work on the machine, in a capture."""


@dataclass(frozen=True)
class Trouble:
    """What went wrong in a block."""

    type: str
    """Name of the exception; ``""`` if one that was to be raised was not."""
    message: str
    line: int
    """Where in the block's file."""
    trace: str = ""
    """The frames of the reader's code."""


@dataclass(frozen=True)
class BlockEvent:
    """A block has ended."""

    key: str
    outputs: list[dict[str, Any]]
    """nbformat v4 outputs, in order."""
    failure: Trouble | None = None
    cpu: float = 0.0
    """CPU seconds of the block."""
    made: dict[str, str] = field(default_factory=dict)
    """Versions and device."""
    data: list[dict[str, Any]] = field(default_factory=list)
    """Data sets that the page has used so far."""
    files: list[str] = field(default_factory=list)
    """Files of the checkout that the page has read so far, relative to its root."""
    benchmark: dict[str, Any] | None = None
    """What a timing block ended in, in a capture."""


@dataclass(frozen=True)
class Facts:
    """The machine's facts."""

    machine: dict[str, str]


Message = Job | Begun | BlockEvent | Facts
_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in (Job, Begun, BlockEvent, Facts)}


def to_json(message: Message) -> dict[str, Any]:
    """A message as plain values that JSON has."""
    return {"message": type(message).__name__, **asdict(message)}


def from_json(content: dict[str, Any]) -> Message:
    """The message that `to_json` made these values of."""
    fields = dict(content)
    kind = _KINDS[fields.pop("message")]
    if kind is Job:
        fields["blocks"] = [BlockJob(**block) for block in fields["blocks"]]
    elif kind is BlockEvent and fields["failure"]:
        fields["failure"] = Trouble(**fields["failure"])
    message: Message = kind(**fields)
    return message

"""What a page's process is told of a block, and the record made of its answer."""

from typing import Any

from tfnotes.core.blocks import Block
from tfnotes.core.helpers import module_digests
from tfnotes.core.records import Record


def digests(block: Block) -> dict[str, str]:
    """Digests of the tfnotes modules that a block depends on."""
    return module_digests(block.helpers)


def make_record(block: Block, event: dict[str, Any]) -> Record:
    """The record of a block from the ``end`` event of its process."""
    outputs, made, data = event["outputs"], event["made"], event["data"]
    return Record(block.key, block.name, outputs, made, data, digests(block))


def describe(block: Block) -> dict[str, object]:
    """What a page's process must know of a block."""
    return {
        "key": block.key,
        "code": block.code,
        "file": str(block.source_path),
        "line": block.source_line,
        "raises": block.raises,
    }

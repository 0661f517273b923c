"""Whether a record that was read is as a run writes it: records come in pull requests."""

import re
from typing import Any

FILES = {"image/svg+xml": ".svg", "image/webp": ".webp", "image/png": ".png"}
"""MIME types that are kept in files of their own."""


NAME = re.compile(r"[\w-]+")
"""What a block may be called; its figures' files are called after it."""


def must_be_list(blocks: Any) -> list[Any]:
    """The records of a file; raises a TypeError if it is something else."""
    if not isinstance(blocks, list):
        raise TypeError("blocks that are no list")
    return blocks


def must_be_table(item: Any) -> dict[str, Any]:
    """The fields of a record; raises a TypeError if it is something else."""
    if not isinstance(item, dict):
        raise TypeError("a record that has no fields")
    return item


def must_be_whole(record: dict[str, Any]) -> None:
    """Raises a TypeError that says what of a record, given by its fields, no run writes so."""
    name, tables = record["name"], (record["data"], record["outputs"])
    if not all(isinstance(record[field], str) for field in ("key", "name", "seal")):
        raise TypeError("a key, a name or a seal that is no text")
    if not NAME.fullmatch(name):
        raise TypeError(f"no block can be called {name!r}")
    parts = [record[field] for field in ("made", "modules", "files")]
    if not all(isinstance(table, list) for table in tables) or not all(
        _is_texts(part) for part in (*parts, *record["data"])
    ):
        raise TypeError(f'"{name}" does not say well how it was made')
    for output in record["outputs"]:
        kind = output.get("output_type") if isinstance(output, dict) else None
        needed = _NEEDED.get(str(kind))
        if needed is None:
            raise TypeError(f'"{name}" has an output of no known type')
        if needed == ("data",):
            if not _is_data(output.get("data")):
                raise TypeError(f'"{name}" has a value or a figure without its data')
        elif not all(isinstance(output.get(field), str) for field in needed):
            raise TypeError(f'"{name}" has a {kind} without {" or ".join(needed)}')


_NEEDED = {
    "stream": ("name", "text"),
    "error": ("ename", "evalue"),
    "execute_result": ("data",),
    "display_data": ("data",),
}
"""What each type of output must have."""


def _is_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


def _is_data(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(one, str) or (mime in FILES and _is_texts(one) and list(one) == ["file"])
        for mime, one in value.items()
    )

"""What each tolerance lets through: every number of the records with its last digit raised by one.

Only the comparison is asked, as it judges a run of the same release on the same arithmetic; the
seal of a record, which `tfnotes check` looks at, would notice every one of them. Ten seconds::

    python benchmarks/tolerances.py            # a table; the first 40 numbers of each output
    python benchmarks/tolerances.py --list     # and which blocks the numbers stand in

How much the numbers really move: ``python benchmarks/spread.py``.
"""

import argparse
import dataclasses
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tfnotes.core.blocks import Block
from tfnotes.core.compare import differences
from tfnotes.core.pages import load_page
from tfnotes.core.project import Project, find_project
from tfnotes.core.records import Record, Store

NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
FIRST = 40
"""Numbers of one output that are tried."""


def raised(text: str) -> Iterator[str]:
    """The text with the last digit of one number raised, for each of its first numbers."""
    for match in list(NUMBER.finditer(text))[:FIRST]:
        mantissa = re.split("[eE]", match[0])[0]
        at = match.start() + len(mantissa) - 1
        yield f"{text[:at]}{(int(text[at]) + 1) % 10}{text[at + 1 :]}"


def variants(record: Record) -> Iterator[Record]:
    """The record with one number of one output raised."""
    for place, output in enumerate(record.outputs):
        kind = output["output_type"]
        field = {"stream": "text", "error": "evalue"}.get(kind, "data")
        text = output["data"].get("text/plain", "") if field == "data" else output[field]
        for changed in raised(text):
            value: Any = {**output["data"], "text/plain": changed} if field == "data" else changed
            outputs = [*record.outputs]
            outputs[place] = {**output, field: value}
            yield dataclasses.replace(record, outputs=outputs)


def tolerance_of(block: Block) -> str:
    """What the block is compared by."""
    if block.check != "exact":
        return f'check="{block.check}"'
    return "rtol=" if block.rtol else "default"


@dataclasses.dataclass
class Count:
    """Numbers by what their blocks are compared by."""

    tried: Counter[str] = dataclasses.field(default_factory=Counter)
    passed: Counter[str] = dataclasses.field(default_factory=Counter)
    """Those whose change was let through."""
    blocks: Counter[str] = dataclasses.field(default_factory=Counter)
    """The same by block."""


def count(project: Project) -> Count:
    """Raises every number of the accepted records and asks the comparison."""
    store = Store(project.outputs)
    found = Count()
    for name in project.all_names():
        records = store.load(name)
        for block in load_page(project, project.twins(name)[0]).running:
            record = records.get(block.key)
            if record is None:
                continue
            kind = tolerance_of(block)
            for changed in variants(record):
                found.tried[kind] += 1
                options = {"same_release": True, "tight": True}
                if not differences(record, changed, block.check, block.rtol, **options):
                    found.passed[kind] += 1
                    found.blocks[f"{kind} {name}:{block.name}"] += 1
    return found


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--list", action="store_true", help="name the blocks, most first")
    asked = parser.parse_args()
    found = count(find_project())
    tried, passed = found.tried, found.passed
    print(f"{'compared by':14} {'numbers':>8} {'pass':>6}")
    for kind in sorted(tried):
        print(f"{kind:14} {tried[kind]:8} {passed[kind]:6}  {passed[kind] / tried[kind]:.1%}")
    total, through = tried.total(), passed.total()
    print(f"{'all':14} {total:8} {through:6}  {through / total:.1%}")
    for place, number in found.blocks.most_common() if asked.list else ():
        print(f"{number:5} {place}")


if __name__ == "__main__":
    main()

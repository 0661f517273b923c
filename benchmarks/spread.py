"""How far the numbers of blocks with an ``rtol=`` move when their pages run with other arithmetic.

Each page runs again in every way of WAYS and is laid beside its accepted record. Three times what
moved is an honest tolerance; where nothing moved, ``rtol=`` can go; where a number's last digits
move by more than the reader needs, the snippet prints too many. Outcomes are kept in the cache, so
that a second call only prints. An hour or two on two cores::

    python benchmarks/spread.py                        # all pages, a line for each block
    python benchmarks/spread.py start/hello --numbers  # and each number as each way printed it
    python benchmarks/spread.py start/hello --all      # also the blocks without an rtol=
"""

import argparse
import dataclasses
import itertools
import re
from collections.abc import Iterator

from tfnotes.core.blocks import Block
from tfnotes.core.compare import ATOL, SVG_TEXT, TOKEN
from tfnotes.core.errors import PageError
from tfnotes.core.pages import load_page
from tfnotes.core.project import Project, find_project
from tfnotes.core.records import Record, Store
from tfnotes.run.session import Session

WAYS = {
    "narrow": {
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "OPENBLAS_CORETYPE": "Nehalem",
        "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
    },
    "oneDNN": {
        "TF_ENABLE_ONEDNN_OPTS": "1",
        "TF_NUM_INTRAOP_THREADS": "2",
        "OMP_NUM_THREADS": "2",
    },
}
"""Variables over those of a record's run: half the vector's width, as the next generation of
processors has twice; and the kernels and threads that a reader has by default."""
PATIENCE = 6.0
"""Times the seconds that a block may take: here it may be slow."""


@dataclasses.dataclass(frozen=True)
class Number:
    """One number of a record, and what the ways printed in its place."""

    printed: str
    others: tuple[str, ...]

    @property
    def moved(self) -> float:
        """The largest relative difference, as the comparison takes it."""
        a = float(self.printed)
        away = [(abs(a - b) - ATOL, max(abs(a), abs(b))) for b in map(float, self.others)]
        return max((much / of for much, of in away if much > 0), default=0.0)


def run(project: Project, way: str, measured: dict[str, list[Block]]) -> dict[str, Record]:
    """The outcomes of a way, by page and key; of blocks that failed there is none."""
    session = Session(project, environment=WAYS[way], cache=project.cache / "spread" / way)
    for name, blocks in measured.items():
        page = [
            dataclasses.replace(block, timeout=PATIENCE * block.timeout)
            for block in load_page(project, project.twins(name)[0]).running
        ]
        session.submit(page, {block.key for block in blocks})
    session.start()
    found = {}
    for block in itertools.chain(*measured.values()):
        outcome = session.outcome(block)
        if outcome.record:
            found[f"{block.page} {block.key}"] = outcome.record
        elif outcome.failure:
            print(f"{way}: {block.page}:{block.name}: {outcome.failure.title}")
    session.close()
    return found


def texts(record: Record) -> str:
    """All that is compared of a record, figures' labels included."""
    labels = [
        label
        for output in record.outputs
        for label in SVG_TEXT.findall(output.get("data", {}).get("image/svg+xml", ""))
    ]
    return record.text + " | ".join(labels)


def numbers(accepted: Record, others: list[Record]) -> Iterator[Number | str]:
    """Each float of a record beside those of the ways; what is no float and differs, as a text."""
    rows = [[*TOKEN.finditer(texts(record))] for record in (accepted, *others)]
    if len({len(row) for row in rows}) > 1:
        yield "another count of words"
        return
    for first, *rest in zip(*rows, strict=True):
        kinds = {token.lastgroup for token in (first, *rest)}
        if "float" in kinds and kinds <= {"float", "int"}:
            yield Number(first[0], tuple(token[0] for token in rest))
        elif any(token[0] != first[0] for token in rest):
            yield " -> ".join(token[0] for token in (first, *rest))


def last_digit(printed: str) -> float:
    """How much of a number its last printed digit is."""
    mantissa = re.split("[eE]", printed)[0]
    decimals = len(mantissa.partition(".")[2])
    return 10.0**-decimals / abs(float(mantissa) or 1.0)


def main() -> None:
    """Runs, compares and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pages", nargs="*", metavar="PART/SLUG")
    parser.add_argument("--all", action="store_true", help="blocks without an rtol= too")
    parser.add_argument("--numbers", action="store_true", help="print each number")
    parser.add_argument("--way", choices=WAYS, action="append", help="run only this one")
    asked = parser.parse_args()
    project = find_project()
    measured: dict[str, list[Block]] = {}
    for name in asked.pages or project.all_names():
        try:
            page = load_page(project, project.twins(name)[0])
        except PageError as error:
            print(error)
            continue
        exact = [block for block in page.running if block.check == "exact" and not block.timing]
        measured[name] = [block for block in exact if block.rtol or asked.all]
    ways = [run(project, way, measured) for way in asked.way or WAYS]
    print(f"{'rtol':>6} {'moved':>8} {'numbers':>8}  block")
    for name, blocks in measured.items():
        records = Store(project.outputs).load(name)
        for block in blocks:
            others = [made.get(f"{name} {block.key}") for made in ways]
            if block.key not in records or None in others:
                continue
            found = list(numbers(records[block.key], [other for other in others if other]))
            floats = [one for one in found if isinstance(one, Number)]
            moved = max((one.moved for one in floats), default=0.0)
            print(f"{block.rtol or 0:6g} {moved:8.1e} {len(floats):8}  {name}:{block.name}")
            for one in found:
                if isinstance(one, str):
                    print(f"{'':24}  {one}")
                elif asked.numbers:
                    notes = f"moved {one.moved:.1e}, last digit {last_digit(one.printed):.1e}"
                    print(f"{'':24}  {one.printed} -> {' '.join(one.others)}  {notes}")


if __name__ == "__main__":
    main()

"""What stands under a block: one answer, which the page, the notebook and the lab ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from tfnotes.captures.store import Runner, Shown, read_runners
from tfnotes.core.blocks import Block
from tfnotes.core.compare import differences
from tfnotes.core.pages import Page
from tfnotes.core.project import Project
from tfnotes.core.records import Record, Store
from tfnotes.core.uses import data_used


@dataclass(frozen=True)
class Under:
    """What stands under a block."""

    kind: Literal["outputs", "benchmark", "captured", "not-run", "missing"]
    """``benchmark``: what machines measured, beside the record of a run at small sizes;
    ``captured``: what machines that have what the block needs printed, none perhaps; ``missing``:
    the block runs, and has no record."""
    record: Record | None = None
    """Of the accepted run."""
    real: Record | None = None
    """Of a run on real data, where it says something else."""
    captured: tuple[tuple[Runner, Shown], ...] = ()

    @property
    def best(self) -> Record | None:
        """What a sentence, or a reader's own run, is to be compared with."""
        return self.real or self.record


class PageOutputs:
    """All that is known of a page's outputs.

    Args:
        page: The page.
        records: Its accepted records, by key.
        real: Those made with real data.
        runners: All captures.
    """

    def __init__(
        self,
        page: Page,
        records: Mapping[str, Record],
        real: Mapping[str, Record] | None = None,
        runners: Sequence[Runner] = (),
    ) -> None:
        self.page = page
        self.runners = runners
        self._records = records
        self._real = real or {}

    @classmethod
    def load(cls, project: Project, page: Page) -> "PageOutputs":
        """Reads them from a checkout."""
        return cls(
            page,
            Store(project.outputs).load(page.name),
            Store(project.real_outputs).load(page.name),
            read_runners(project),
        )

    def shown(self, block: Block) -> Under:
        """What stands under a block of the page."""
        if block.needs:
            entries = ((runner, runner.entry(block)) for runner in self.runners)
            found = tuple((runner, one) for runner, one in entries if isinstance(one, Shown))
            return Under("captured", captured=found)
        if not block.runs:
            return Under("not-run")
        record = self._records.get(block.key)
        if record is None:
            return Under("missing")
        used = self._used.get(block.key, frozenset())
        real = _beside(block, record, self._real, used)
        kind: Literal["benchmark", "outputs"] = "benchmark" if block.timing else "outputs"
        # An output that the real data changes has used it, whatever the code seems to say.
        every = real is not None and block.check == "exact"
        shown = [r if r is None or every else _with_data(r, used) for r in (record, real)]
        return Under(kind, shown[0], shown[1])

    @cached_property
    def _used(self) -> dict[str, frozenset[str]]:
        """By key, the data sets that a block uses; its record names all that its page has loaded."""
        names = {item.get("name", "") for r in self._records.values() for item in r.data}
        return data_used(self.page.running, names) if names else {}

    @cached_property
    def beside(self) -> dict[str, Record]:
        """By key, the records that sentences take their numbers from: those that are shown."""
        shown = ((block.key, self.shown(block).best) for block in self.page.running)
        return {key: record for key, record in shown if record is not None}


def _beside(
    block: Block, record: Record, real: Mapping[str, Record], used: frozenset[str]
) -> Record | None:
    """The block's record on real data, where it says something else than the stand-in's.

    A tolerance is for tests. Here any difference counts, unless the block's numbers are another in
    every run anyway: then it must use the data, and say something else than other numbers.
    """
    found = real.get(block.key)
    if found is None or not any(item.get("origin") == "real" for item in found.data):
        return None
    if block.check != "exact":
        origins = {item.get("name"): item.get("origin") for item in found.data}
        if not any(origins.get(name) == "real" for name in used):
            return None
        return found if differences(found, record, rtol=block.rtol) else None
    return found if found.outputs != record.outputs else None


def _with_data(record: Record, used: frozenset[str]) -> Record:
    """The record with the data sets that its block uses; the others are its page's."""
    return replace(record, data=[item for item in record.data if item.get("name") in used])

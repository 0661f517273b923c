"""Capturing: running what is to be measured on this machine, page by page, and keeping it.

Each page runs in a fresh process with the machine to itself. After every block the runner's file
is written, so an interrupted capture keeps what it has; the next does what is missing or stale.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tfnotes.captures.machine import runner_name
from tfnotes.captures.process import MeasuringProcess
from tfnotes.captures.store import (
    METHOD,
    Measured,
    Runner,
    Shown,
    identity,
    load_runner,
    save_runner,
)
from tfnotes.core.blocks import Block
from tfnotes.core.errors import TfnotesError
from tfnotes.core.pages import Page, load_page
from tfnotes.core.project import Project
from tfnotes.run.process.messages import Begun, BlockEvent, BlockJob, Facts, Job, Trouble

LIMIT = 1800.0
"""Seconds after which a block is given up."""


@dataclass
class Captured:
    """What a capture did."""

    runner: Runner
    done: list[str] = field(default_factory=list)
    """Blocks that ran, as ``page:block``."""
    fresh: int = 0
    """Blocks that were already captured as their code stands."""
    failures: list[str] = field(default_factory=list)
    """One line a page that could not be finished."""


def capture(
    project: Project,
    names: Iterable[str] = (),
    *,
    runner: str | None = None,
    require_gpu: bool = False,
    force: bool = False,
    tell: Callable[[str], None] = lambda line: None,
) -> Captured:
    """Runs what this machine has not yet measured and keeps it under the runner's name.

    Args:
        project: The checkout.
        names: Names of pages; all with something to capture if empty.
        runner: The runner's name; made from the machine's facts if None.
        require_gpu: Refuse to run where TensorFlow sees no GPU.
        force: Measure again what is already there.
        tell: Called with a line of progress.

    Returns:
        What was done.

    Raises:
        TfnotesError: No GPU though one is required, the runner is another machine, or a page
            cannot be read.
    """
    pages = [page for page in _pages(project, names) if page.captured]
    machine = _ask_facts(project)
    if require_gpu and "gpu" not in machine:
        raise TfnotesError(
            "TensorFlow sees no GPU here; install its CUDA libraries, or drop --require-gpu"
        )
    name = runner or runner_name(machine)
    kept = load_runner(project.timings, name)
    if kept.machine and not _same_machine(kept.machine, machine):
        if not force:
            was = kept.machine.get("gpu") or kept.machine.get("cpu")
            raise TfnotesError(
                f'runner "{name}" is another machine ({was}, {kept.machine.get("cores")} cores); '
                "choose another --runner, or replace its captures with --force"
            )
        kept = Runner(name)
    kept.machine = machine
    result = Captured(kept)
    for page in pages:
        todo = [b for b in page.captured if machine.get("gpu") or not b.needs]
        wanted = [b for b in todo if force or not kept.is_current(b)]
        result.fresh += len(todo) - len(wanted)
        if wanted:
            _run_page(project, page, wanted, result, tell)
    _drop_gone(project, kept)
    return result


def _pages(project: Project, names: Iterable[str]) -> list[Page]:
    chosen = list(names)
    found = []
    for name in chosen or project.all_names():
        twins = project.twins(name)
        if not twins:
            raise TfnotesError(f"{name}: no such page under docs/zh or docs/en; write part/slug")
        found.append(load_page(project, twins[0]))
    return found


def _same_machine(one: dict[str, str], other: dict[str, str]) -> bool:
    return all(one.get(fact) == other.get(fact) for fact in ("cpu", "cores", "gpu"))


def _drop_gone(project: Project, kept: Runner) -> None:
    """Forgets what no page has any more, and writes the file."""
    known = {identity(block) for page in _pages(project, ()) for block in page.captured}
    before = len(kept.benchmarks) + len(kept.blocks)
    kept.benchmarks = {key: m for key, m in kept.benchmarks.items() if key in known}
    kept.blocks = {key: s for key, s in kept.blocks.items() if key in known}
    if len(kept.benchmarks) + len(kept.blocks) != before:
        save_runner(project.timings, kept)


def _run_page(
    project: Project,
    page: Page,
    wanted: list[Block],
    result: Captured,
    tell: Callable[[str], None],
) -> None:
    """Runs a page up to the last wanted block; keeps each wanted outcome as soon as it is there."""
    runner = result.runner
    gpu = "gpu" in runner.machine
    last = max(page.blocks.index(block) for block in wanted)
    chain = [b for b in page.blocks[: last + 1] if b.runs or (gpu and b.needs)]
    keys = {block.key for block in wanted}
    job = Job([BlockJob.of(block, block.key in keys) for block in chain])
    with MeasuringProcess(project, job) as process:
        for block in chain:
            begun = process.event(30.0 + LIMIT)
            event = process.event(max(LIMIT, block.timeout)) if begun else None
            if not (isinstance(begun, Begun) and isinstance(event, BlockEvent)):
                result.failures.append(f"{block.where}:{block.line}: {process.ended()}")
                tell(result.failures[-1])
                return
            if event.failure:
                line = f"{block.where}:{block.line}: {_told(event.failure)}"
                if block.key in keys or not _can_do_without(event.failure, block):
                    result.failures.append(line)
                tell(line)
                continue
            if block.key not in keys:
                continue
            _keep(runner, block, event, {**event.made, "load": begun.load})
            save_runner(project.timings, runner)
            result.done.append(identity(block))
            cases = len(event.benchmark["cases"]) if event.benchmark else 0
            tell(identity(block) + (f": {cases} cases" if cases else ""))


def _keep(runner: Runner, block: Block, event: BlockEvent, made: dict[str, str]) -> None:
    place = (block.page, block.name, block.key)
    if block.needs:
        runner.blocks[identity(block)] = Shown(*place, made, event.outputs)
    elif event.benchmark:
        runner.benchmarks[identity(block)] = Measured(*place, METHOD, made, **event.benchmark)


def _can_do_without(trouble: Trouble, block: Block) -> bool:
    """Whether a block that is not to be captured may fail like this without being a fault.

    A drawing where matplotlib is not installed, what would have used it, or a block whose error
    only a machine without a GPU raises.
    """
    return trouble.type in ("ModuleNotFoundError", "NameError") or bool(block.raises)


def _told(trouble: Trouble) -> str:
    return f"{trouble.type}: {trouble.message}\n{trouble.trace}".strip()


def _ask_facts(project: Project) -> dict[str, str]:
    with MeasuringProcess(project, Job()) as process:
        event = process.event(600)
        if not isinstance(event, Facts):
            raise TfnotesError(f"TensorFlow cannot be imported here: {process.ended()}")
        return event.machine

"""Records that do not belong to the code as it stands."""

from collections.abc import Sequence

from tfnotes.captures.inline import timings_of
from tfnotes.captures.store import Runner, load_runners
from tfnotes.check.finding import Finding, from_error
from tfnotes.check.markdown_text import blank_code
from tfnotes.core.digests import file_digests
from tfnotes.core.errors import PageError
from tfnotes.core.helpers import module_digests
from tfnotes.core.inline import REFERENCE, expand, is_about_syntax
from tfnotes.core.pages import Page
from tfnotes.core.project import Project
from tfnotes.core.records import Record, Store
from tfnotes.prune import used_keys

_RERUN = "run pytest {} --update-outputs"


def check_records(project: Project, page: Page, told: set[str] | None = None) -> list[Finding]:
    """Compares a page with its accepted records.

    Args:
        project: The checkout.
        page: The page in one language.
        told: Keys of blocks whose records were reported for the twin already; grows.

    Returns:
        Blocks without a record, records made with other helper modules, figures without a text
        alternative, and numbers in prose that no output has.
    """
    told = set() if told is None else told
    try:
        records = Store(project.outputs).load(page.name)
    except PageError as error:
        return [from_error(error)]
    findings = []
    rerun = _RERUN.format(page.where)
    missing = [block for block in page.running if block.key not in records]
    if any(block.key not in told for block in missing):
        # One change makes all blocks behind it miss their records: one finding says it.
        more = f" (nor have {len(missing) - 1} more)" if len(missing) > 1 else ""
        message = f'block "{missing[0].name}" has no record of its code as it stands{more}'
        findings.append(Finding(page.where, missing[0].line, message, rerun))
    for block in page.running:
        record = records.get(block.key)
        if record is None:
            continue
        if record.name != block.name and block.key not in told:
            message = f'the record of block "{block.name}" calls it "{record.name}"'
            findings.append(Finding(page.where, block.line, message, rerun))
        now = module_digests({*block.helpers, *record.modules})
        changed = sorted(name for name in now if record.modules.get(name) != now[name])
        files = file_digests(project.root, record.files)
        changed += [name for name in files if record.files[name] != files[name]]
        if changed and block.key not in told:
            names = " and ".join(changed)
            message = f'the record of block "{block.name}" was made with another {names}'
            findings.append(Finding(page.where, block.line, message, f"{rerun}=stale"))
        if _draws(record) and not block.options.get("alt"):
            message = f'block "{block.name}" draws a figure but has no alt='
            findings.append(Finding(page.where, block.line, message, "say what the figure shows"))
    told |= {block.key for block in page.running}
    return findings + _check_inline(page, records, _runners(project, page))


def check_unused(project: Project) -> list[Finding]:
    """Reports records that no page uses, in the accepted store and the one made with real data."""
    findings = []
    accepted = Store(project.outputs)
    for folder in (project.outputs, project.real_outputs):
        store = Store(folder)
        for name in store.page_names():
            where = project.relative(store.path(name))
            try:
                records = store.load(name)
                keys = used_keys(project, name)
            except PageError:
                continue  # The page's own check reports it.
            if not keys <= set(accepted.load(name)):
                continue  # The page's own check says so, and what to do first.
            unused = [record.name for key, record in records.items() if key not in keys]
            if keys and unused:
                message = f"records of code that is no longer on the page: {', '.join(unused)}"
                findings.append(Finding(where, 1, message, "run tfnotes prune"))
            elif unused:
                findings.append(
                    Finding(where, 1, "records of a page that is gone", "run tfnotes prune")
                )
    return findings


def _draws(record: Record) -> bool:
    return any(
        mime.startswith("image/") for output in record.outputs for mime in output.get("data", {})
    )


def _runners(project: Project, page: Page) -> list[Runner]:
    """The captures, where the page has something captured."""
    return load_runners(project.timings) if page.captured else []


def _check_inline(
    page: Page, records: dict[str, Record], runners: Sequence[Runner]
) -> list[Finding]:
    findings = []
    names = {block.name for block in page.blocks}
    for number, line in enumerate(blank_code(page.text, page.fences, page.body_line), 1):
        for found in REFERENCE.finditer(line):
            if is_about_syntax(found, names):
                continue
            try:
                expand(found[0], page, records, number, timings_of(page, runners))
            except PageError as error:
                if "has no record" not in error.problem:  # that has been said
                    findings.append(from_error(error))
    return findings

"""Accepting what a run produced: merging outcomes into the records under ``outputs/``."""

from collections.abc import Mapping
from dataclasses import dataclass

from tfnotes.core.blocks import Block
from tfnotes.core.compare import differences, same_arithmetic
from tfnotes.core.pages import Page
from tfnotes.core.records import Record, Store
from tfnotes.run.process.tensorflow import DECISIVE

MODES = ("missing", "stale", "all")
"""What an update may write: records that are not there; also those made by other helper code or
another TensorFlow; all that differ."""


@dataclass(frozen=True)
class Change:
    """One record that an update wrote or dropped."""

    page: str
    name: str
    what: str
    """What changed, in one line."""


def is_stale(record: Record, made_now: Record) -> bool:
    """Whether a record was made by other helpers, files, TensorFlow or Keras than now."""
    versions = [[r.made.get(name) for name in DECISIVE] for r in (record, made_now)]
    return _inputs(record) != _inputs(made_now) or versions[0] != versions[1]


def judge(accepted: Record, new: Record, block: Block) -> list[str]:
    """Tells how a run of a block differs from its accepted record, as strictly as can be.

    Returns:
        One line a difference; empty if the records agree.
    """
    versions = [[record.made.get(name) for name in DECISIVE] for record in (accepted, new)]
    return differences(
        accepted,
        new,
        block.check,
        block.rtol,
        same_release=versions[0] == versions[1],
        tight=same_arithmetic(),
    )


def accept(
    store: Store,
    page: Page,
    made: Mapping[str, Record],
    mode: str = "all",
    twin_keys: set[str] | None = None,
) -> list[Change]:
    """Writes the records of a page that differ from the accepted ones.

    A record that agrees within tolerance is left as it is, so that reviews show real changes only.
    Records of code that is no longer there are dropped once every block has a record: before that,
    a typo would cost all that stood behind it.

    Args:
        store: The accepted records.
        page: The page.
        made: What the run produced, by key; blocks that did not run may be missing.
        mode: One of ``MODES``.
        twin_keys: Keys of the page's twin: records for them are kept.

    Returns:
        What changed, in page order; nothing is written if that is nothing.

    Raises:
        TfnotesError: The accepted records cannot be read or written.
    """
    accepted = store.load(page.name)
    names = {record.name: record for record in accepted.values()}
    changes: list[Change] = []
    merged: list[Record] = []
    silent = False
    for block in page.running:
        old, new = accepted.get(block.key), made.get(block.key)
        if new is None:
            merged += [old] if old else []
            continue
        if old is not None and old.name != block.name:
            changes.append(Change(page.name, block.name, f'was called "{old.name}"'))
            old.name = block.name
        if old is None:
            changes.append(Change(page.name, block.name, _since(names.get(block.name), new, block)))
            merged.append(new)
            continue
        may_write = mode == "all" or (mode == "stale" and is_stale(old, new))
        found = judge(old, new, block) if may_write else []
        if (
            may_write
            and not found
            and old.modules != new.modules
            and _pictures(old) != _pictures(new)
        ):
            # Pixels are not compared, but a helper that draws differently is a change to be seen.
            found = ["figure drawn differently by changed helper code"]
        if found:
            changes.append(Change(page.name, block.name, found[0]))
            merged.append(new)
        else:
            # The outputs stand; only which helper code and files they were last checked with is noted.
            if may_write and _inputs(old) != _inputs(new):
                old.modules, old.files, silent = new.modules, new.files, True
            merged.append(old)
    kept = {record.key for record in merged}
    rest = {key: record for key, record in accepted.items() if key not in kept}
    complete = len(kept) == len({block.key for block in page.running})
    others = [r for key, r in rest.items() if not complete or key in (twin_keys or set())]
    gone = [r for key, r in rest.items() if complete and key not in (twin_keys or set())]
    renamed = {change.name for change in changes}
    changes += [Change(page.name, r.name, "dropped") for r in gone if r.name not in renamed]
    if changes or gone or silent:
        store.save(page.name, merged + others)
    return changes


def _inputs(record: Record) -> tuple[dict[str, str], dict[str, str]]:
    return record.modules, record.files


def _pictures(record: Record) -> list[str]:
    outputs = (output.get("data", {}) for output in record.outputs)
    return [value for data in outputs for mime, value in data.items() if mime.startswith("image/")]


def _since(old: Record | None, new: Record, block: Block) -> str:
    if old is None:
        return "new"
    found = judge(old, new, block)
    return f"code changed; {found[0]}" if found else "code changed, outputs as before"

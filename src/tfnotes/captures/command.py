"""``tfnotes capture``, also as ``python -m tfnotes capture`` where only TensorFlow is installed.

argparse, because a machine with a GPU need not have typer and rich.
"""

import argparse
import sys
from collections.abc import Sequence

from tfnotes.core.errors import TfnotesError
from tfnotes.core.project import find_project


def main(arguments: Sequence[str] | None = None) -> int:
    """Parses a command line and captures.

    Args:
        arguments: Words after ``capture``; those of the process if None.

    Returns:
        The exit status: 0 if everything that was to be captured is, 1 otherwise.
    """
    parser = argparse.ArgumentParser(
        prog="tfnotes capture",
        description="Measure the timing blocks of pages on this machine, at full size, and write "
        "outputs/timings/NAME.json. What is there and fits the code is not measured again.",
    )
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="part/slug; all pages if none")
    parser.add_argument("--runner", metavar="NAME", help="name of this machine (default: made up)")
    parser.add_argument("--require-gpu", action="store_true", help="fail where there is no GPU")
    parser.add_argument("--force", action="store_true", help="measure everything again")
    options = parser.parse_args(arguments)

    from tfnotes.captures.capture import capture

    def tell(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    try:
        found = capture(
            find_project(),
            options.pages,
            runner=options.runner,
            require_gpu=options.require_gpu,
            force=options.force,
            tell=tell,
        )
    except TfnotesError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; what was measured is kept", file=sys.stderr)
        return 130
    kept = f"outputs/timings/{found.runner.name}.json"
    print(f"{kept}: {len(found.done)} measured, {found.fresh} were up to date")
    return 1 if found.failures else 0

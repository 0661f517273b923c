"""The ``tfnotes`` command, and ``python -m tfnotes``.

``doctor`` and ``capture`` need nothing but Python here; everything else is what the extras
``site`` and ``run`` bring.
"""

import sys


def main() -> None:
    """Runs the command that the arguments name, and ends the process."""
    words = sys.argv[1:]
    if words[:1] == ["doctor"]:
        from tfnotes.doctor.command import main as doctor

        sys.exit(doctor(words[1:]))
    if words[:1] == ["capture"]:
        from tfnotes.captures.command import main as capture

        sys.exit(capture(words[1:]))
    try:
        from tfnotes.cli import app
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("typer", "rich"):
            raise
        what = " ".join(["tfnotes", *words[:1]])
        sys.exit(
            f'{what} needs {error.name}: pip install "tfnotes[site]"; without it: tfnotes doctor'
        )
    app()


if __name__ == "__main__":
    main()

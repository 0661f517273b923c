"""``python -m tfnotes``: the command line; ``capture`` needs nothing but TensorFlow and NumPy."""

import sys

if __name__ == "__main__":
    if sys.argv[1:2] == ["capture"]:
        from tfnotes.captures.command import main

        sys.exit(main(sys.argv[2:]))
    from tfnotes.cli import app

    app()

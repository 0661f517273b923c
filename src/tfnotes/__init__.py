"""tfnotes: the TensorFlow notes that do not rot.

What a snippet may import is small: ``tfnotes.data``, ``tfnotes.plotting`` and ``tfnotes.timing``.
Everything else serves the pages: ``core`` reads them, ``run`` executes them, ``site`` shows them,
``check`` reviews them.
"""

__version__ = "0.1.0"

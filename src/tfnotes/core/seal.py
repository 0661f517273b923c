"""Seals: a digest beside what a machine wrote, by which `tfnotes check` sees that a hand changed it.

A record on real data, a capture or another release's outcome is not run again by any test, so
nothing else would notice. A seal is no lock: who wants to deceive can make one. It is kept as it
was read when a file is written again, so that writing does not make an edited record whole.
"""

import hashlib
import json
from typing import Any


def seal_of(content: Any) -> str:
    """The seal of plain values, as JSON has them: twelve hexadecimal digits."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]

"""MkDocs hook: pictures of outputs become files beside the pages.

A picture that a page carries in itself comes before the text below it, and comes twice where the
output on the stand-in data is folded away. As files they are fetched when they are looked at.
"""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

from mkdocs.utils import get_relative_url

from tfnotes.core.files import write_atomic

FOLDER = "assets/outputs"
LEAST = 4096
"""Characters below which a picture stays in its page: a request costs more."""
_CARRIED = re.compile(r'src="data:image/(png|webp);base64,([A-Za-z0-9+/=]+)"')


def on_post_page(output: str, *, page: Any, config: Any) -> str:
    """The page with addresses in place of its pictures, which are written into the site."""

    def moved(found: re.Match[str]) -> str:
        if len(found[2]) < LEAST:
            return found[0]
        content = base64.b64decode(found[2])
        address = f"{FOLDER}/{hashlib.sha256(content).hexdigest()[:16]}.{found[1]}"
        path = Path(config.site_dir) / address
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, content)
        return f'src="{get_relative_url(address, page.url)}" loading="lazy"'

    return _CARRIED.sub(moved, output)

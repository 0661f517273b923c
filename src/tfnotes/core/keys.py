"""Keys: what identifies the run of a block.

A block's key covers everything that ran before it on the page, so a change invalidates exactly
what follows it. Comments, blank lines and display options are not part of it.
"""

import functools
import hashlib
import io
import tokenize


@functools.lru_cache(maxsize=8192)  # both twins, and both chains of a page, ask for the same
def normalise(code: str) -> str:
    """Removes what cannot change a run: comments, blank lines, white space before a comment.

    Works on positions rather than on rebuilt tokens, so that the result is the same under every
    version of Python (3.12 splits f-strings into tokens, 3.11 does not).

    Args:
        code: Python source that tokenizes; other text is returned as it is.

    Returns:
        The code without comments and blank lines; line breaks inside strings are kept.
    """
    lines = code.split("\n")
    blank: set[int] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            row, column = token.start
            if token.type == tokenize.COMMENT:
                lines[row - 1] = lines[row - 1][:column].rstrip()
                if not lines[row - 1]:
                    blank.add(row - 1)
            elif token.type == tokenize.NL and not lines[row - 1].strip():
                blank.add(row - 1)
    except (tokenize.TokenError, SyntaxError):
        return code
    kept = [line for number, line in enumerate(lines) if number not in blank]
    return "\n".join(kept).strip("\n")


def chain_key(previous: str, code: str, raises: str | None = None) -> str:
    """The key of a block, given the key of the one before it.

    Args:
        previous: Key of the running block before it on the page; ``""`` for the first.
        code: The block's code.
        raises: Name of the exception that it must raise, if any.

    Returns:
        Twenty hexadecimal digits.
    """
    text = "\0".join((previous, normalise(code), raises or ""))
    return hashlib.sha256(text.encode()).hexdigest()[:20]

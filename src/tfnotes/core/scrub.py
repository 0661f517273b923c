"""Taking noise out of captured text: what differs between two runs and means nothing.

Noise is removed when a record is written, not when two are compared, so that readers never see it.
"""

import re

_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,16}\b")
_OBJECT_ID = re.compile(r"(?<='shared_object_id': )\d{6,}")
"""The address of a layer in the configuration that Keras puts into its messages."""
_TQDM = re.compile(r"(?<=\d )\[\d[\d:]*<[\d:?]+, +[\d.?]+ ?(?:\w+/s|s/\w+)(?=[\],])")
"""The times in tqdm's lines: ``3/3 [00:00<00:00, 100663.30it/s]``."""
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_DURATION = r"\d+(?:\.\d+)?(?:s|ms|us|µs|min)"
_STEP_TIME = re.compile(rf"(?<=- )(?:{_DURATION} (?:- )?)?{_DURATION}/(?:step|epoch|sample)")
"""The times in Keras' progress lines: ``45/45 - 1s - 12ms/step - loss: …``."""
_INFO_LINE = re.compile(
    r"^(?:I\d{4} [\d:.]+ +\d+ \S+:\d+\]|\d{4}-\d\d-\d\d [\d:.]+: I \S+\]).*\n"
    r"|^WARNING: All log messages before absl::InitializeLog\(\).*\n"
    r"|^[WE]\d{4} [\d:.]+ +\d+ (?:cuda|cudart|computation_placer|gpu)\w*\.cc:\d+\].*\n"
    r"|^INFO: Created TensorFlow Lite \w+ delegate for \w+\.\n"
    r"|^fully_quantize: \d+, inference_type: \d+, .*\n",
    re.MULTILINE,
)
"""Start-up chatter of absl, of the CUDA stubs on a machine without a GPU, and of LiteRT."""
_NODE = re.compile(r"\{\{(?:function_node|node) [^}]*\}\} ?")
"""Names of the wrappers that TensorFlow puts before an operation's own message."""
_LOG_PREFIX = re.compile(
    r"^(?:[WEF]\d{4} [\d:.]+ +\d+ \S+:\d+\]|\d{4}-\d\d-\d\d [\d:.]+: [WEF] \S+\]) ", re.MULTILINE
)


def scrub(text: str, paths: dict[str, str]) -> str:
    """Replaces noise in captured text.

    Args:
        text: What a block printed.
        paths: Machine paths and what to write instead of them, such as ``{"/home/me/notes": ""}``.

    Returns:
        The text with carriage returns played out, and without ANSI codes, memory addresses,
        machine paths, step times and log prefixes; what UTF-8 cannot write (a lone surrogate)
        is written as an escape.
    """
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    text = _ANSI.sub("", text)
    text = "\n".join(_played_out(line) for line in text.split("\n"))
    for path, name in sorted(paths.items(), key=lambda item: -len(item[0])):
        if len(path) > 1:
            text = text.replace(path.rstrip("/") + "/", name + "/" if name else "").replace(
                path, name or "."
            )
    text = _LOG_PREFIX.sub("", _INFO_LINE.sub("", text))
    text = _NODE.sub("", text)
    text = _ADDRESS.sub("0x…", text)
    text = _TQDM.sub("[…", _OBJECT_ID.sub("…", text))
    return _STEP_TIME.sub("…", text)


def _played_out(line: str) -> str:
    """What a terminal shows of a line with carriage returns and backspaces: the last write wins."""
    if "\r" not in line and "\b" not in line:
        return line
    shown: list[str] = []
    column = 0
    for character in line.rstrip("\r"):
        if character == "\r":
            column = 0
        elif character == "\b":
            column = max(0, column - 1)
        else:
            shown[column : column + 1] = [character]
            column += 1
    return "".join(shown).rstrip()

"""The first code cell of a notebook: installs what the page uses, sets what the engine sets."""

import ast
import re
import sys
from collections.abc import Iterable

from tfnotes.core.helpers import helpers_used

PACKAGES = {"PIL": "pillow", "sklearn": "scikit-learn", "yaml": "pyyaml"}
"""Packages that are not called what they are imported as."""
_ALWAYS = ("tensorflow", "keras")
_NEEDS = {
    r"\bdata\.(mnist|iris)\(": "sklearn",
    r"\.(frame|write_csv)\(": "pandas",
    r"\bdata\.pets\(": "PIL",
}


def imported(codes: Iterable[str]) -> list[str]:
    """Top-level modules outside the standard library that code imports, sorted."""
    found: set[str] = set()
    for code in codes:
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return sorted(found - set(sys.stdlib_module_names))


def _behind(codes: Iterable[str]) -> set[str]:
    """What ``tfnotes.data`` needs for the calls in the code, which import nothing of it.

    A reader whose network reaches the packages but not the data sets gets their stand-ins.
    """
    text = "\n".join(codes)
    return {module for pattern, module in _NEEDS.items() if re.search(pattern, text)}


_COMMENTS = {
    "zh": (
        "# 这份 Notebook 只用 Python 自带的库。",
        "# 缺什么装什么；已经有的不动。",
        "# 与记录输出时相同的随机种子和确定性内核，这样你的输出可以和它对照。",
    ),
    "en": (
        "# This notebook needs nothing but Python.",
        "# Installs what this notebook needs and does not find.",
        "# The same seeds and kernels as the recorded run, so that your outputs can be compared.",
    ),
}


def setup_code(
    codes: list[str],
    made: dict[str, str],
    pins: dict[str, str],
    wheel: str,
    language: str = "en",
) -> str:
    """The code of the cell.

    Args:
        codes: The code of all blocks of the page.
        made: Versions that the records name; they count more than pins.
        pins: Versions by package.
        wheel: Address of the tfnotes wheel.
        language: Language of the comments.

    Returns:
        Python that installs only what cannot be imported, then seeds as the engine does.
    """
    nothing, installs, seeds = _COMMENTS.get(language, _COMMENTS["en"])
    modules = imported(codes)
    tensorflow = bool({"tensorflow", "keras", "tfnotes"} & set(modules))
    wanted = {*modules, *(_ALWAYS if tensorflow else ())}
    if "tfnotes" in wanted:
        wanted |= {"matplotlib", "numpy", *_behind(codes)}
    elif any(helpers_used(code) for code in codes):
        # Run in a process of its own, which imports TensorFlow where it needs it.
        wanted |= {"tfnotes", *_ALWAYS}
    lines = []
    for module in sorted(wanted - {"tfnotes"}):
        package = PACKAGES.get(module, module.replace("_", "-"))
        version = made.get(module) or pins.get(package.lower(), "")
        lines.append(f'    "{module}": ["{package}{"==" + version if version else ""}"],')
    if "tfnotes" in wanted:
        lines.append(f'    "tfnotes": ["{wheel}"],')
    if not lines:
        return nothing
    needed = "\n".join(lines)
    code = f"""{installs}
import importlib.util
import subprocess
import sys

needed = {{
{needed}
}}
for module, arguments in needed.items():
    if importlib.util.find_spec(module) is None:
        subprocess.check_call([sys.executable, "-m", "pip", "install", "--quiet", *arguments])
"""
    if tensorflow:
        code += f"""
{seeds}
import keras
import tensorflow as tf

keras.utils.set_random_seed(0)
tf.config.experimental.enable_op_determinism()
"""
    return code.rstrip("\n")

"""Writes src/tfnotes/doctor/surface.json: the names and arguments of the pinned release.

    python tools/surface.py

`tfnotes doctor` reports what is in neither. A test makes the file's content anew and compares.
"""

import inspect
import json
import os
import re
import types
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

FILE = Path(__file__).parents[1] / "src/tfnotes/doctor/surface.json"
PACKAGES = (
    "layers",
    "optimizers",
    "losses",
    "metrics",
    "callbacks",
    "initializers",
    "regularizers",
    "constraints",
)
METHODS = (
    "compile", "fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch",
    "save", "save_weights", "load_weights", "summary",
)  # fmt: skip
BASE = {
    "activity_regularizer",
    "trainable",
    "dtype",
    "autocast",
    "name",
    "input_dim",
    "input_shape",
}
"""What Layer.__init__ takes, the last two for the sake of old code."""


def modules(root: types.ModuleType, name: str) -> dict[str, list[str]]:
    """The public names of a package and of the packages in it."""
    found: dict[str, list[str]] = {}
    waiting = [(name, root)]
    while waiting:
        path, module = waiting.pop()
        names = {one for one in dir(module) if not one.startswith("_")}
        if path == name:
            # Packages that are on the disk and not in the interface can be imported as well.
            places = [Path(one) for one in module.__path__ if Path(one).is_dir()]
            below = [one for place in places for one in place.iterdir()]
            names |= {one.name for one in below if (one / "__init__.py").exists()} - {"_api"}
        found[path] = sorted(names)
        for one in sorted(names):
            inner = getattr(module, one, None)
            inside = f"{path}.{one}"
            if inside == "tf.keras" or inside.startswith(("tf.compat", "keras.src")):
                continue
            if isinstance(inner, types.ModuleType) and re.search(
                r"_api\.v2|keras", getattr(inner, "__name__", "")
            ):
                waiting.append((inside, inner))
    return found


def arguments(thing: Any) -> list[str] | None:
    """The arguments of a class or function; None if it takes whatever it is given."""
    function = thing.__init__ if inspect.isclass(thing) else thing
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    names = {one.name for one in parameters if one.kind is not one.VAR_KEYWORD} - {"self"}
    if all(one.kind is not one.VAR_KEYWORD for one in parameters):
        return sorted(names)
    if not inspect.isclass(thing):
        return None
    import keras

    is_layer = issubclass(thing, keras.Layer) and not issubclass(thing, keras.Model)
    if not is_layer and not issubclass(thing, keras.optimizers.Optimizer):
        return None
    # **kwargs goes up to Layer or Optimizer, which refuses what nobody on the way takes out.
    for parent in thing.__mro__[:-1]:
        if "__init__" not in vars(parent) or parent.__module__.split(".")[0] != "keras":
            continue
        names |= {
            one.name
            for one in inspect.signature(parent.__init__).parameters.values()
            if (parent is keras.Layer and one.kind is one.KEYWORD_ONLY)
            or (not is_layer and one.name not in ("self", "kwargs"))
        }
        source = inspect.getsource(parent.__init__)
        names |= set(re.findall(r"kwargs\.(?:pop|get)\(\s*\"(\w+)\"", source))
        names |= set(re.findall(r"\"(\w+)\" in kwargs", source))
    return sorted(names | BASE if is_layer else names)


def surface() -> dict[str, Any]:
    """The content of the file."""
    import keras
    import tensorflow as tf

    _ = tf.keras.layers  # loaded when asked
    taken: dict[str, list[str]] = {}
    for package in PACKAGES:
        module = getattr(keras, package)
        for name in sorted(dir(module)):
            thing = getattr(module, name)
            if inspect.isclass(thing) and not name.startswith("_"):
                found = arguments(thing)
                if found is not None:
                    taken[f"keras.{package}.{name}"] = found
    taken["keras.Input"] = taken["keras.layers.Input"] = arguments(keras.Input) or []
    methods = {name: arguments(getattr(keras.Model, name)) for name in METHODS}
    names = {**modules(tf, "tf"), **modules(keras, "keras")}
    names |= {f"tf.{path}": found for path, found in modules(tf.keras, "keras").items()}
    return {
        "release": tf.__version__,
        "keras": keras.__version__,
        "arguments": taken,
        "methods": {name: found for name, found in methods.items() if found is not None},
        "names": dict(sorted(names.items())),
    }


def text() -> str:
    """The content as it is written: one line an entry."""
    content = surface()
    lines = ["{", f'"release": "{content["release"]}",', f'"keras": "{content["keras"]}",']
    for part in ("arguments", "methods", "names"):
        entries = [
            f"{json.dumps(key)}: {json.dumps(value)}" for key, value in content[part].items()
        ]
        lines += [f'"{part}": {{', ",\n".join(entries), "}" if part == "names" else "},"]
    return "\n".join([*lines, "}"]) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")

"""The way from a name to a data set: the real one where it is to be had, else the stand-in."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

from tfnotes.core.errors import TfnotesError
from tfnotes.data import log, sources
from tfnotes.data.cards import Card
from tfnotes.data.catalogue import CARDS
from tfnotes.data.sets import DataSet

S = TypeVar("S", bound=DataSet)


def card(name: str) -> Card:
    """Return the card of a data set.

    Raises:
        TfnotesError: There is no data set of that name.
    """
    if name not in CARDS:
        raise TfnotesError(f"no data set is called {name!r}; there are {', '.join(sorted(CARDS))}")
    return CARDS[name]


def load(kind: type[S], name: str, module: str, **arguments: Any) -> S:
    """Make the data set ``name`` in the mode that ``TFNOTES_DATA_MODE`` asks for.

    Args:
        kind: The container to fill.
        name: The data set.
        module: The module of ``readers`` and of ``standins`` that has a function of that name.
        **arguments: What those functions take besides.

    Raises:
        TfnotesError: Only the real data will do, and it is not there.
    """
    info = card(name)
    mode = sources.mode()
    fields: dict[str, Any] | None = None
    origin, note = "stand-in", info.standin
    if mode != "stand-in":
        found = sources.find(info, network=mode == "auto" and not sources.offline())
        if found.edition:
            origin, note = "real", found.edition.what + _unlike(found)
            fields = _function("readers", module, name)(found.paths, **arguments)
        elif mode == "real":
            raise TfnotesError(_missing(info, found.remarks))
        else:
            for remark in found.remarks:
                print(f"{name}: {remark}")
            print(f"{name}: the real data is not here, so this is a stand-in: {note}", flush=True)
    if fields is None:
        fields = _function("standins", module, name)(**arguments)
    log.remember(name, origin, note)
    return kind(name=name, origin=origin, note=note, **fields)


def _function(package: str, module: str, name: str) -> Callable[..., dict[str, Any]]:
    # Imported only here: these modules need NumPy, and some scikit-learn or Pillow.
    function = getattr(import_module(f"tfnotes.data.{package}.{module}"), name)
    assert callable(function)
    return function  # type: ignore[no-any-return]


def _unlike(found: sources.Found) -> str:
    """Say so if a file has not the checksum on the card (allowed where nobody publishes one)."""
    assert found.edition is not None
    files = {file.path.rsplit("/", 1)[-1]: file for file in found.edition.files}
    unlike = [
        name
        for name, path in found.paths.items()
        if not files[name].published and sources.sha256(path) != files[name].sha256
    ]
    return f" (the checksum of {', '.join(unlike)} is not the one on the card)" if unlike else ""


def _missing(info: Card, remarks: list[str]) -> str:
    if remarks:
        return f"{info.name}: {remarks[0]}"
    paths = " and ".join(file.path for file in info.editions[0].files)
    return (
        f"{info.name}: {paths} is neither under TFNOTES_DATA nor in Keras' cache; put it there "
        f"(source: {info.source}) or set TFNOTES_DATA_MODE=auto"
    )

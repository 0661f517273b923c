"""Which data sets this process has used, so that a record can say where its numbers come from."""

_used: list[dict[str, str]] = []


def remember(name: str, origin: str, note: str) -> None:
    """Note that a data set was handed out; the same one is noted once."""
    entry = {"name": name, "origin": origin, "note": note}
    if entry not in _used:
        _used.append(entry)


def used() -> list[dict[str, str]]:
    """Return what was handed out so far, as dictionaries with ``name``, ``origin`` and ``note``."""
    return [dict(entry) for entry in _used]


def reset_used() -> None:
    """Forget what was handed out: the next page begins."""
    _used.clear()

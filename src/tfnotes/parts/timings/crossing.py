"""From which size on the GPU is faster, where one machine measured the same on its CPU and its GPU."""

from tfnotes.captures.store import Measured
from tfnotes.parts.timings.quantities import number, size_name
from tfnotes.site.html.words import say


def crossings(m: Measured, language: str) -> list[str]:
    """One fact for each pair of series ``X CPU`` and ``X GPU``.

    Args:
        m: A benchmark as one machine measured it.
        language: The page's language.

    Returns:
        Sentences; empty if nothing was measured on both.
    """
    medians: dict[str, dict[float, float]] = {}
    for case in m.cases:
        if isinstance(case["size"], int | float):
            medians.setdefault(case["series"], {})[case["size"]] = case["timing"]["median"]
    facts = []
    for name, on_cpu in medians.items():
        on_gpu = medians.get(name[:-3] + "GPU") if name.endswith("CPU") else None
        sizes = sorted(on_cpu.keys() & on_gpu.keys()) if on_gpu else []
        if on_gpu is None or not sizes:
            continue
        what = name[:-3].strip()
        label = f" ({what})" if what else ""
        won = [size for size in sizes if on_gpu[size] < on_cpu[size]]
        # From there on: a size in the middle that the CPU wins again moves the point behind it.
        lost = max((size for size in sizes if size not in won), default=-1.0)
        first = next((size for size in won if size > lost), None)
        if first is None:
            facts.append(say(language, "gpu-never").format(what=label))
        else:
            at = f"{size_name(m.x, language)} = {number(first)}"
            facts.append(say(language, "gpu-from").format(at=at, what=label))
    return facts

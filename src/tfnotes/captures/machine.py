"""Facts about the machine and the software that a capture was made with.

Only the standard library and, where it is already imported, TensorFlow: a machine with a GPU need
have nothing else.
"""

import ctypes
import datetime
import os
import platform
import re
import subprocess
import sys
from pathlib import Path


def machine_facts() -> dict[str, str]:
    """What stays the same from one capture to the next: CPU, cores, memory, OS, GPU."""
    facts = {
        "cpu": _cpu_model(),
        "cores": str(usable_cores()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "os": _os_name(),
    }
    gpus = _gpus()
    if gpus:
        facts["gpu"] = gpus[0] if len(gpus) == 1 else f"{len(gpus)} × {gpus[0]}"
        memory = _nvidia_smi("memory.total")
        if memory:
            facts["gpu_memory"] = f"{float(memory) / 1024:.0f} GiB"
    return facts


def software_facts(root: Path) -> dict[str, str]:
    """What may differ from one capture to the next: versions, driver, libraries, commit, date.

    Call it after the measuring: only then are the GPU's libraries loaded.

    Args:
        root: The checkout, for the commit.
    """
    facts = {"date": datetime.datetime.now(datetime.UTC).date().isoformat(), **commit(root)}
    facts["python"] = platform.python_version()
    for name in ("tensorflow", "keras", "numpy"):
        if name in sys.modules:
            facts[name] = str(sys.modules[name].__version__)
    if "tensorflow" in sys.modules and _gpus():
        tf = sys.modules["tensorflow"]
        build = dict(tf.sysconfig.get_build_info())
        facts["driver"] = _nvidia_smi("driver_version") or "unknown"
        facts["built_for"] = f"CUDA {build.get('cuda_version')}, cuDNN {build.get('cudnn_version')}"
        facts |= loaded_libraries()
    return facts


def usable_cores() -> int:
    """Cores that this process may use; fewer than the machine has when it is pinned."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def runner_name(facts: dict[str, str]) -> str:
    """A name for a machine, such as ``nvidia-h200`` or ``amd-epyc-2-cores``."""
    if facts.get("gpu"):
        text = facts["gpu"]
    else:
        text = re.sub(r"\(\w+\)|@.*|\b(CPU|Processor)\b|\d+-Core", "", facts["cpu"])
        text = f"{text} {facts['cores']} cores"
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.")


def commit(root: Path) -> dict[str, str]:
    """The commit, and ``dirty`` if code differs from it; ``TFNOTES_COMMIT`` overrides."""
    named = os.environ.get("TFNOTES_COMMIT")
    if named:
        return {"commit": named}
    head = _run(["git", "-C", str(root), "rev-parse", "--short=10", "HEAD"])
    if not head:
        return {"commit": "unknown"}
    code = ["status", "--porcelain", "--", "src", "snippets"]
    changed = _run(["git", "-C", str(root), *code])
    return {"commit": head, **({"dirty": "yes"} if changed else {})}


def loaded_libraries() -> dict[str, str]:
    """Versions of the CUDA libraries that this process has really loaded."""
    found: dict[str, str] = {}
    try:
        maps = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return found
    paths = sorted(set(re.findall(r"\S*/lib(?:cudart|cublas|cudnn)\.so\S*", maps)))
    for path in paths:
        try:
            library = ctypes.CDLL(path)
        except OSError:
            continue
        name = re.sub(r"^.*/lib(\w+)\.so.*$", r"\1", path)
        if name == "cudart":
            value = ctypes.c_int()
            if library.cudaRuntimeGetVersion(ctypes.byref(value)) == 0:
                found["cuda"] = f"{value.value // 1000}.{value.value % 1000 // 10}"
        elif name == "cudnn":
            library.cudnnGetVersion.restype = ctypes.c_size_t
            number = int(library.cudnnGetVersion())
            scale = 10000 if number >= 90000 else 1000
            found["cudnn"] = f"{number // scale}.{number % scale // 100}.{number % 100}"
        else:
            parts = []
            for part in range(3):  # MAJOR_VERSION, MINOR_VERSION, PATCH_LEVEL
                value = ctypes.c_int()
                if library.cublasGetProperty(part, ctypes.byref(value)) == 0:
                    parts.append(str(value.value))
            found["cublas"] = ".".join(parts)
    return found


def _cpu_model() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        text = ""
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    if found:
        return found[1].strip()
    return _run(["sysctl", "-n", "machdep.cpu.brand_string"]) or platform.machine()


def _os_name() -> str:
    try:
        name = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        name = ""
    return name or platform.platform(terse=True)


def _gpus() -> list[str]:
    """The GPUs that TensorFlow sees, by name; none if it is not imported."""
    tf = sys.modules.get("tensorflow")
    if tf is None:
        return []
    config = tf.config
    details = config.experimental.get_device_details
    return [
        str(details(gpu).get("device_name", "GPU")) for gpu in config.list_physical_devices("GPU")
    ]


def _nvidia_smi(what: str) -> str:
    """One fact of the first GPU from the driver's own tool; ``""`` if it is not there."""
    form = "--format=csv,noheader,nounits"
    return _run(["nvidia-smi", f"--query-gpu={what}", form]).split("\n")[0].strip()


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()

"""Things to download: a zip of the site, and a wheel of the package for the notebooks."""

import base64
import hashlib
import tomllib
import zipfile
from pathlib import Path
from typing import Any

from tfnotes.core.project import Project

_DATE = (1980, 1, 1, 0, 0, 0)
"""The same files make the same archive."""


def zip_folder(folder: Path, target: Path, prefix: str) -> None:
    """Packs a folder.

    Args:
        folder: What to pack; configuration files at its top are left out.
        target: The zip.
        prefix: Name of the folder inside it.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".yml":
                _add(archive, f"{prefix}/{path.relative_to(folder).as_posix()}", path.read_bytes())


def write_wheel(project: Project, target: Path) -> Path:
    """Makes the wheel that a notebook installs, without a build tool and without a network.

    It is the package as ``pip install tfnotes`` has it, without the extras: it has no
    dependencies, and the ``tfnotes`` command.

    Args:
        project: The checkout.
        target: The folder for the wheel.
    """
    about = tomllib.loads((project.root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name, version = about["name"], about["version"]
    info = f"{name}-{version}.dist-info"
    python = about["requires-python"]
    metadata = (
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nRequires-Python: {python}\n"
    )
    files = {
        f"{info}/METADATA": metadata.encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: tfnotes\n"
        b"Root-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": _entry_points(about),
    }
    source = project.root / "src"
    for path in sorted((source / name).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            files[path.relative_to(source).as_posix()] = path.read_bytes()
    wheel = target / f"{name}-{version}-py3-none-any.whl"
    record = ""
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, content in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
            record += f"{place},sha256={digest.decode()},{len(content)}\n"
            _add(archive, place, content)
        _add(archive, f"{info}/RECORD", f"{record}{info}/RECORD,,\n".encode())
    return wheel


def _entry_points(about: dict[str, Any]) -> bytes:
    groups = {"console_scripts": about.get("scripts", {}), **about.get("entry-points", {})}
    lines = [
        line
        for group, entries in groups.items()
        if entries
        for line in (f"[{group}]", *(f"{name} = {target}" for name, target in entries.items()), "")
    ]
    return "\n".join(lines).encode()


def _add(archive: zipfile.ZipFile, place: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(place, _DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)

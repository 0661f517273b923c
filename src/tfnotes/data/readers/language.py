"""Reading texts and speech."""

from __future__ import annotations

import io
import tarfile
import wave
from pathlib import Path
from typing import Any

import numpy as np

from tfnotes.core.errors import TfnotesError

Paths = dict[str, Path]


def shakespeare(paths: Paths) -> dict[str, Any]:
    """Read the plays."""
    return {"text": paths["shakespeare.txt"].read_text(encoding="utf-8")}


def imdb(paths: Paths) -> dict[str, Any]:
    """Read the labelled reviews out of an archive, in the order of their names."""
    path = next(iter(paths.values()))
    found: dict[str, list[tuple[str, str]]] = {"train": [], "test": []}
    with tarfile.open(path) as archive:
        for member in archive:
            parts = Path(member.name).parts  # aclImdb/train/pos/0_9.txt
            if len(parts) == 4 and parts[1] in found and parts[2] in ("neg", "pos"):
                file = archive.extractfile(member)
                assert file is not None
                found[parts[1]].append((member.name, file.read().decode("utf-8")))
    if not all(found.values()):
        raise TfnotesError(f"{path}: holds no train/ and test/ reviews; delete it")
    fields: dict[str, Any] = {"classes": ("negative", "positive")}
    for part, reviews in found.items():
        reviews.sort()
        fields[f"x_{part}"] = [text for _, text in reviews]
        fields[f"y_{part}"] = np.array(["/pos/" in name for name, _ in reviews], np.int64)
    return fields


def cmn_eng(paths: Paths) -> dict[str, Any]:
    """Read the tab-separated sentence pairs."""
    path = paths["cmn.txt"]
    lines = path.read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines if line]
    if any(len(row) != 3 for row in cells):
        raise TfnotesError(f"{path}: expected three cells between tabs a line; replace it")
    source, target, attribution = (list(column) for column in zip(*cells, strict=True))
    return {"source": source, "target": target, "attribution": attribution}


def speech_digits(paths: Paths) -> dict[str, Any]:
    """Read the recordings; their names say digit, speaker and take: ``7_jackson_3.wav``."""
    path = next(iter(paths.values()))
    sounds: list[tuple[str, np.ndarray, int]] = []
    with tarfile.open(path) as archive:
        for member in archive:
            if not member.name.endswith(".wav"):
                continue
            file = archive.extractfile(member)
            assert file is not None
            with wave.open(io.BytesIO(file.read())) as sound:
                samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
                sounds.append((Path(member.name).stem, samples, sound.getframerate()))
    if not sounds:
        raise TfnotesError(f"{path}: holds no recordings; delete it")
    sounds.sort(key=lambda sound: sound[0])
    return {
        "waves": [(samples / 32768).astype(np.float32) for _, samples, _ in sounds],
        "labels": np.array([int(stem.split("_")[0]) for stem, _, _ in sounds], np.int32),
        "speakers": [stem.split("_")[1] for stem, _, _ in sounds],
        "rate": sounds[0][2],
    }

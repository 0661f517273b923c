"""Every test starts with empty caches and without a network."""

from pathlib import Path

import pytest

from tfnotes import data


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point every cache at an empty folder and forget what was used."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "tfds"))
    monkeypatch.setenv("TFNOTES_OFFLINE", "1")
    monkeypatch.delenv("TFNOTES_DATA", raising=False)
    monkeypatch.setenv("TFNOTES_DATA_MODE", "stand-in")
    data.reset_used()
    return tmp_path

"""``tfnotes doctor`` as people meet it."""

import json
import os
import subprocess
import sys

from tfnotes.doctor.command import main

CODE = "import tensorflow as tf\ntf.Session()\n"


def doctor(folder, *arguments, stdin="", **environment):
    return subprocess.run(
        [sys.executable, "-m", "tfnotes", "doctor", *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "LC_ALL": "C.UTF-8", **environment},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def test_statuses(tmp_path):
    (tmp_path / "clean.py").write_text("import tensorflow as tf\ntf.constant(1)\n")
    (tmp_path / "broken.py").write_text("x = (\n")
    clean = doctor(tmp_path, "clean.py")
    assert (clean.returncode, clean.stderr) == (0, "")
    broken = doctor(tmp_path, "broken.py")
    assert broken.returncode == 2
    assert broken.stdout.startswith("broken.py:1: not Python: '(' was never closed\n")
    gone = doctor(tmp_path, "gone.py")
    assert gone.returncode == 2
    assert gone.stdout.startswith("gone.py:1: no such file\n")
    assert doctor(tmp_path).returncode == 2
    assert doctor(tmp_path, "--format", "xml", "clean.py").returncode == 2


def test_standard_input_and_language(tmp_path):
    result = doctor(tmp_path, "-", "--format", "json", stdin=CODE)
    content = json.loads(result.stdout)
    assert content["problems"] == []
    assert [(one["path"], one["line"]) for one in content["findings"]] == [("-", 2)]
    assert result.returncode == 1
    assert doctor(tmp_path, "-", stdin="x = 1", LC_ALL="zh_CN.UTF-8").stdout.startswith("读了")
    chosen = doctor(tmp_path, "-", "--language", "en", stdin="x = 1", LC_ALL="zh_CN.UTF-8")
    assert chosen.stdout.startswith("1 file read")


def test_neither_tensorflow_nor_numpy_is_imported(tmp_path):
    (tmp_path / "old.py").write_text(CODE)
    code = (
        "import sys\nfrom tfnotes.doctor.examine import examine\n"
        "from tfnotes.doctor.report import as_text\nfrom tfnotes.doctor.sarif import as_sarif\n"
        "report = examine(['old.py'])\nas_text(report), as_sarif(report)\n"
        "heavy = {'tensorflow', 'keras', 'numpy', 'mkdocs', 'nbformat', 'rich'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False)
    assert done.returncode == 0


def test_a_folder_shows_how_far_it_is_on_a_terminal_only(tmp_path, capsys, monkeypatch):
    for number in range(3):
        (tmp_path / f"{number}.py").write_text("import tensorflow as tf\n")
    assert main([str(tmp_path), "--language", "en"]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main([str(tmp_path), "--language", "en"]) == 0
    said = capsys.readouterr().err
    assert "1/3" in said and "2/3" in said
    assert said.endswith(" \r")

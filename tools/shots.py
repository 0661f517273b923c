"""Takes the screenshots of the TensorBoard page: ``make shots``.

The page's own snippet writes the logs, TensorBoard shows them on a local port, and a headless
Chromium photographs it. A request to any other machine is refused and ends the run. The pictures
and what they were taken of are written only once all of them have been taken.
"""

import contextlib
import importlib.metadata
import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tfnotes.core.errors import TfnotesError
from tfnotes.core.pages import load_page
from tfnotes.core.project import LANGUAGES, Project, find_project
from tfnotes.core.records import write_atomic
from tfnotes.core.shots import Shots, save_shots, shots_folder
from tfnotes.run.process.tensorflow import REPEATABLE

PAGE = "keras/tensorboard"
SNIPPET = "keras/tensorboard-logs.py"
LAST = "projector"
"""The last block of the page that writes something the pictures show."""
SHOWN = ("rates", "pictures", "graph")
"""The folders of the log that TensorBoard is given."""
ROOT = "projector"
"""The folder whose files go to the top, where the projector looks for its configuration."""
FLAGS = (
    "--headless", "--no-sandbox", "--no-first-run", "--disable-quic", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader",  # the projector draws with WebGL
)  # fmt: skip
PATIENCE = 90.0
"""Seconds for TensorBoard to start, and for a picture to stop changing."""


def _scalars(page: Any, dark: bool) -> None:
    page.get_by_role("button", name="Settings").first.click()
    page.get_by_text("epoch_accuracy").first.wait_for()


def _plain(page: Any, dark: bool) -> None:
    page.locator("[slot=center] svg, [slot=center] img, [slot=center] canvas").first.wait_for()


def _graph(page: Any, dark: bool) -> None:
    page.locator("g.node").first.wait_for()
    page.get_by_text("Fit to screen").click()


def _projector(page: Any, dark: bool) -> None:
    view = page.frame_locator("iframe").frame_locator("iframe")
    view.locator("#colorby").click()
    view.locator("#colorby paper-item", has_text="label").first.click()
    # Light on dark pages too: its own night mode inverts the points' colours, not the legend's.
    view.locator("#selector canvas, #scatter canvas, canvas").first.click(position={"x": 4, "y": 4})


@dataclass(frozen=True)
class Shot:
    """One picture: where it is to be seen, and which part of the window it is."""

    name: str
    address: str
    """What follows ``?darkMode=…``: parameters, and the tab after ``#``."""
    window: tuple[int, int]
    box: tuple[int, int, int, int]
    """Left, top, width and height of the part that is kept."""
    prepare: Callable[[Any, bool], None] = _plain
    """Brings the tab into the state that is to be seen."""


_RUNS = "regexInput=rates%2F(0.1%7C1.0)%2Ftrain&tagFilter=hidden%2Fkernel"
SHOTS = (
    Shot(
        "scalars",
        "&smoothing=0&tagFilter=epoch_accuracy&runFilter=rates#timeseries",
        (860, 620), (0, 0, 860, 590), _scalars,
    ),
    Shot("histograms", f"#histograms&{_RUNS}", (1000, 560), (270, 118, 730, 300)),
    Shot("distributions", f"#distributions&{_RUNS}", (1000, 560), (270, 118, 730, 280)),
    Shot("images", "#images&tagFilter=wrong", (1060, 700), (280, 118, 750, 520)),
    Shot("graph", "#graphs", (900, 700), (270, 64, 340, 430), _graph),
    Shot("projector", "#projector", (1060, 720), (0, 64, 740, 640), _projector),
)  # fmt: skip


def is_local(url: str) -> bool:
    """Whether a request stays on this machine."""
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob", "about") or parts.hostname in ("127.0.0.1", "localhost")


def write_logs(project: Project, folder: Path) -> Path:
    """Runs the page's snippet on the stand-in data; returns what TensorBoard is to show.

    Args:
        project: The checkout.
        folder: An empty folder; the snippet's temporary files go there, and are kept.
    """
    variables = {**os.environ, **REPEATABLE, "TMPDIR": str(folder)}
    variables["TFNOTES_DATA_MODE"] = "stand-in"
    command = [sys.executable, str(project.snippets / SNIPPET)]
    done = subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise TfnotesError(f"snippets/{SNIPPET}:1: does not run ({reason}); mend it first")
    found = sorted(folder.glob("logs-*"))
    if len(found) != 1:
        raise TfnotesError(f"snippets/{SNIPPET}:1: made {len(found)} logs- folders; make one")
    shown = folder / "shown"
    for name in SHOWN:
        shutil.copytree(found[0] / name, shown / name)
    shutil.copytree(found[0] / ROOT, shown, dirs_exist_ok=True)
    return shown


@contextlib.contextmanager
def serving(logs: Path) -> Iterator[str]:
    """TensorBoard over a folder; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(logs)]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    quiet = subprocess.DEVNULL
    variables = {**os.environ, **REPEATABLE}
    # Not in the checkout: Python puts its working directory first among the places for modules.
    server = subprocess.Popen(command, cwd=logs, env=variables, stdout=quiet, stderr=quiet)
    address = f"http://127.0.0.1:{port}/"
    try:
        end = time.monotonic() + PATIENCE
        while not _answers(address):
            if server.poll() is not None or time.monotonic() > end:
                raise TfnotesError("TensorBoard does not start; is it installed (.[run])?")
            time.sleep(0.3)
        yield address
    finally:
        server.terminate()
        server.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}data/runs", timeout=5) as answer:
            return b"rates" in answer.read()
    except OSError:
        return False


def when_still(look: Callable[[], bytes], pause: float = 1.0, patience: float = PATIENCE) -> bytes:
    """Looks again and again; returns the picture once three looks have shown the same.

    Raises:
        TfnotesError: It never holds still.
    """
    end = time.monotonic() + patience
    seen: list[bytes] = []
    while time.monotonic() < end:
        seen = [*seen[-2:], look()]
        if len(seen) == 3 and len(set(seen)) == 1:
            return seen[0]
        time.sleep(pause)
    raise TfnotesError("a picture never stops changing; look at the tab in a browser")


def photograph(address: str, shots: tuple[Shot, ...]) -> dict[str, bytes]:
    """Takes every shot in light and in dark; returns WebP files by their names."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    files: dict[str, bytes] = {}
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for shot in shots:
            for dark in (False, True):
                page = browser.new_page(device_scale_factor=2)
                page.set_viewport_size({"width": shot.window[0], "height": shot.window[1]})
                page.on("request", lambda request: asked.append(request.url))
                page.goto(f"{address}?darkMode={str(dark).lower()}{shot.address}")
                shot.prepare(page, dark)
                left, top, width, height = shot.box
                clip = {"x": left, "y": top, "width": width, "height": height}
                picture = when_still(lambda p=page, c=clip: p.screenshot(clip=c))  # type: ignore[misc]
                target = io.BytesIO()
                with Image.open(io.BytesIO(picture)) as image:
                    image.convert("RGB").save(target, "WEBP", quality=80, method=6)
                files[f"{shot.name}{'-dark' if dark else ''}.webp"] = target.getvalue()
                page.close()
        browser.close()
    strangers = [url for url in asked if not is_local(url)]
    if strangers:
        raise TfnotesError(f"TensorBoard asked another machine: {strangers[0]}")
    return files


def take(project: Project) -> Shots:
    """Takes all screenshots of the page and writes them with what they were taken of."""
    page = load_page(project, project.page_path(LANGUAGES[0], PAGE))
    block = next(block for block in page.running if block.name == LAST)
    with contextlib.ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="tfnotes-shots-"))
        address = stack.enter_context(serving(write_logs(project, Path(name))))
        files = photograph(address, SHOTS)
    folder = shots_folder(project, PAGE)
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        write_atomic(folder / file, content)
    version = importlib.metadata.version
    made = {"TensorBoard": version("tensorboard"), "TensorFlow": version("tensorflow")}
    made["date"] = datetime.now(UTC).date().isoformat()
    shots = Shots(PAGE, LAST, block.key, made, {s.name: [*s.box[2:]] for s in SHOTS})
    save_shots(project, shots)
    return shots


if __name__ == "__main__":
    try:
        for one, (width, height) in take(find_project()).sizes.items():
            print(f"{one}: {width} x {height}")
    except TfnotesError as error:
        sys.exit(f"error: {error}")

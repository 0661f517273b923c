"""Screenshots: those that a page asks for exist, say what they show, and show its code."""

from tfnotes.check.finding import Finding
from tfnotes.check.markdown_text import blank_code
from tfnotes.core.errors import TfnotesError
from tfnotes.core.pages import Page
from tfnotes.core.project import Project
from tfnotes.core.shots import SHOT, load_shots, shots_folder

_TAKE = "run make shots"


def check_shots(project: Project, page: Page) -> list[Finding]:
    """Reports screenshots that are missing, untold, or older than the page's code.

    Args:
        project: The checkout.
        page: The page in one language.
    """
    findings: list[Finding] = []
    lines = blank_code(page.text, page.fences, page.body_line)
    asked = [
        (number, match) for number, line in enumerate(lines, 1) if (match := SHOT.search(line))
    ]
    broken = [n for n, line in enumerate(lines, 1) if "data-shot" in line and not SHOT.search(line)]
    hint = 'write <img data-shot="NAME" alt="…">'
    findings += [Finding(page.where, number, "unreadable screenshot", hint) for number in broken]
    if not asked:
        return findings
    try:
        shots = load_shots(project, page.name)
    except TfnotesError as error:
        return [*findings, Finding(page.where, asked[0][0], str(error))]
    folder = shots_folder(project, page.name)
    for number, match in asked:
        name = match["name"]
        files = [folder / f"{name}{ending}.webp" for ending in ("", "-dark")]
        if shots is None or name not in shots.sizes or not all(f.is_file() for f in files):
            findings.append(Finding(page.where, number, f'no screenshot "{name}"', _TAKE))
        if not match["alt"].strip():
            message = f'screenshot "{name}" has no alt='
            findings.append(Finding(page.where, number, message, "say what it shows"))
    if shots is not None and not shots.is_current(page):
        message = f'the screenshots are older than block "{shots.block}"'
        findings.append(Finding(page.where, asked[0][0], message, _TAKE))
    return findings

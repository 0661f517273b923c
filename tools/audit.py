"""Measures the built site with Lighthouse and axe: what ``make audit`` runs.

Needs Node, npm and Chromium; installs the two tools under ``.cache/`` the first time. Further
arguments are those of ``tools/audit/audit.mjs`` (``--runs 1`` for a quick look).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "tools" / "audit"
PLACE = ROOT / ".cache" / "audit"


def main() -> int:
    """Installs what is needed and runs the audit; returns its exit status."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            print(f"error: the audit needs {program}; install Node 20 or newer", file=sys.stderr)
            return 1
    site = ROOT / "site"
    if not (site / "zh" / "index.html").is_file():
        print("error: there is no site/ to measure; run make site first", file=sys.stderr)
        return 1
    PLACE.mkdir(parents=True, exist_ok=True)
    stale = not (PLACE / "node_modules").is_dir()
    for name in ("package.json", "audit.mjs"):
        content = (SOURCE / name).read_bytes()
        target = PLACE / name
        if not target.is_file() or target.read_bytes() != content:
            target.write_bytes(content)
            stale = stale or name != "audit.mjs"
    if stale:
        print("installing Lighthouse and axe under .cache/audit (once) …", flush=True)
        environment = {**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"}
        # No lock file: Lighthouse names a peer "latest", which npm then finds out of step with it.
        command = ["npm", "install", "--silent", "--no-package-lock", "--no-audit", "--no-fund"]
        installed = subprocess.run(command, cwd=PLACE, env=environment, check=False)
        if installed.returncode:
            print("error: npm install failed; is there a network?", file=sys.stderr)
            return 1
    arguments = ["node", "audit.mjs", str(site), "--json", "result.json", *sys.argv[1:]]
    return subprocess.run(arguments, cwd=PLACE, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

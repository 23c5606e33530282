"""The packages of tests/javascript, installed by npm as the lock file says."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from pathlib import Path

from tests.conftest import absent

FOLDER = Path(__file__).parent / "javascript"


def installed() -> Path:
    """The folder with its packages, installed once for a lock file; without npm the test is left out, loudly."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        absent("node and npm are not here: what comes from npm is not tried")
    lock, stamp = FOLDER / "package-lock.json", FOLDER / "node_modules" / ".spnet-lock"
    # Two processes of one run come here at the same time.
    with (FOLDER / ".installing").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
            done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=300, check=False)
            if done.returncode:
                absent(f"npm cannot install the packages of tests/javascript: {done.stderr[-400:]}")
            stamp.write_bytes(lock.read_bytes())
    return FOLDER

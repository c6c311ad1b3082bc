"""Find the browser that the browser tests drive, or install it: `python3 local/chromium.py`.

Any Chromium or Chrome that is here will do. Where there is none, Debian's package is installed with apt-get, which
needs root or a sudo that asks for no password. Runs under any Python from 3.9 with the standard library alone, and
takes no time when there is nothing to do.
"""

import os
import shutil
import subprocess
import sys
import time
from typing import List, Optional

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Where installers put it without a name on PATH.
ELSEWHERE = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/snap/bin/chromium",
)
OWN = "BATON_CHROMIUM"
PROBE_TIMEOUT_S = 60
LOCK_TIMEOUT_S = 300
OUTPUT_LINES_SHOWN = 8
WAY_OUT = (
    "The browser tests need Chromium or Chrome. Install one (Debian: `sudo apt install chromium`; Ubuntu:"
    " `sudo snap install chromium`; elsewhere from google.com/chrome), or name one that is here already:"
    f" `{OWN}=/path/to/chromium make test`."
)


class NoBrowser(Exception):
    """There is no browser and none could be installed; the text says what was tried, and the way out."""


def main() -> int:
    """Find or install the browser, and say where it is; returns the exit code."""
    try:
        print(f"browser: {bring()}", flush=True)
    except NoBrowser as failure:
        print(f"\nSet-up stopped: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nSet-up interrupted; the next run takes it up again.", file=sys.stderr)
        return 130
    return 0


def bring() -> str:
    """The path of a browser that runs, installed first where there is none. Raises NoBrowser."""
    found = find()
    if found:
        return found
    as_root = root_prefix()
    if as_root is None or not shutil.which("apt-get"):
        raise NoBrowser(WAY_OUT)
    started = time.monotonic()
    print("set-up: installing Chromium, Debian's package, for the browser tests ...", flush=True)
    install(as_root)
    found = find()
    if not found:
        raise NoBrowser(f"apt-get installed Chromium, but it does not run here.\n{WAY_OUT}")
    print(f"set-up: installing Chromium: {time.monotonic() - started:.1f} s", flush=True)
    return found


def find() -> Optional[str]:
    """The path of a browser that runs, or None. Raises NoBrowser where one was named that does not."""
    named = os.environ.get(OWN)
    if named:
        if runs(named):
            return named
        raise NoBrowser(f"{OWN} names a browser that does not run.\n{WAY_OUT}")
    on_path = [shutil.which(name) for name in NAMES]
    return next((path for path in [*on_path, *ELSEWHERE] if path and runs(path)), None)


def runs(path: str) -> bool:
    """Whether that is a browser that starts: Ubuntu has a package of that name that only points to another one."""
    if not os.access(path, os.X_OK):
        return False
    try:
        asked = subprocess.run(
            [path, "--version"], check=False, capture_output=True, text=True, timeout=PROBE_TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0 and "Chrom" in asked.stdout


def root_prefix() -> Optional[List[str]]:
    """What to put before a command that has to run as root; None where nobody here may."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None


def install(as_root: List[str]) -> None:
    """Install Debian's Chromium. Raises NoBrowser with the end of what apt-get said."""
    # An update of the system may be running: wait for it. Nobody is there to answer questions.
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    apt += ["-o", f"DPkg::Lock::Timeout={LOCK_TIMEOUT_S}"]
    if not apt_knows_chromium():
        run([*apt, "update"])
    install_it = [*apt, "install", "--no-install-recommends", "chromium"]
    try:
        run(install_it)
    except NoBrowser:
        # The lists may be older than what the mirror still has.
        run([*apt, "update"])
        run(install_it)


def apt_knows_chromium() -> bool:
    """Whether apt-get has lists that name the package: an image without them has to fetch them first."""
    asked = subprocess.run(
        ["apt-cache", "policy", "chromium"], check=False, capture_output=True, text=True
    ).stdout
    return "Candidate:" in asked and "Candidate: (none)" not in asked


def run(command: List[str]) -> None:
    """Run a command quietly. Raises NoBrowser with the end of its output."""
    done = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        tail = "\n".join("  | " + line for line in done.stdout.strip().splitlines()[-OUTPUT_LINES_SHOWN:])
        raise NoBrowser(f"`{' '.join(command)}` failed.\n{tail}\n{WAY_OUT}")


if __name__ == "__main__":
    sys.exit(main())

"""Bring what Baton is built, checked and run with into this folder: `python3 local/setup.py [part ...]`.

Parts: `dev` (.venv), `sam` (.tools/sam), `ministack` (.tools/ministack), and all of these when none is named; `fuzz`
(.tools/fuzz).
Nothing outside the folder changes. Runs under any Python from 3.9 with the standard library alone, and takes no
time when there is nothing to do: a part's stamp, written last, holds a fingerprint of what it was made from.
"""

import concurrent.futures
import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict, Iterator, List, Optional

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
UV = TOOLS / "uv" / "bin" / "uv"
# Which environment is made from which requirements; all of them run Python 3.13, as the functions do.
PARTS: Dict[str, Path] = {
    "dev": ROOT / ".venv",
    "sam": TOOLS / "sam",
    "ministack": TOOLS / "ministack",
    "fuzz": TOOLS / "fuzz",
}
# What most people never need.
EXTRA = ("fuzz",)
WANTED = "3.13"
OLDEST = (3, 9)
OUTPUT_LINES_SHOWN = 8
PROBE_TIMEOUT_S = 30
# A caller's environment must not decide into which one is installed.
NOT_INHERITED = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "UV_PYTHON", "PIP_TARGET", "PIP_USER")


class SetupFailed(Exception):
    """Something is missing that this script cannot bring; the text says what, and the way out."""


def main(parts: List[str]) -> int:
    """Make the named parts; returns the exit code."""
    if sys.version_info < OLDEST:
        version = sys.version.split()[0]
        print(f"Baton's set-up needs Python 3.9 or newer to start, and this is {version}.", file=sys.stderr)
        return 1
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        print("Unknown part {}. There are: {}.".format(", ".join(unknown), ", ".join(PARTS)), file=sys.stderr)
        return 1
    try:
        missing = [part for part in parts or set(PARTS) - set(EXTRA) if not is_made(part)]
        if missing:
            with alone():
                make(missing)
    except SetupFailed as failure:
        print(f"\nSet-up stopped: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nSet-up interrupted; the next run takes it up again.", file=sys.stderr)
        return 130
    return 0


def make(parts: List[str]) -> None:
    """Bring uv and Python 3.13, then make the parts side by side: they wait for the network most of the time."""
    bring_uv()
    python = find_python() or fetch_python()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        for done in [pool.submit(make_environment, part, python) for part in parts if not is_made(part)]:
            done.result()


def make_environment(part: str, python: str) -> None:
    """Install a part's locked requirements into its environment, from scratch when an earlier attempt broke off."""
    home, stamp = PARTS[part], PARTS[part] / "baton-stamp"
    with step(f"installing requirements/{part}.txt into {home.relative_to(ROOT)}"):
        if not (stamp.exists() and usable(home)):
            run([str(UV), "venv", "--quiet", "--clear", "--no-project", "--python", python, str(home)])
        stamp.unlink(missing_ok=True)
        into = ["--python", str(home / "bin" / "python")]
        run([str(UV), "pip", "sync", "--quiet", "--require-hashes", *into, str(locked(part))])
    stamp.write_text(fingerprint(part))


def is_made(part: str) -> bool:
    """Whether a part is complete and made from the requirements as they are now."""
    stamp = PARTS[part] / "baton-stamp"
    return usable(PARTS[part]) and stamp.exists() and stamp.read_text() == fingerprint(part)


def usable(home: Path) -> bool:
    """Whether an environment's interpreter is still there (it is a link to one that may have been removed)."""
    return os.access(home / "bin" / f"python{WANTED}", os.X_OK)


def fingerprint(part: str) -> str:
    """What a part is made from: its requirements, its interpreter, and where it is (scripts hold absolute paths)."""
    interpreter = (PARTS[part] / "pyvenv.cfg").read_bytes()
    return hashlib.sha256(locked(part).read_bytes() + interpreter + str(ROOT).encode()).hexdigest()


def locked(part: str) -> Path:
    """The compiled requirements of a part."""
    return ROOT / "requirements" / f"{part}.txt"


def bring_uv() -> None:
    """Install the pinned uv with pip into an environment of its own."""
    stamp = TOOLS / "uv" / "baton-stamp"
    wanted = hashlib.sha256(locked("uv").read_bytes()).hexdigest()
    if os.access(UV, os.X_OK) and stamp.exists() and stamp.read_text() == wanted:
        return
    with step("installing uv into .tools/uv"):
        shutil.rmtree(TOOLS / "uv", ignore_errors=True)
        try:
            run([sys.executable, "-m", "venv", str(TOOLS / "uv")])
        except SetupFailed as failure:
            raise SetupFailed(
                f"{sys.executable} cannot make virtual environments. On Debian or Ubuntu:"
                f" `sudo apt install python3-venv`; elsewhere install Python from python.org.\n{failure}"
            ) from None
        pip = [str(TOOLS / "uv" / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
        run([*pip, "install", "--quiet", "--require-hashes", "--only-binary=:all:", "-r", str(locked("uv"))])
        stamp.write_text(wanted)


def find_python() -> Optional[str]:
    """A Python 3.13 that runs: a name on PATH may be a version manager's shim that has none to offer."""
    name = f"python{WANTED}"
    candidates = [os.environ.get("BATON_PYTHON"), sys.executable]
    folders = filter(None, os.environ.get("PATH", "").split(os.pathsep))
    candidates += [str(Path(folder) / name) for folder in folders]
    for home, pattern in (
        (Path.home() / ".pyenv" / "versions", f"{WANTED}*"),
        (Path.home() / ".local" / "share" / "uv" / "python", f"cpython-{WANTED}*"),
        (TOOLS / "python", f"cpython-{WANTED}*"),
    ):
        candidates += [str(found / "bin" / name) for found in sorted(home.glob(pattern), reverse=True)]
    return next((real for real in map(interpreter_behind, candidates) if real), None)


def interpreter_behind(candidate: Optional[str]) -> Optional[str]:
    """The real path of an interpreter of the wanted version, or None if the candidate is not one."""
    if not candidate or not os.access(candidate, os.X_OK):
        return None
    question = (
        "import sys, ssl; print('%d.%d' % sys.version_info[:2], sys._base_executable or sys.executable)"
    )
    try:
        answer = subprocess.run(
            [candidate, "-c", question], check=False, capture_output=True, text=True, timeout=PROBE_TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    version, _, path = answer.stdout.strip().partition(" ")
    return path if answer.returncode == 0 and version == WANTED and Path(path).exists() else None


def fetch_python() -> str:
    """Let uv download Python 3.13 into .tools/python."""
    with step(f"fetching Python {WANTED} into .tools/python"):
        try:
            into = ["--no-bin", "--install-dir", str(TOOLS / "python")]
            run([str(UV), "python", "install", "--quiet", *into, WANTED])
        except SetupFailed as failure:
            raise SetupFailed(
                f"there is no Python {WANTED} here (what the functions run on), and fetching one failed."
                f" Install it (`pyenv install {WANTED}`, your package manager, or python.org), or name one:"
                f" `BATON_PYTHON=/path/to/python{WANTED} make ...`.\n{failure}"
            ) from None
    found = find_python()
    if not found:
        raise SetupFailed(
            f"the fetched Python {WANTED} does not run here. Install one and set BATON_PYTHON to it."
        )
    return found


def run(command: List[str]) -> None:
    """Run a command quietly; raises SetupFailed with the end of its output."""
    environ = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
    done = subprocess.run(
        command,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environ,
        cwd=ROOT,
    )
    if done.returncode:
        tail = "\n".join("  | " + line for line in done.stdout.strip().splitlines()[-OUTPUT_LINES_SHOWN:])
        raise SetupFailed(
            f"`{' '.join(command)}` failed. It needs the network or a package mirror that pip and uv know of;"
            f" running it again takes up where it stopped.\n{tail}"
        )


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done and, when it is done, how long it took."""
    started = time.monotonic()
    yield
    print(f"set-up: {what}: {time.monotonic() - started:.1f} s", flush=True)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Keep two set-ups that start at the same time from working in the same folders."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

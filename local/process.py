"""Processes and ports of this machine: start one that outlives us, find it again, stop it, by its id."""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

HOST = "127.0.0.1"
POLL_S = 0.05
KILL_AFTER_S = 5.0


def start(command: Sequence[str], env: Mapping[str, str], log: Path, cwd: Path) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that a Ctrl-C here does not reach it; its output goes to `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        started = subprocess.Popen(
            command,
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    # Python warns of a program that still runs when its object goes; here that is meant: it is found again by its id.
    started.returncode = 0
    return started


def is_running(pid: int, marker: str) -> bool:
    """Whether the process exists and has `marker` in its command line: an old id may be somebody else's by now."""
    _reap(pid)
    shown = subprocess.run(
        ["ps", "-ww", "-o", "stat=,command=", "-p", str(pid)], check=False, capture_output=True, text=True
    ).stdout.strip()
    return marker in shown and not shown.startswith("Z")


def stop(pid: int, marker: str, timeout_s: float) -> bool:
    """Ask a process to end, wait, and kill it and its children if it does not; returns whether it ended by itself."""
    if not is_running(pid, marker):
        return True
    os.kill(pid, signal.SIGTERM)
    if _wait(pid, marker, timeout_s):
        return True
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)  # it leads its own group: see start
    _wait(pid, marker, KILL_AFTER_S)
    return False


def is_free(port: int) -> bool:
    """Whether nobody listens on the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    # Where a narrower address may be bound beside a wider one, that alone says nothing.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        return probe.connect_ex((HOST, port)) != 0


def free_port(first: int = 0) -> int:
    """A port that nobody listens on: the first from `first` upwards, or any."""
    if first:
        return next(port for port in range(first, 2**16) if is_free(port))
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Wait until no other process is inside with the same lock file."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _wait(pid: int, marker: str, timeout_s: float) -> bool:
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        if not is_running(pid, marker):
            return True
        time.sleep(POLL_S)
    return False


def _reap(pid: int) -> None:
    """Collect the process if it is a child of ours that has ended: until then it counts as existing."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)

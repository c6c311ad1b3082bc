"""Baton on this machine: `python -m local.stack up|down|run|reset|status`.

`up` starts the local AWS, deploys the real template to it, fills it with a demo, and returns; what runs where stands
in `.local/stack.json`. What is built and deployed already is not built and deployed again. `PORT` chooses the port.
"""

import hashlib
import importlib
import importlib.util
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local import deploy, process, users
from local.emulator import Emulator, EmulatorFailed
from local.record import DEPLOYED, HOME, RECORD, STACK_NAME, Stack, emulator_of, read, record_of, urls, write

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_PORT = 4566
PORTS = range(1024, 2**16)
# What serves something beside the local AWS, each on a port of its own, the first on the one after the stack's.
SERVERS = ("inbox", "buyers")
DEMO = "local.demo"
SERVER_TIMEOUT_S = 15.0
SERVER_STOP_TIMEOUT_S = 5.0
WATCH_S = 0.5


NEEDS_RESET = (
    "\nThe data here is of an older version. The local AWS cannot add routes to an API that it has:\n"
    "`make reset` removes the data, and then everything is deployed anew."
)


class StackFailed(Exception):
    """The local stack cannot run; the text says why and what to do."""


def main(arguments: list[str]) -> int:
    """Do what the command line says; returns the exit code."""
    commands: dict[str, Callable[[], int]] = {
        "up": up,
        "down": down,
        "run": run,
        "reset": reset,
        "status": status,
    }
    if len(arguments) != 1 or arguments[0] not in commands:
        print(f"usage: python -m local.stack {'|'.join(commands)}", file=sys.stderr)
        return 2
    # A terminal that closes or a plain kill ends it as Ctrl-C does: with everything stopped and the data saved.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.default_int_handler)
    try:
        return commands[arguments[0]]()
    except (StackFailed, EmulatorFailed, deploy.DeployFailed) as failure:
        print(f"\n{failure}", file=sys.stderr)
        if isinstance(failure, deploy.DeployFailed) and DEPLOYED.exists():
            print(NEEDS_RESET, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def up() -> int:
    """Bring the stack up unless it is, deploy what changed, and print where it answers."""
    with process.only_one(HOME / "stack.lock"):
        started = time.monotonic()
        had = running()
        try:
            emulator = emulator_of(had) if had else start_emulator()
            stack = deploy_changes(emulator, had)
            for name in SERVERS:
                start_server(name, emulator, stack)
        except BaseException:
            if not had:
                stop_all()
            raise
        again = "already running" if had else "running"
        print(f"\nBaton is {again} ({time.monotonic() - started:.1f} s). Stop it with `make down`.\n")
        print(urls(stack), users.logins(), sep="\n")
    print(f'\nAs an admin: curl -H "Authorization: $(make -s token)" {stack["api_url"]}/v1/recipients')
    return 0


def run() -> int:
    """Bring the stack up and stay until Ctrl-C, then stop it."""
    if running():
        up()
        print("\nIt runs in the background: `make down` stops it.")
        return 0
    up()
    print("\nCtrl-C stops it; the data stays until `make reset`.", flush=True)
    try:
        # Its process, not its answers: under load they may take their time.
        while (stack := read(RECORD)) and emulator_of(stack).is_running():
            time.sleep(WATCH_S)
    except KeyboardInterrupt:
        print(flush=True)
        down()
        return 0
    if not RECORD.exists():
        return 0  # stopped from elsewhere
    raise StackFailed(f"The local AWS ended by itself; its log: {HOME / 'emulator' / 'emulator.log'}")


def down() -> int:
    """Stop everything; the data stays."""
    print("Stopped; the data is kept." if stop_all() else "It was not running.")
    return 0


def reset() -> int:
    """Stop everything and remove the data."""
    stop_all()
    shutil.rmtree(HOME / "emulator", ignore_errors=True)
    DEPLOYED.unlink(missing_ok=True)
    print("Stopped, and the data is removed: the next start begins anew.")
    return 0


def status() -> int:
    """Print whether and where it runs."""
    stack = running()
    print(
        f"{urls(stack)}\n{users.logins()}" if stack else "Not running. Start it with `make run` or `make up`."
    )
    return 0 if stack else 1


def running() -> Stack | None:
    """The record of a stack that runs and answers; None otherwise."""
    stack = read(RECORD)
    return stack if stack and emulator_of(stack).is_running() and emulator_of(stack).is_healthy() else None


def start_emulator() -> Emulator:
    """Start the local AWS on the wanted port, after clearing away what an earlier run left. Raises StackFailed."""
    if RECORD.exists():
        with step("clearing away an earlier run that did not end cleanly"):
            stop_all()
        # The kept state is that of the last clean end, which may be older than the last deployment.
        DEPLOYED.unlink(missing_ok=True)
    port = wanted_port()
    if not process.is_free(port):
        raise StackFailed(
            f"Port {port} is taken by another program. Choose another: `make run PORT={process.free_port(port + 34)}`"
        )
    emulator = Emulator(HOME / "emulator", port, persist=True)
    with step(f"starting the local AWS on port {port}"):
        emulator.start()
    write(RECORD, {"emulator_url": emulator.url, "port": port, "emulator_pid": emulator.pid})
    return emulator


def deploy_changes(emulator: Emulator, had: Stack | None) -> Stack:
    """Build and deploy what changed since the last time, seed what is new; returns the stack's record."""
    with step("building"):
        built = deploy.build(ROOT, HOME)
    key = hashlib.sha256(f"{built} {emulator.port}".encode()).hexdigest()
    deployed = read(DEPLOYED) or {}
    outputs = deploy.outputs_of(emulator, STACK_NAME)
    if outputs is None or deployed.get("key") != key:
        deployed = {"key": key, "seeded": deployed.get("seeded") if outputs else None}
        with step("deploying"):
            outputs = deploy.deploy(emulator, STACK_NAME, HOME)
        write(DEPLOYED, deployed)
    ports = server_ports(emulator.port, had or {})
    buyers = {"buyers_port": ports["buyers"], "buyers_url": f"http://{process.HOST}:{ports['buyers']}"}
    stack = {**(had or {}), **record_of(emulator, outputs, ports["inbox"]), **buyers}
    write(RECORD, stack)
    users.create(stack)
    # The demo names the addresses of the inbox's form and of the buyers.
    named = f"{stack['form_url']} {stack['buyers_url']}"
    if deployed.get("seeded") != named:
        write(DEPLOYED, {**deployed, "seeded": named if seed(stack) else None})
    return stack


def server_ports(port: int, had: Stack) -> dict[str, int]:
    """A port for each server: the one that it has, else a free one after the stack's and after the others'."""
    ports: dict[str, int] = {}
    for name in SERVERS:
        ports[name] = had.get(f"{name}_port") or process.free_port(port + 1)
        port = ports[name]
    return ports


def seed(stack: Stack) -> bool:
    """Fill the stack with the demo, which after an unclean end may be in it already; returns whether there is one."""
    if not importlib.util.find_spec(DEMO):
        print("skipped: there is no demo to fill it with")
        return False
    with step("filling in the demo"):
        importlib.import_module(DEMO).seed(stack)
    return True


def start_server(name: str, emulator: Emulator, stack: Stack) -> None:
    """Start a server of this folder on its port unless it runs. Raises StackFailed."""
    module, pid = f"local.{name}", f"{name}_pid"
    if stack.get(pid) and process.is_running(stack[pid], module):
        return
    log, port = HOME / f"{name}.log", stack[f"{name}_port"]
    log.unlink(missing_ok=True)
    with step(f"starting the {name} on port {port}"):
        command = [sys.executable, "-m", module, "--port", str(port)]
        stack[pid] = process.start(command, {**os.environ, **emulator.env()}, log, ROOT).pid
        write(RECORD, stack)
        end = time.monotonic() + SERVER_TIMEOUT_S
        while process.is_free(port):
            if time.monotonic() > end or not process.is_running(stack[pid], module):
                raise StackFailed(f"The {name} did not start; the log {log} says:\n{log.read_text()[-1500:]}")
            time.sleep(process.POLL_S)


def stop_all() -> bool:
    """Stop what the record names; returns whether there was anything to stop."""
    stack = read(RECORD)
    if stack is None:
        return False
    for name in SERVERS:
        if pid := stack.get(f"{name}_pid"):
            process.stop(pid, f"local.{name}", SERVER_STOP_TIMEOUT_S)
    if not emulator_of(stack).stop():
        DEPLOYED.unlink(missing_ok=True)
        print("The local AWS had to be killed: it keeps what it had at its last clean end.", file=sys.stderr)
    RECORD.unlink(missing_ok=True)
    return True


def wanted_port() -> int:
    """The port that `PORT` asks for. Raises StackFailed."""
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not text.isdecimal() or int(text) not in PORTS:
        raise StackFailed(f"PORT={text} is no port: take a number from {PORTS[0]} to {PORTS[-1]}.")
    return int(text)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    print(f"{what} ...", end=" ", flush=True)
    started = time.monotonic()
    yield
    print(f"{time.monotonic() - started:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The local AWS: MiniStack as a child process, with IAM enforced, in a folder of its own.

with Emulator(tmp_path) as emulator:      # any free port, nothing kept
    client = boto3.client("dynamodb", **emulator.client_options())
"""

import json
import os
import shutil
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from local import process

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".tools" / "ministack" / "bin" / "python"
MAIN = Path(__file__).with_name("ministack_main.py")
REGION = "us-east-1"
ACCESS_KEY = SECRET_KEY = "test"  # noqa: S105 - MiniStack's administrator, reachable from this machine only
MARKER = "ministack"
READY_TIMEOUT_S = 60.0
# State is written when it stops, and only then; a large one takes a while.
STOP_TIMEOUT_S = 20.0
# Long, because it answers late when this machine is busy, and an emulator that does not answer is stopped.
HEALTH_TIMEOUT_S = 10.0
POLL_S = 0.05
# All that the emulator, and with it every function, sees of this machine's environment: a developer's own
# AWS profile, proxy or PYTHONPATH must not change what a handler does.
INHERITED = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "SSL_CERT_FILE", "USER")


class EmulatorFailed(Exception):
    """The emulator did not start; the text says why and where its log is."""


class Emulator:
    """One MiniStack. Several may run side by side: each has its own port, folder and temporary files."""

    def __init__(
        self, home: Path, port: int | None = None, *, persist: bool = False, pid: int | None = None
    ) -> None:
        """Keeps everything below `home`. With a `pid`, takes over one that runs already."""
        self.home = home.resolve()
        self.port = port or process.free_port()
        self.persist = persist
        self.pid = pid
        self.url = f"http://localhost:{self.port}"
        self.log = self.home / "emulator.log"

    def start(self) -> Self:
        """Start it and wait until it answers. Raises EmulatorFailed."""
        if not PYTHON.exists():
            raise EmulatorFailed("MiniStack is not installed here. Run: python3 local/setup.py ministack")
        shutil.rmtree(self._temporary, ignore_errors=True)
        self._temporary.mkdir(parents=True)
        self.log.unlink(missing_ok=True)
        self.pid = process.start([str(PYTHON), str(MAIN)], self._environ(), self.log, self.home).pid
        self.wait_ready()
        return self

    def wait_ready(self, timeout_s: float = READY_TIMEOUT_S) -> None:
        """Wait until it answers. Raises EmulatorFailed when it ended or does not answer in time."""
        end = time.monotonic() + timeout_s
        while not self.is_healthy():
            if not self.is_running() or time.monotonic() > end:
                self.stop()
                tail = self.log.read_text(errors="replace")[-1500:] if self.log.exists() else ""
                raise EmulatorFailed(
                    f"MiniStack did not start on port {self.port}; its log {self.log} ends:\n{tail}"
                )
            time.sleep(POLL_S)

    def is_running(self) -> bool:
        """Whether its process exists."""
        return self.pid is not None and process.is_running(self.pid, MARKER)

    def is_healthy(self) -> bool:
        """Whether it answers, as MiniStack does."""
        try:
            health = f"http://{process.HOST}:{self.port}/_ministack/health"
            with urllib.request.urlopen(health, timeout=HEALTH_TIMEOUT_S) as answer:
                return "services" in json.load(answer)
        except (OSError, ValueError):
            return False

    def stop(self, timeout_s: float = STOP_TIMEOUT_S) -> bool:
        """End it, with its state saved; False if it had to be killed, and what it kept is as of its last clean end."""
        clean = self.pid is None or process.stop(self.pid, MARKER, timeout_s)
        self.pid = None
        shutil.rmtree(self._temporary, ignore_errors=True)
        return clean

    def env(self) -> dict[str, str]:
        """What points an AWS SDK or CLI at it, to be added to an environment."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
        }

    def client_options(self) -> dict[str, Any]:
        """The same for one boto3 client: `boto3.client("sns", **emulator.client_options())`."""
        return {
            "endpoint_url": self.url,
            "region_name": REGION,
            "aws_access_key_id": ACCESS_KEY,
            "aws_secret_access_key": SECRET_KEY,
        }

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        # Nobody looks at its data after the block: saving it takes longer than some of what was done with it.
        self.stop(timeout_s=0)

    @property
    def _temporary(self) -> Path:
        """Where the functions' code is unpacked; removed when it stops, because MiniStack leaves it behind."""
        return self.home / "tmp"

    def _environ(self) -> dict[str, str]:
        flag = "1" if self.persist else "0"
        return {
            **{name: os.environ[name] for name in INHERITED if name in os.environ},
            "AUTH": "true",
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "BIND_HOST": process.HOST,
            "GATEWAY_PORT": str(self.port),
            "LAMBDA_EXECUTOR": "local",
            "MINISTACK_REGION": REGION,
            "PERSIST_STATE": flag,
            "STATE_DIR": str(self.home / "state"),
            "S3_PERSIST": flag,
            "S3_DATA_DIR": str(self.home / "s3"),
            "TMPDIR": str(self._temporary),
            "TZ": "UTC",  # as in Lambda
            # What would listen on further ports (and not only on this machine), or touch somebody's containers.
            "DOCKER_HOST": f"unix://{self.home / 'no-docker'}",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }

"""What importing each built function costs at a cold start, over an empty handler.

Fresh processes, taking turns, so that a machine that slows down slows all of them down. `import` is the handler's
module as the Lambda runtime imports it; `ready` also wires the use case with its AWS clients, which happens in the
first invocation. boto3 comes with the runtime there; here it is the development environment's.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Final

from bench.table import Row
from local.deploy import build

ROOT: Final = Path(__file__).resolve().parent.parent
OUT: Final = ROOT / ".local"
ROUNDS: Final = 15
USE_CASES: Final = {
    "ingest": "intake.accept_lead",
    "score": "steps.score_lead",
    "route": "steps.route_lead",
    "offer": "telling_reps.offer_lead",
    "respond": "reps.answer_offer",
    "sweep": "steps.sweep_leads",
    "configure": "console.edit_configuration",
    "explore": "console.explain_lead",
    "conclude": "console.record_outcome",
    "reweigh": "console.reweigh_pools",
    "adjust": "reps.adjust_rep",
}
VARIABLES: Final = (
    "LEADS_TABLE",
    "CONFIG_TABLE",
    "LEDGER_TABLE",
    "STATE_MACHINE_ARN",
    "ALERT_TOPIC_ARN",
    "SIGNING_SECRET_ID",
    "SENDER_EMAIL",
    "MAIL_EVENTS",
    "RETELL_QUEUE_URL",
    "SECRETS_PATH",
)
PROBE: Final = """
import time
begun = time.perf_counter()
import app
imported = time.perf_counter()
{ready}
print(imported - begun, time.perf_counter() - begun)
"""


def measure() -> list[Row]:
    """Medians per function, in milliseconds."""
    build(ROOT, OUT)
    with tempfile.TemporaryDirectory() as folder:
        # A copy: somebody may build anew meanwhile.
        built = Path(shutil.copytree(OUT / "build", Path(folder) / "build"))
        empty = Path(folder) / "empty"
        empty.mkdir()
        (empty / "app.py").write_text("def handler(event, context):\n    return {}\n")
        probes = {"(empty)": (empty, "")}
        for name, use_case in USE_CASES.items():
            ready = f"import baton.bootstrap.{use_case.partition('.')[0]} as part; part.{use_case.partition('.')[2]}()"
            probes[name] = (built / f"{name.capitalize()}Function", ready)
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in probes}
        for _ in range(ROUNDS):
            for name, (code, ready) in probes.items():
                taken[name].append(_probe(built, code, ready))
    base = median(imported for imported, _ in taken["(empty)"])
    return [
        {
            "function": name,
            "import ms": 1000 * median(imported for imported, _ in times),
            "over empty ms": 1000 * (median(imported for imported, _ in times) - base),
            "ready ms": 1000 * median(ready for _, ready in times),
        }
        for name, times in taken.items()
    ]


def _probe(built: Path, code: Path, ready: str) -> tuple[float, float]:
    layer = built / "SharedLayer" / "python"
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{code}{os.pathsep}{layer}",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "POWERTOOLS_SERVICE_NAME": "baton",
        **dict.fromkeys(VARIABLES, "none"),
    }
    command = [sys.executable, "-B", "-c", PROBE.format(ready=ready)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environ)
    imported, all_of_it = done.stdout.split()[-2:]
    return float(imported), float(all_of_it)

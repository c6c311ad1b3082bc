"""Run the benchmarks and print a table: `python -m bench [name ...]`; all of them when none is named."""

import json
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench import (
    auctions,
    calls,
    capacity,
    claims,
    conditions,
    console,
    contention,
    decisions,
    fanout,
    imports,
    learning,
    reports,
)
from bench.table import Row, show

RESULTS = Path(__file__).with_name("results.json")
BENCHMARKS: dict[str, Callable[[], list[Row]]] = {
    "decisions": decisions.measure,
    "conditions": conditions.measure,
    "console": console.measure,
    "contention": contention.measure,
    "capacity": capacity.measure,
    "fanout": fanout.measure,
    "auctions": auctions.measure,
    "learning": learning.measure,
    "imports": imports.measure,
    "calls": calls.measure,
    "claims": claims.measure,
    "reports": reports.measure,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks; returns the exit code."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"Unknown: {', '.join(unknown)}. There are: {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    results: dict[str, list[Row]] = {}
    for name in names or BENCHMARKS:
        print(f"\n{name} ...", flush=True)
        results[name] = BENCHMARKS[name]()
        show(results[name])
    known = json.loads(RESULTS.read_text())["results"] if RESULTS.exists() else {}
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    record = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine,
        "results": known | results,
    }
    RESULTS.write_text(json.dumps(record, indent=1) + "\n")
    print(f"\nWritten to {RESULTS.name}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

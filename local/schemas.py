"""Schemas of events, generated: `python -m local.schemas` writes docs/schemas, `--check` says whether they drifted."""

import json
import sys
from pathlib import Path
from typing import Final

from baton.domain.announcement import VERSION, Announcement, schema_of
from baton.domain.timeline import EventKind

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "docs" / "schemas" / f"v{VERSION}"


def main(arguments: list[str]) -> int:
    """Write the schemas, or compare them with what is written; returns the exit code."""
    wanted = documents()
    if arguments == ["--check"]:
        if written() == wanted:
            print("schemas: docs/schemas says what is announced")
            return 0
        print("docs/schemas is not what is announced: write it anew with `make schemas`", file=sys.stderr)
        return 1
    if arguments:
        print("usage: python -m local.schemas [--check]", file=sys.stderr)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in written().keys() - wanted.keys():
        (FOLDER / name).unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"wrote {len(wanted)} files into {FOLDER.relative_to(ROOT)}")
    return 0


def documents() -> dict[str, str]:
    """Every schema by the name of its file: what all events have in common, and each kind."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    common = {**dialect, **Announcement.model_json_schema(mode="serialization")}
    schemas = {"event.json": common, **{f"{kind}.json": schema_of(kind) for kind in EventKind}}
    return {name: json.dumps(schema, indent=2) + "\n" for name, schema in schemas.items()}


def written() -> dict[str, str]:
    """The schemas that are committed."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.json"))}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

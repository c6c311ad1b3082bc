"""House rules that no linter knows, checked by `make check`: `python -m local.check`.

A function is wiring and nothing else: it imports the standard library, Powertools, pydantic and `baton`; never
another function, an adapter, an AWS client or the settings; and it stays short.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = sys.stdlib_module_names | {"aws_lambda_powertools", "baton", "pydantic"}
BYPASSES = ("baton.adapters", "baton.settings")
# About what fits on one screen: a longer file has a rule in it that belongs into the layer.
MAX_LINES = 60


def main() -> int:
    """Print every broken rule with its place; returns the exit code."""
    problems = [problem for path in sorted(ROOT.glob("functions/**/*.py")) for problem in problems_of(path)]
    print("\n".join(problems) or "functions: imports and sizes are as they should be")
    return bool(problems)


def problems_of(path: Path) -> Iterator[str]:
    """What is wrong with one function's file, as `path:line: text`."""
    name = path.relative_to(ROOT)
    source = path.read_text(encoding="utf-8")
    siblings = {other.stem for other in path.parent.glob("*.py")} - {path.stem}
    for line, module in imports(ast.parse(source, str(path))):
        if module.split(".")[0] not in ALLOWED | siblings:
            yield f"{name}:{line}: a function must not import {module}"
        elif module.startswith(BYPASSES):
            yield f"{name}:{line}: a function gets its use case from baton.bootstrap, not from {module}"
    if (lines := source.count("\n")) > MAX_LINES:
        yield f"{name}:1: {lines} lines; a function has at most {MAX_LINES}"


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every module that a file imports, with its line; a relative import shows as dots."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")
            if node.module == "baton":
                yield from ((node.lineno, f"baton.{alias.name}") for alias in node.names)


if __name__ == "__main__":
    sys.exit(main())

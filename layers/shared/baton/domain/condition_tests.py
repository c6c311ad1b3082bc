"""What conditions mean: compiled once to closures that test a lead's facts.

A leaf over a field that is missing, or whose value does not fit the operator, is false; it never raises.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from baton.domain.condition_checks import Check, compile_check, safely
from baton.domain.conditions import AllOf, AnyOf, Condition, Leaf, Not, Op

type Facts = Mapping[str, Any]
type Test = Callable[[Facts], bool]


def compile_condition(condition: "Condition | None") -> Test:
    """A closure that tests facts against `condition`; no condition is always true."""
    match condition:
        case None:
            return lambda _: True
        case AllOf(all=parts):
            return _all_of(parts)
        case AnyOf(any=parts):
            return _any_of(tuple(map(compile_condition, parts)))
        case Not(not_=part):
            test = compile_condition(part)
            return lambda facts: not test(facts)
        case Leaf():
            return condition.test


def _all_of(parts: Sequence["Condition"]) -> Test:
    """One plain loop over all that is read from `root.name`, which is nearly everything: there is nothing faster."""
    plain = tuple(
        (*address, compile_check(part.op, part.value))
        for part in parts
        if isinstance(part, Leaf) and (address := _address(part))
    )
    others = tuple(
        compile_condition(part) for part in parts if not (isinstance(part, Leaf) and _address(part))
    )

    def test_all(facts: Facts) -> bool:
        try:
            for root, name, check in plain:
                if not check(facts[root][name]):
                    return False
        except (
            KeyError,
            TypeError,
        ):  # Missing, or a list that cannot be looked up: that part is false, and so is all.
            return False
        for test in others:  # noqa: SIM110
            if not test(facts):
                return False
        return True

    return test_all


def _address(leaf: Leaf) -> tuple[str, str] | None:
    """Group and name of a field, where the leaf is false as soon as these lead nowhere."""
    root, _, name = leaf.field.partition(".")
    return (root, name) if name and "." not in name and leaf.op is not Op.EXISTS else None


def _any_of(tests: tuple[Test, ...]) -> Test:
    def test_any(facts: Facts) -> bool:
        for test in tests:  # noqa: SIM110
            if test(facts):
                return True
        return False

    return test_any


def compile_leaf(leaf: Leaf) -> Test:
    """A closure that tests facts against one comparison; `Leaf.test` keeps it."""
    if leaf.op is Op.EXISTS:
        read, wanted = reader(leaf.field), leaf.value is not False
        return lambda facts: (read(facts) is not None) is wanted
    check = compile_check(leaf.op, leaf.value)
    root, _, rest = leaf.field.partition(".")
    return _test_within(root, rest, check) if rest else _test_root(root, check)


def _test_root(root: str, check: Check) -> Test:
    def test(facts: Facts) -> bool:
        try:
            return check(facts[root])
        except (KeyError, TypeError):
            return False

    return test


def _test_within(root: str, rest: str, check: Check) -> Test:
    """The same as `reader` and then `check`, without a call for what nearly every leaf reads: a plain value."""
    read, dotted = reader(f"{root}.{rest}"), "." in rest

    def test(facts: Facts) -> bool:
        try:
            group = facts[root]
            if rest in group:
                return check(group[rest])
        except (KeyError, TypeError):
            return False
        return dotted and safely(check, read(facts))

    return test


def reader(path: str) -> Callable[[Facts], Any]:
    """A function that reads a dotted path. Attribute names may hold dots: the rest of the path is tried whole."""
    root, _, rest = path.partition(".")
    if not rest:
        return lambda facts: facts.get(root)

    def read(facts: Facts) -> Any:
        group = facts.get(root)
        if type(group) is not dict:
            return None
        return group[rest] if rest in group else nested(group)

    def nested(group: Any) -> Any:
        for part in rest.split("."):
            if type(group) is not dict:
                return None
            group = group.get(part)
        return group

    return read

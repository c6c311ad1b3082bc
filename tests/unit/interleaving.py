"""Every interleaving of two use cases: each call of a store is a point at which the other may go on.

Threads run one at a time. A run follows a schedule (which of the waiting threads goes on, step by step); the next
run follows the next schedule, until there are no more: depth-first search, as stateless model checkers do it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread, current_thread
from typing import Any

type Task = Callable[[], object]


@dataclass
class _Runner:
    """A task in a thread of its own, which stops before every call of a store."""

    task: Task
    go: Event = field(default_factory=Event)
    stopped: Event = field(default_factory=Event)
    done: bool = False
    error: BaseException | None = None

    def start(self) -> None:
        self.thread = Thread(target=self._run, daemon=True)
        self.thread.runner = self  # type: ignore[attr-defined] # how a stepwise store finds its runner
        self.thread.start()
        self.stopped.wait()

    def step(self) -> None:
        """Let the task go on to its next call of a store, or to its end."""
        self.stopped.clear()
        self.go.set()
        self.stopped.wait()

    def pause(self) -> None:
        """Called by the task: wait until it is allowed to go on."""
        self.stopped.set()
        self.go.wait()
        self.go.clear()

    def _run(self) -> None:
        try:
            self.task()
        except BaseException as error:  # told to the test by `each`
            self.error = error
        self.done = True
        self.stopped.set()


class Stepwise:
    """A port whose every call is a point at which another task may go on."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found):
            return found

        def call(*arguments: Any, **named: Any) -> Any:
            runner = getattr(current_thread(), "runner", None)
            if runner:
                runner.pause()
            return found(*arguments, **named)

        return call


def each[W](build: Callable[[], tuple[W, Sequence[Task]]], most: int = 100_000) -> Iterator[W]:
    """The world as every interleaving of the tasks leaves it. Raises what a task raised."""
    schedule: list[int] = []
    for _ in range(most):
        world, tasks = build()
        taken = _run(tasks, schedule)
        yield world
        while taken and taken[-1][0] + 1 >= taken[-1][1]:
            taken.pop()
        if not taken:
            return
        schedule = [*(place for place, _ in taken[:-1]), taken[-1][0] + 1]
    message = f"more than {most} interleavings"
    raise AssertionError(message)


def along[W](build: Callable[[], tuple[W, Sequence[Task]]], schedule: Sequence[int]) -> W:
    """The world as one interleaving of two tasks leaves it: where there are too many for all of them."""
    world, tasks = build()
    _run(tasks, schedule)
    return world


def _run(tasks: Sequence[Task], schedule: Sequence[int]) -> list[tuple[int, int]]:
    """Which of the waiting tasks went on at each step, and of how many. Beyond the schedule, the first one does."""
    runners = [_Runner(task) for task in tasks]
    for runner in runners:
        runner.start()
    taken: list[tuple[int, int]] = []
    while waiting := [runner for runner in runners if not runner.done]:
        place = min(schedule[len(taken)] if len(taken) < len(schedule) else 0, len(waiting) - 1)
        taken.append((place, len(waiting)))
        waiting[place].step()
    for runner in runners:
        runner.thread.join()
        if runner.error:
            raise runner.error
    return taken

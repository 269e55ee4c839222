"""Checks that are reported as TAP: https://testanything.org/tap-version-14-specification.html"""

import asyncio
import inspect
import traceback
from collections.abc import Callable
from typing import Any, TypeVar

Raised = TypeVar("Raised", bound=BaseException)


class Assertions:
    """Counts what a check asserts. Raises at the first assertion that does not hold."""

    def __init__(self) -> None:
        self.number = 0

    def equal(self, found: Any, expected: Any) -> None:
        self.number += 1
        if found != expected:
            raise AssertionError(_difference(found, expected))

    def has(self, found: dict, **expected: Any) -> None:
        """Asserts that a dictionary has these values."""
        self.equal({name: found.get(name) for name in expected}, expected)

    def true(self, what: Any, found: Any = None) -> None:
        self.number += 1
        if not what:
            raise AssertionError(f"does not hold: {found!r}")

    def raises(self, kind: type[Raised], call: Callable[[], Any]) -> Raised:
        """Asserts that a call raises an error of that kind, which is returned."""
        self.number += 1
        try:
            result = call()
        except kind as error:
            return error
        raise AssertionError(f"expected {kind.__name__}, found {result!r}")


def _difference(found: Any, expected: Any) -> str:
    if isinstance(found, list) and isinstance(expected, list) and len(found) + len(expected) > 20:
        found, expected = ([each for each in some if each not in other] for some, other in ((found, expected), (expected, found)))
    return f"found    {found!r}\nexpected {expected!r}"


Check = Callable[[Assertions], Any]


class Suite:
    """The checks of one client, in order."""

    def __init__(self, client: str) -> None:
        self.client = client
        self.checks: list[tuple[str, Check]] = []

    def check(self, name: str) -> Callable[[Check], Check]:
        """Adds a function, which may be asynchronous, as a check."""

        def add(function: Check) -> Check:
            self.checks.append((name, function))
            return function

        return add


def run(suites: list[Suite]) -> int:
    """Runs all checks and prints their results. Returns the exit code."""
    number = failed = assertions = 0
    for suite in suites:
        for name, function in suite.checks:
            number += 1
            counted = Assertions()
            problem = _problem(function, counted)
            assertions += counted.number
            failed += problem is not None
            print(f"{'ok' if problem is None else 'not ok'} {number} - {suite.client}: {name}", flush=True)
            for line in (problem or "").splitlines():
                print(f"# {line}")
    print(f"1..{number}")
    print(f"# assertions {assertions}")
    return 1 if failed else 0


def _problem(function: Check, counted: Assertions) -> str | None:
    try:
        result = function(counted)
        if inspect.isawaitable(result):
            asyncio.run(_completed(result))
    except AssertionError as error:
        *_, caller = (each for each in traceback.extract_tb(error.__traceback__) if each.filename != __file__)
        return f"{error}\nin line {caller.lineno} of {caller.filename}: {caller.line}"
    except Exception:  # A check that crashes must not hide the others.
        return traceback.format_exc(limit=-4, chain=False)
    return None if counted.number > 0 else "no assertion was made"


async def _completed(awaitable: Any) -> None:
    await awaitable

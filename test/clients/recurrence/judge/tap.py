"""Checks that are reported as TAP: https://testanything.org/tap-version-14-specification.html"""

from collections.abc import Callable


class Report:
    """Prints one line for each check, and the number of assertions at the end."""

    def __init__(self) -> None:
        self._checks = 0
        self._failed = 0
        self._assertions = 0

    def check(self, name: str, find_problems: Callable[[], tuple[int, list[str]]]) -> None:
        """Runs a check, which returns how many assertions it made and a line for each that failed."""
        try:
            assertions, problems = find_problems()
        except Exception as error:  # A check that crashes must not hide the others.
            assertions, problems = 1, [f"{type(error).__name__}: {error}"]
        self._checks += 1
        self._assertions += assertions
        if assertions == 0:
            problems = ["no assertion was made"]
        self._failed += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {self._checks} - {name}", flush=True)
        for problem in problems[:10]:
            for line in problem.splitlines():
                print(f"# {line}")
        if len(problems) > 10:
            print(f"# … and {len(problems) - 10} more")

    def expect_some(self, name: str, number: int) -> None:
        """Reports how often something occurred, which must have occurred."""
        self.check(name, lambda: (1, [] if number > 0 else ["it did not occur"]))
        print(f"# {number} times")

    def end(self) -> int:
        """Prints the plan and the number of assertions. Returns the exit code."""
        print(f"1..{self._checks}")
        print(f"# assertions {self._assertions}")
        return 1 if self._failed else 0

"""`events.instances` of the emulator compared with python-dateutil, rule by rule."""

from collections import Counter
from datetime import datetime
from random import Random

from judge.by_dateutil import expand, in_window
from judge.calendar import Calendar
from judge.differences import DIFFERENCES
from judge.random_series import random_series
from judge.series import Series, shown, shown_time
from judge.tap import Report

# How many series of each frequency: with times, and of whole days.
NUMBERS = {
    "YEARLY": (450, 350),
    "MONTHLY": (450, 350),
    "WEEKLY": (350, 250),
    "DAILY": (300, 200),
    "HOURLY": (200, 0),
    "MINUTELY": (120, 0),
    "SECONDLY": (80, 0),
}
# Emulated calendars are scanned for exceptions of a series: with few events each, that takes no time.
PER_CALENDAR = 50


def check_rules(report: Report) -> None:
    """Checks that every series occurs as dateutil says, apart from the known differences, and that those occur."""
    seen: Counter[str] = Counter()
    for frequency, numbers in NUMBERS.items():
        for all_day, number in zip((False, True), numbers):
            if number > 0:
                name = f"{number} {frequency} rules {'of whole days' if all_day else 'with times'} occur as in python-dateutil"
                report.check(name, lambda: _compare(frequency, all_day, number, seen))
    for difference in DIFFERENCES:
        report.expect_some(f"the difference {difference} occurs, exactly as described", seen[difference])


def _compare(frequency: str, all_day: bool, number: int, seen: Counter[str]) -> tuple[int, list[str]]:
    random = Random(f"{frequency} {all_day}")
    problems = []
    for index in range(number):
        if index % PER_CALENDAR == 0:
            calendar = Calendar(f"{frequency.lower()}-{all_day}-{index}@example.com".lower())
        series = random_series(random, f"s{index:05}", frequency, all_day)
        calendar.insert(series.body())
        found = [shown_time(item["start"]) for item in calendar.instances(series.id, **_window(series))]
        expected = _expected(series)
        if found != expected:
            problems.append(_describe(series, found, expected))
            continue
        seen.update(
            difference
            for difference, may_apply in DIFFERENCES.items()
            if may_apply(series) and _expected_or_error(series, difference) != found
        )
    return number, problems


def _window(series: Series) -> dict[str, str]:
    window = {"timeMin": series.after, "timeMax": series.before}
    return {name: rfc_3339(at) for name, at in window.items() if at is not None}


def rfc_3339(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _expected(series: Series, without: str | None = None) -> list[str]:
    return [shown(at, series.all_day) for at in expand(series, without) if in_window(series, at)]


def _expected_or_error(series: Series, without: str) -> list[str] | None:
    try:
        return _expected(series, without)
    except ValueError:
        # dateutil does not expand it.
        return None


def _describe(series: Series, found: list[str], expected: list[str]) -> str:
    more = [at for at in found if at not in expected][:4]
    fewer = [at for at in expected if at not in found][:4]
    return f"{series.describe()}\n  only the emulator: {more}\n  only dateutil: {fewer}"

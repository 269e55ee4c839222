"""Cases that random rules do not have: rejected ones, rules that name no day, all-day events without a length."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from judge.by_dateutil import expand
from judge.calendar import Calendar, Rejected
from judge.series import Listed, Series, shown, shown_time
from judge.tap import Report

TIMED = Series("timed", datetime(2024, 1, 31, 9), timedelta(hours=1), False, "Europe/Berlin", [])
WHOLE_DAY = Series("day", datetime(2024, 1, 31), timedelta(days=1), True, "UTC", [])

# Google rejects these; of dateutil stands here whether it does.
REJECTED = {
    "a local UNTIL of a timed series": ({"FREQ": "DAILY", "UNTIL": "20240301T000000"}, True),
    "a negative COUNT": ({"FREQ": "DAILY", "COUNT": "-1"}, False),
    "a day of the month out of range": ({"FREQ": "MONTHLY", "BYMONTHDAY": "42"}, False),
    "an hour out of range": ({"FREQ": "DAILY", "BYHOUR": "25"}, True),
    "a rule without a frequency": ({"INTERVAL": "2"}, True),
    "a frequency that does not exist": ({"FREQ": "FORTNIGHTLY"}, True),
    "an unknown part": ({"FREQ": "DAILY", "BYEASTER": "1"}, False),
}
NO_DAY = {
    "30 February": {"FREQ": "YEARLY", "BYMONTH": "2", "BYMONTHDAY": "30"},
    "every second month from January, in February": {"FREQ": "MONTHLY", "INTERVAL": "2", "BYMONTH": "2", "BYMONTHDAY": "1"},
}


def check_cases(report: Report) -> None:
    """Checks each case on its own."""
    calendar = Calendar("cases@example.com")
    for name, (rule, dateutil_rejects) in REJECTED.items():
        report.check(f"{name} is rejected", lambda: _rejected(calendar, rule, dateutil_rejects))
    for number, (name, rule) in enumerate(NO_DAY.items()):
        report.check(f"a rule that names no day has its start alone: {name}", lambda: _no_day(calendar, number, rule))
    report.check("a rule that names a day once in 28 years occurs as in python-dateutil", lambda: _sparse(calendar))
    report.check("a series whose occurrences are all excluded has none", lambda: _none(calendar))
    report.check("an all-day series whose end is its start has days, as it has in Google", lambda: _without_length(calendar))


def _starts(calendar: Calendar, series: Series, **window: str) -> list[str]:
    calendar.insert(series.body())
    return [shown_time(item["start"]) for item in calendar.instances(series.id, **window)]


def _equal(found: object, expected: object) -> tuple[int, list[str]]:
    return 1, [] if found == expected else [f"found {found}", f"expected {expected}"]


def _rejected(calendar: Calendar, rule: dict[str, str], dateutil_rejects: bool) -> tuple[int, list[str]]:
    series = replace(TIMED, rules=[rule])
    try:
        calendar.insert(series.body())
        answer = "accepted"
    except Rejected as error:
        answer = f"{error.status} {error.reason}: {error}"
    try:
        expand(replace(series, before=datetime(2025, 1, 1, tzinfo=UTC)))
        rejects = False
    except (ValueError, KeyError):
        rejects = True
    return _equal((answer, rejects), ("400 invalid: Invalid recurrence rule.", dateutil_rejects))


def _no_day(calendar: Calendar, number: int, rule: dict[str, str]) -> tuple[int, list[str]]:
    series = replace(WHOLE_DAY, id=f"nodate{number}", rules=[rule])
    found = _starts(calendar, series)
    return _equal((found, expand(series, "first-day")), (["2024-01-31"], []))


def _sparse(calendar: Calendar) -> tuple[int, list[str]]:
    rule = {"FREQ": "YEARLY", "BYMONTH": "2", "BYMONTHDAY": "29", "BYDAY": "MO"}
    series = replace(WHOLE_DAY, id="sparse", rules=[rule])
    found = _starts(calendar, series, timeMax="2100-01-01T00:00:00Z")
    return _equal(found, [shown(at, True) for at in expand(series)])


def _none(calendar: Calendar) -> tuple[int, list[str]]:
    exdates = [Listed(TIMED.start + timedelta(days=day), TIMED.zone, "local") for day in range(3)]
    series = replace(TIMED, id="none0", rules=[{"FREQ": "DAILY", "COUNT": "3"}], exdates=exdates)
    return _equal((_starts(calendar, series), expand(series)), ([], []))


def _without_length(calendar: Calendar) -> tuple[int, list[str]]:
    series = replace(WHOLE_DAY, id="length0", length=timedelta(0), rules=[{"FREQ": "DAILY", "COUNT": "3"}])
    # From the middle of the second day: an event that had no length would be over.
    found = _starts(calendar, series, timeMin="2024-02-01T12:00:00Z")
    return _equal(found, [shown(at, True) for at in expand(series)][1:])

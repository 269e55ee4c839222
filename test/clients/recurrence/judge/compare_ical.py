"""`events.list` with `singleEvents` compared with recurring-ical-events, calendar by calendar, exceptions included."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

from judge.by_ical import Occurrence, as_ical, expand
from judge.calendar import Calendar
from judge.compare_rules import rfc_3339
from judge.random_series import random_series
from judge.series import Series, shown, shown_time
from judge.tap import Report

CALENDARS = 8
SERIES_EACH = 100
FREQUENCIES = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]
WINDOW = timedelta(days=100)


def check_calendars(report: Report) -> None:
    """Checks that calendars of series with moved and cancelled occurrences are expanded alike."""
    seen: Counter[str] = Counter()
    for number in range(CALENDARS):
        name = f"calendar {number + 1} of {SERIES_EACH} series with exceptions is listed as by recurring-ical-events"
        report.check(name, lambda: _compare(number, seen))
    report.expect_some("the calendars have occurrences that were moved", seen["moved"])
    report.expect_some("the calendars have occurrences that were cancelled", seen["cancelled"])
    report.expect_some("the difference exact-length occurs, exactly as described", seen["exact-length"])


def _compare(number: int, seen: Counter[str]) -> tuple[int, list[str]]:
    random = Random(f"calendar {number}")
    calendar = Calendar(f"ical-{number}@example.com")
    series = {each.id: each for each in (_series(random, index) for index in range(SERIES_EACH))}
    for each in series.values():
        calendar.insert(each.body())
        _make_exceptions(random, calendar, each, seen)
    # At an odd second, so that no event starts or ends exactly then.
    begin = datetime(2025, 1, 1, 0, 0, 7, tzinfo=UTC) + timedelta(days=random.randrange(700))
    end = begin + WINDOW
    events = calendar.events()
    found = Counter(
        Occurrence(item["recurringEventId"], shown_time(item["start"]), shown_time(item["end"]))
        for item in calendar.events(singleEvents="true", timeMin=rfc_3339(begin), timeMax=rfc_3339(end))
    )
    expected = Counter(_with_exact_length(expand(as_ical(events, series), begin, end), events, seen))
    problems = [
        f"{title} has {each}\n  {series[each.series].describe()}"
        for title, some in (("only the emulator", found - expected), ("only the library", expected - found))
        for each in some
    ]
    return len(expected), problems


def _series(random: Random, index: int) -> Series:
    """
    Returns a series that an .ics file can express: RFC 5545 has no EXRULE, and IANA no offsets. None that recurs within a day, where
    the library takes the local time of one occurrence for another's time in UTC.
    """
    while True:
        frequency = FREQUENCIES[index % len(FREQUENCIES)]
        series = random_series(random, f"s{index:05}", frequency, random.random() < 0.4)
        # What dateutil, which the library uses, reads in its own way (see the difference partial-week).
        is_weekly_position = frequency == "WEEKLY" and any("BYSETPOS" in rule for rule in series.rules)
        if not series.exrules and not is_weekly_position and "GMT" not in f"{series.zone} {series.lines()}":
            return series


def _make_exceptions(random: Random, calendar: Calendar, series: Series, seen: Counter[str]) -> None:
    if random.random() < 0.5:
        return
    instances = calendar.instances(series.id, timeMax=rfc_3339(series.before))[:10]
    for instance in random.sample(instances, min(len(instances), 2)):
        if random.random() < 0.5:
            seen["cancelled"] += 1
            calendar.delete(instance["id"])
        else:
            seen["moved"] += 1
            calendar.patch(instance["id"], _moved(random, series, instance["start"]))


def _moved(random: Random, series: Series, start: dict) -> dict:
    if series.all_day:
        day = date.fromisoformat(start["date"]) + timedelta(days=random.randint(-9, 9))
        return {"start": {"date": f"{day}"}, "end": {"date": f"{day + timedelta(days=1)}"}}
    at = datetime.fromisoformat(start["dateTime"]) + timedelta(minutes=random.randint(-9000, 9000))
    return {
        which: {"dateTime": time.isoformat(), "timeZone": series.zone}
        for which, time in (("start", at), ("end", at + timedelta(hours=2)))
    }


def _with_exact_length(occurrences: list[Occurrence], events: list[dict], seen: Counter[str]) -> list[Occurrence]:
    """
    Gives occurrences that last while clocks change the length of their series. RFC 5545 says so (section 3.8.5.3, "the same exact
    duration"), the library keeps the local time of the end.
    """
    lengths = {
        event["id"]: datetime.fromisoformat(event["end"]["dateTime"]) - datetime.fromisoformat(event["start"]["dateTime"])
        for event in events
        if "recurrence" in event and "dateTime" in event["start"]
    }
    moved = {
        (event["recurringEventId"], shown_time(event["start"]))
        for event in events
        if "recurringEventId" in event and "start" in event
    }
    exact = []
    for each in occurrences:
        if each.series in lengths and (each.series, each.start) not in moved:
            end = shown(datetime.fromisoformat(each.start) + lengths[each.series], False)
            seen["exact-length"] += end != each.end
            each = each._replace(end=end)
        exact.append(each)
    return exact

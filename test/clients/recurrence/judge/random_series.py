"""Random recurring events. The same seed gives the same events."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from dateutil.rrule import rrulestr
from dateutil.tz import datetime_exists

from judge.differences import DIFFERENCES, rewrite
from judge.series import Listed, Series, rule_text, zone_of

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
# With clocks that change by an hour, by half an hour, at midnight, in the other half of the year, and never; and an offset, which
# Google returns as well (https://github.com/home-assistant/core/issues/81917).
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Pacific/Chatham",
    "Asia/Kolkata",
    "GMT+02:00",
    "UTC",
]
# How far each frequency is compared.
SPANS = {
    "YEARLY": timedelta(days=365 * 12),
    "MONTHLY": timedelta(days=365 * 4),
    "WEEKLY": timedelta(days=365 * 2),
    "DAILY": timedelta(days=250),
    "HOURLY": timedelta(days=12),
    "MINUTELY": timedelta(days=2),
    "SECONDLY": timedelta(hours=3),
}
WITHIN_DAY = ("HOURLY", "MINUTELY", "SECONDLY")


def random_series(random: Random, id: str, frequency: str, all_day: bool) -> Series:
    """Returns a series that is valid, and that occurs at least once a century if it has no end."""
    zone = random.choice(ZONES)
    start = _start(random, zone, all_day)
    rule = {"FREQ": frequency, **_limits(random, frequency, start, all_day)}
    length = timedelta(days=random.randint(1, 3)) if all_day else timedelta(minutes=random.choice([0, 30, 90, 1500]))
    if frequency in WITHIN_DAY:
        length = min(length, timedelta(minutes=30))
    series = Series(id, start, length, all_day, zone, [rule])
    if random.random() < 0.7:
        series.start = _first(series, rule)
    utc = series.start.replace(tzinfo=zone_of("UTC" if all_day else zone)).astimezone(UTC)
    span = SPANS[frequency]
    series.before = _whole(utc + span * random.uniform(0.5, 1))
    if random.random() < 0.5:
        series.after = _whole(utc + span * random.uniform(0, 0.3))
    _add_end(random, series, rule, utc + span * random.uniform(0.05, 1))
    _add_dates(random, series, rule)
    if random.random() < 0.04:
        series.rules.append({"FREQ": frequency, **_limits(random, frequency, start, all_day), "COUNT": "9"})
    elif random.random() < 0.04:
        series.exrules.append({"FREQ": frequency, "INTERVAL": str(random.randint(2, 4))})
    return series


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _dates(series: Series, rule: dict[str, str]) -> Iterator[datetime]:
    """Returns the local times that a rule names, without an end."""
    return iter(rrulestr(rule_text({**rewrite(rule, series, set(DIFFERENCES)), "COUNT": "12"}), dtstart=series.start))


def _first(series: Series, rule: dict[str, str]) -> datetime:
    """Returns the first time that the rule names, unless the clocks skip it."""
    first = next(_dates(series, rule))
    return first if series.all_day or datetime_exists(first, zone_of(series.zone)) else series.start


def _start(random: Random, zone: str, all_day: bool) -> datetime:
    while True:
        day = datetime(2024, 1, 1) + timedelta(days=random.randrange(3 * 365))
        if all_day:
            return day
        # Often at night, when clocks change.
        hour = random.choice([0, 1, 2, 3, random.randrange(24)])
        start = day.replace(hour=hour, minute=random.choice([0, 15, 30, 45]), second=random.choice([0, 0, 0, 20]))
        if datetime_exists(start, zone_of(zone)):
            return start


def _some(random: Random, values: range | list, most: int) -> str:
    return ",".join(str(value) for value in random.sample(list(values), random.randint(1, most)))


def _signed(limit: int) -> list[int]:
    return [*range(1, limit + 1), *range(-limit, 0)]


def _ordinals(random: Random, limit: int, most: int = 2) -> str:
    return ",".join(
        f"{random.choice(['', '', '+']) if nth > 0 else ''}{nth}{random.choice(DAYS)}"
        for nth in random.sample(_signed(limit), random.randint(1, most))
    )


def _mixed_days(random: Random) -> dict[str, str]:
    # With an ordinal of the same day, without which dateutil would search for a day that is both until the year 9999.
    day = random.choice(DAYS)
    return {"BYDAY": f"{day},{random.randint(1, 4)}{day},{_ordinals(random, 5)}"}


def _limits(random: Random, frequency: str, start: datetime, all_day: bool) -> dict[str, str]:
    """Returns the parts of a rule but its frequency and end."""
    make = {"YEARLY": _yearly, "MONTHLY": _monthly, "WEEKLY": _weekly, "DAILY": _daily}.get(frequency, _within_day)
    parts = make(random, start, frequency)
    if random.random() < 0.3:
        parts["WKST"] = random.choice(DAYS)
    if not all_day and frequency not in WITHIN_DAY and random.random() < 0.1:
        parts["BYHOUR"] = _some(random, range(24), 2)
        if random.random() < 0.5:
            parts["BYMINUTE"] = _some(random, range(0, 60, 5), 2)
    return parts


def _yearly(random: Random, start: datetime, _frequency: str) -> dict[str, str]:
    months = _some(random, range(1, 13), 3)
    # Each list has a day that every month has, so that each year has an occurrence.
    month_days = f"{random.randint(8, 28)},{random.choice([31, 30, 29, -1, -31, 7])}"
    parts = random.choice(
        [
            {},
            # Not the 31st of months that have none.
            {"BYMONTH": months} if start.day <= 28 else {},
            {"BYMONTHDAY": month_days},
            {"BYMONTH": months, "BYMONTHDAY": month_days},
            {"BYDAY": _ordinals(random, 52)},
            {"BYMONTH": months, "BYDAY": _ordinals(random, 4)},
            {"BYMONTH": months, "BYDAY": _some(random, DAYS, 2)},
            {"BYMONTH": months, "BYDAY": _some(random, DAYS, 5), "BYSETPOS": _some(random, [1, 2, 3, -1, -2], 2)},
            {"BYYEARDAY": _some(random, _signed(365), 4)},
            {"BYYEARDAY": _some(random, _signed(366), 3) + ",100"},
            {"BYWEEKNO": _some(random, _signed(52), 2), "BYDAY": _some(random, DAYS, 2)},
            {"BYWEEKNO": _some(random, range(1, 53), 2)},
            {"BYDAY": _some(random, DAYS, 3), "BYMONTHDAY": _some(random, range(1, 29), 3)},
            {"BYDAY": _some(random, DAYS, 1), "BYSETPOS": _some(random, _signed(50), 3)},
        ]
    )
    return {**_interval(random, [1, 1, 1, 2, 3]), **parts}


def _monthly(random: Random, start: datetime, _frequency: str) -> dict[str, str]:
    # With its own month, so that no interval misses all the months.
    months = ",".join(sorted({str(start.month), *_some(random, range(1, 13), 3).split(",")}))
    parts = random.choice(
        [
            {},
            {"BYMONTHDAY": _some(random, _signed(31), 3)},
            {"BYMONTHDAY": "31"},
            {"BYDAY": _ordinals(random, 4)},
            {"BYDAY": _ordinals(random, 5, 3)},
            _mixed_days(random),
            {"BYDAY": _some(random, DAYS, 3)},
            {"BYDAY": "MO,TU,WE,TH,FR", "BYSETPOS": _some(random, [1, 2, 3, -1, -2], 2)},
            {"BYDAY": _some(random, DAYS, 3), "BYSETPOS": _some(random, _signed(4), 2)},
            {"BYMONTHDAY": _some(random, range(1, 29), 6), "BYDAY": _some(random, DAYS, 2)},
            {"BYMONTHDAY": _some(random, range(1, 29), 4), "BYSETPOS": _some(random, [1, -1], 1)},
            {"BYMONTH": months, "BYMONTHDAY": _some(random, range(-28, 0), 2)},
            {"BYMONTH": months},
        ]
    )
    if parts in ({}, {"BYMONTH": months}) and start.day > 28:
        parts = {**parts, "BYMONTHDAY": "28"}
    return {**_interval(random, [1, 1, 2, 3, 5]), **parts}


def _weekly(random: Random, _start: datetime, _frequency: str) -> dict[str, str]:
    parts = random.choice(
        [
            {},
            {"BYDAY": _some(random, DAYS, 4)},
            {"BYDAY": _some(random, DAYS, 7)},
            {"BYDAY": _some(random, DAYS, 4), "BYMONTH": _some(random, range(1, 13), 6)},
            {"BYDAY": _some(random, DAYS, 5), "BYSETPOS": _some(random, [1, -1], 1)},
        ]
    )
    return {**_interval(random, [1, 1, 2, 3, 4]), **parts}


def _daily(random: Random, _start: datetime, _frequency: str) -> dict[str, str]:
    parts = random.choice(
        [
            {},
            {"BYDAY": _some(random, DAYS, 5)},
            {"BYMONTH": _some(random, range(1, 13), 6)},
            {"BYMONTHDAY": _some(random, range(1, 29), 9)},
        ]
    )
    # No multiple of a week: it would never meet another day of the week.
    return {**_interval(random, [1, 1, 2, 3, 5, 10]), **parts}


def _within_day(random: Random, start: datetime, frequency: str) -> dict[str, str]:
    hours = ",".join(sorted({str(start.hour), *_some(random, range(24), 4).split(",")}))
    if frequency == "HOURLY":
        parts = random.choice([{}, {}, {"BYDAY": _some(random, DAYS, 4)}, {"BYHOUR": hours}, {"BYMINUTE": "0,20,40"}])
        return {**_interval(random, [1, 1] if parts else [1, 2, 3, 5, 7, 25]), **parts}
    if frequency == "MINUTELY":
        parts = random.choice([{}, {"BYHOUR": hours}, {"BYSECOND": "0,30"}])
        return {**_interval(random, [15, 20, 30] if parts else [7, 15, 45, 90, 200]), **parts}
    return _interval(random, [60, 90, 600, 4000])


def _interval(random: Random, choices: list[int]) -> dict[str, str]:
    interval = random.choice(choices)
    return {} if interval == 1 and random.random() < 0.8 else {"INTERVAL": str(interval)}


def _add_end(random: Random, series: Series, rule: dict[str, str], until: datetime) -> None:
    kind = random.random()
    if kind < 0.35:
        rule["COUNT"] = str(random.randint(1, 40))
    elif kind < 0.7:
        as_date = series.all_day or random.random() < 0.1
        rule["UNTIL"] = f"{until:%Y%m%d}" if as_date else f"{until:%Y%m%dT%H%M%SZ}"


def _add_dates(random: Random, series: Series, rule: dict[str, str]) -> None:
    if random.random() < 0.35:
        occurrences = list(_dates(series, {name: rule[name] for name in rule if name != "UNTIL"}))
        for at in random.sample(occurrences, random.randint(1, min(4, len(occurrences)))):
            off = timedelta(days=1) if random.random() < 0.1 else timedelta(0)
            series.exdates.append(_listed(random, series, at + off))
    if random.random() < 0.2:
        for _ in range(random.randint(1, 3)):
            day = timedelta(days=-40 if random.random() < 0.1 else random.randint(1, 200))
            series.rdates.append(_listed(random, series, series.start + day, may_be_date=False))


def _listed(random: Random, series: Series, at: datetime, may_be_date: bool = True) -> Listed:
    zone = series.zone
    if series.all_day:
        as_time = random.random() < 0.1
        return Listed(at + timedelta(hours=random.randrange(24) * as_time), zone, "local" if as_time else "date")
    kind = random.random()
    if kind < 0.1 and may_be_date:
        return Listed(at, zone, "date")
    if kind < 0.3:
        other = random.choice(ZONES)
        return Listed(at.replace(tzinfo=zone_of(zone)).astimezone(zone_of(other)).replace(tzinfo=None), other, "local")
    return Listed(at, zone, "utc" if kind < 0.6 else "local")

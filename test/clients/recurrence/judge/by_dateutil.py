"""How python-dateutil expands a series: https://dateutil.readthedocs.io/en/stable/rrule.html"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import islice, takewhile

from dateutil.rrule import rrulestr
from dateutil.tz import datetime_exists

from judge.differences import DAYS, DIFFERENCES, is_weekly_position, rewrite
from judge.series import zone_of, Listed, Series, rule_text


def expand(series: Series, without: str | None = None) -> list[datetime]:
    """
    Returns the starts before the end of the series' window, as Google reads the recurrence. `without` names a difference between
    Google and dateutil (or RFC 5545) that is left out.
    """
    readings = DIFFERENCES.keys() - {without}
    limit = _comparable(series, series.before)
    included = {at for rule in series.rules for at in _starts(series, rule, limit, readings)}
    excluded = {at for rule in series.exrules for at in _starts(series, rule, limit, readings)}
    start = _utc(series, series.aware(series.start))
    if "first-day" in readings:
        included.add(start)
    included |= {at for listed in series.rdates if (at := _listed(series, listed, readings)) < limit}
    if "rdate-before-start" in readings:
        included = {at for at in included if at >= start}
    excluded |= {_listed(series, listed, readings) for listed in series.exdates}
    if "exdate-date" in readings and not series.all_day:
        days = {listed.at.date() for listed in series.exdates if listed.form == "date"}
        excluded |= {at for at in included if at.astimezone(zone_of(series.zone)).date() in days}
    return sorted(included - excluded)


def _starts(series: Series, rule: dict[str, str], limit: datetime, readings: set[str]) -> Iterator[datetime]:
    rule = rewrite(rule, series, readings)
    start = series.start
    skips_gaps = "gap" not in readings and not series.all_day
    from_week_start = "partial-week" in readings and is_weekly_position(rule, series)
    # dateutil counts what it finds, so that what is dropped from that must be counted here.
    count = int(rule.pop("COUNT")) if (skips_gaps or from_week_start) and "COUNT" in rule else None
    if from_week_start:
        start -= timedelta(days=(start.weekday() - DAYS.index(rule.get("WKST", "MO"))) % 7)
    starts = (
        at
        for at in rrulestr(rule_text(rule), dtstart=series.aware(start))
        if at.replace(tzinfo=None) >= series.start and not (skips_gaps and not datetime_exists(at))
    )
    return takewhile(lambda at: at < limit, (_utc(series, at) for at in islice(starts, count)))


def _listed(series: Series, listed: Listed, readings: set[str]) -> datetime:
    if not series.all_day:
        return listed.instant()
    is_date = listed.form == "date" or "whole-day-time" in readings
    return datetime.combine(listed.at, time()) if is_date else listed.at


def _utc(series: Series, at: datetime) -> datetime:
    return at if series.all_day else at.astimezone(UTC)


def _comparable(series: Series, at: datetime) -> datetime:
    """Returns a bound of the window. The whole days of the emulator's calendars are those of UTC."""
    return at.replace(tzinfo=None) if series.all_day else at


def in_window(series: Series, at: datetime) -> bool:
    """Returns whether an occurrence belongs to `events.instances` of the series' window, where `timeMin` is inclusive."""
    return at < _comparable(series, series.before) and (
        series.after is None or at + series.length >= _comparable(series, series.after)
    )

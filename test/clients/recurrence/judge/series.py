"""Recurring events: what the generator makes, the emulator stores and the libraries expand."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo


def zone_of(name: str) -> tzinfo:
    """Returns a zone by its name in the IANA database, or an offset such as `GMT+02:00`."""
    offset = re.fullmatch(r"GMT([+-])(\d\d):(\d\d)", name)
    if not offset:
        return ZoneInfo(name)
    sign, hours, minutes = offset.groups()
    return timezone(timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1))


@dataclass(frozen=True)
class Listed:
    """A date of RDATE or EXDATE."""

    at: datetime
    """Local time in `zone`."""
    zone: str
    form: str
    """`utc`, `local` (with TZID) or `date`."""

    def text(self) -> str:
        """Returns the parameters and the value of its line."""
        if self.form == "date":
            return f";VALUE=DATE:{self.at:%Y%m%d}"
        if self.form == "utc":
            return f":{self.instant():%Y%m%dT%H%M%SZ}"
        return f";TZID={self.zone}:{self.at:%Y%m%dT%H%M%S}"

    def instant(self) -> datetime:
        return self.at.replace(tzinfo=zone_of(self.zone)).astimezone(UTC)


@dataclass
class Series:
    """A recurring event. Times are local and without a zone."""

    id: str
    start: datetime
    length: timedelta
    all_day: bool
    zone: str
    rules: list[dict[str, str]]
    exrules: list[dict[str, str]] = field(default_factory=list)
    rdates: list[Listed] = field(default_factory=list)
    exdates: list[Listed] = field(default_factory=list)
    before: datetime = datetime(2100, 1, 1, tzinfo=UTC)
    """The end of the window in which it is compared."""
    after: datetime | None = None
    """The start of that window, if it is not that of the series."""

    def lines(self) -> list[str]:
        """Returns the event's `recurrence`."""
        return [
            *(f"RRULE:{rule_text(rule)}" for rule in self.rules),
            *(f"EXRULE:{rule_text(rule)}" for rule in self.exrules),
            *(f"RDATE{listed.text()}" for listed in self.rdates),
            *(f"EXDATE{listed.text()}" for listed in self.exdates),
        ]

    def body(self) -> dict:
        """Returns the event as `events.insert` takes it."""
        return {
            "id": self.id,
            "summary": self.id,
            "start": self._time(self.start),
            "end": self._time(self.start + self.length),
            "recurrence": self.lines(),
        }

    def _time(self, at: datetime) -> dict:
        if self.all_day:
            return {"date": f"{at:%Y-%m-%d}"}
        return {"dateTime": f"{at:%Y-%m-%dT%H:%M:%S}", "timeZone": self.zone}

    def aware(self, at: datetime) -> datetime:
        """Returns a local time of the series as the libraries take it: all-day events have no zone."""
        return at if self.all_day else at.replace(tzinfo=zone_of(self.zone))

    def describe(self) -> str:
        kind = "all-day" if self.all_day else self.zone
        return f"{self.id} {self.start} {kind} {self.length} {self.lines()} from {self.after} to {self.before}"


def rule_text(rule: dict[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in rule.items())


def shown(at: datetime, all_day: bool) -> str:
    """Returns a start in the one form in which starts are compared: a date, or a time in UTC."""
    return f"{at:%Y-%m-%d}" if all_day else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def shown_time(time: dict) -> str:
    """Returns a `start` or `end` of the API in the same form."""
    if "date" in time:
        return date.fromisoformat(time["date"]).isoformat()
    return shown(datetime.fromisoformat(time["dateTime"]), False)

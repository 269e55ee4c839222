"""How recurring-ical-events expands a calendar: https://recurring-ical-events.readthedocs.io/"""

from datetime import date, datetime
from typing import NamedTuple

import recurring_ical_events
from icalendar import Calendar

from judge.differences import as_rfc_5545
from judge.series import zone_of, Series, shown

class Occurrence(NamedTuple):
    """One occurrence: of which series, from when, until when."""

    series: str
    start: str
    end: str


def as_ical(events: list[dict], series: dict[str, Series]) -> str:
    """Returns an .ics file of events as `events.list` returns them, series and exceptions, with rules as RFC 5545 reads them."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//judge//recurrence//EN"]
    for event in events:
        # Of a cancelled occurrence, the API returns no more than which one it is.
        start = event.get("start", event.get("originalStartTime"))
        parent = event.get("recurringEventId")
        lines += ["BEGIN:VEVENT", f"UID:{parent or event['id']}", f"SUMMARY:{parent or event['id']}"]
        lines += [f"DTSTART{_time(start)}", f"DTEND{_time(event.get('end', start))}", f"STATUS:{event['status'].upper()}"]
        lines += [f"RECURRENCE-ID{_time(event['originalStartTime'])}"] if parent else as_rfc_5545(series[event["id"]])
        lines.append("END:VEVENT")
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _time(time: dict) -> str:
    if "date" in time:
        return f";VALUE=DATE:{time['date'].replace('-', '')}"
    zone = time["timeZone"]
    at = datetime.fromisoformat(time["dateTime"]).astimezone(zone_of(zone))
    return f":{at:%Y%m%dT%H%M%SZ}" if zone == "UTC" else f";TZID={zone}:{at:%Y%m%dT%H%M%S}"


def expand(ical: str, begin: datetime, end: datetime) -> list[Occurrence]:
    """Returns what takes place in the window."""
    found = recurring_ical_events.of(Calendar.from_ical(ical)).between(begin, end)
    return sorted(
        Occurrence(str(event["SUMMARY"]), _shown(event["DTSTART"].dt), _shown(event["DTEND"].dt))
        for event in found
        if event.get("STATUS") != "CANCELLED"
    )


def _shown(at: date) -> str:
    return shown(at, not isinstance(at, datetime))

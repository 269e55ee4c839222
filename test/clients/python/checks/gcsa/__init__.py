"""gcsa, "Google Calendar Simple API": https://google-calendar-simple-api.readthedocs.io/"""

from checks.gcsa import calendars, events
from checks.gcsa.service import suite

__all__ = ["calendars", "events", "suite"]

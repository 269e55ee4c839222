"""gcsa takes no endpoint: it reaches the emulator through the proxy."""

from google.oauth2.credentials import Credentials
from gcsa.google_calendar import GoogleCalendar

from checks.tap import Suite

suite = Suite("gcsa")


def calendar(user: str, default: str = "primary") -> GoogleCalendar:
    return GoogleCalendar(default, credentials=Credentials(user))

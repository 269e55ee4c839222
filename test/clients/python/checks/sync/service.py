"""The library's service, pointed at the emulator by the argument `host` of its `AbstractAuth`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientSession
from gcal_sync.api import GoogleCalendarService, ListEventsRequest
from gcal_sync.auth import AbstractAuth
from gcal_sync.model import DateOrDatetime, Event

from checks.emulator import URL
from checks.tap import Suite

suite = Suite("gcal_sync")


class Auth(AbstractAuth):
    """Signs in as a user of the emulator."""

    def __init__(self, session: ClientSession, user: str) -> None:
        super().__init__(session, f"{URL}/calendar/v3")
        self._user = user

    async def async_get_access_token(self) -> str:
        return self._user


@asynccontextmanager
async def service(user: str) -> AsyncIterator[GoogleCalendarService]:
    """Yields the service of a user."""
    async with ClientSession() as session:
        yield GoogleCalendarService(Auth(session, user))


def event(summary: str, start: str, end: str, zone: str | None = "America/New_York", **fields: object) -> Event:
    """Returns an event with times, or of whole days if start and end are dates."""
    if len(start) == 10:
        return Event(summary=summary, start=DateOrDatetime(date=start), end=DateOrDatetime(date=end), **fields)
    times = {name: DateOrDatetime(date_time=at, timezone=zone) for name, at in (("start", start), ("end", end))}
    return Event(summary=summary, **times, **fields)


async def listed(api: GoogleCalendarService, user: str, **parameters: object) -> list[Event]:
    """Returns what takes place as the emulator expands it: this request has `singleEvents`."""
    request = ListEventsRequest(calendar_id=user, **parameters)
    return [each async for page in await api.async_list_events(request) for each in page.items]

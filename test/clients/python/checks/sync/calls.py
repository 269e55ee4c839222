"""Single calls of the API."""

from datetime import UTC, datetime

from gcal_sync.api import GoogleCalendarService
from gcal_sync.exceptions import ApiException, ApiForbiddenException, AuthException
from gcal_sync.model import AccessRole, EventStatusEnum

from checks.emulator import fault
from checks.sync.service import event, listed, service, suite
from checks.tap import Assertions

BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


async def _raised(call: object) -> ApiException | None:
    try:
        await call
    except ApiException as error:
        return error
    return None


@suite.check("the calendars of a user are listed and read")
async def calendars(t: Assertions) -> None:
    user = "calendars-sync@example.com"
    async with service(user) as api:
        (calendar,) = (await api.async_list_calendars()).items
        t.equal((calendar.id, calendar.access_role, calendar.primary, calendar.timezone), (user, AccessRole.OWNER, True, "UTC"))
        t.equal((await api.async_get_calendar("primary")).id, user)


@suite.check("an event is created, read, changed and deleted")
async def one_event(t: Assertions) -> None:
    user = "events-sync@example.com"
    async with service(user) as api:
        made = event("Lunch", "2026-05-04T12:00:00", "2026-05-04T13:00:00", location="Cafe", description="With Ada")
        await api.async_create_event(user, made)
        (found,) = await listed(api, user, start_time=BEFORE)
        t.equal((found.summary, found.location, found.description), ("Lunch", "Cafe", "With Ada"))
        t.equal(found.start.value, datetime.fromisoformat("2026-05-04T12:00:00-04:00"))
        t.true(found.ical_uuid)
        await api.async_patch_event(user, found.id, {"summary": "Late lunch"})
        t.equal((await api.async_get_event(user, found.id)).summary, "Late lunch")
        await api.async_delete_event(user, found.id)
        t.equal((await api.async_get_event(user, found.id)).status, EventStatusEnum.CANCELLED)
        t.equal(await listed(api, user, start_time=BEFORE), [])


@suite.check("lists are read page by page, filtered by time and text")
async def lists(t: Assertions) -> None:
    user = "lists-sync@example.com"
    async with service(user) as api:
        await api.async_create_event(user, event("Daily", "2026-05-04", "2026-05-05", recurrence=["RRULE:FREQ=DAILY;COUNT=1200"]))
        await api.async_create_event(user, event("Once", "2026-05-05T12:00:00", "2026-05-05T13:00:00"))
        everything = await listed(api, user, start_time=BEFORE)
        t.equal((len(everything), everything[2].summary), (1201, "Once"))
        window = {"start_time": datetime(2026, 5, 5, tzinfo=UTC), "end_time": datetime(2026, 5, 7, tzinfo=UTC)}
        t.equal([each.summary for each in await listed(api, user, **window)], ["Daily", "Once", "Daily"])
        t.equal([each.summary for each in await listed(api, user, start_time=BEFORE, search="once")], ["Once"])


async def _errors(t: Assertions, api: GoogleCalendarService, user: str, kinds: dict[int, type]) -> None:
    for status, kind in kinds.items():
        with fault({"do": "fail", "status": status}, user=user):
            error = await _raised(api.async_list_calendars())
            t.equal((status, type(error)), (status, kind))


@suite.check("errors are raised by their status, with Google's message")
async def errors(t: Assertions) -> None:
    user = "errors-sync@example.com"
    async with service(user) as api:
        error = await _raised(api.async_get_event(user, "none0"))
        t.true("404" in str(error) and "Not Found" in str(error), error)
        await _errors(t, api, user, {403: ApiForbiddenException, 401: AuthException, 500: ApiException, 503: ApiException})
    async with service("not-a-token") as api:
        t.equal(type(await _raised(api.async_list_calendars())), AuthException)

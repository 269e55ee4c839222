"""Recurring events, expanded by the library's timeline and by the emulator's `singleEvents`."""

from datetime import UTC, datetime, timedelta

from gcal_sync.api import GoogleCalendarService, LocalListEventsRequest
from gcal_sync.model import Event
from gcal_sync.sync import CalendarEventSyncManager

from checks.sync.service import event, listed, service, suite
from checks.tap import Assertions

START = datetime(2026, 1, 1, tzinfo=UTC)
WINDOW = {"start_time": START, "end_time": START + timedelta(days=730)}
EVERY_DAY = ["RRULE:FREQ=DAILY;COUNT=10"]


def _row(each: Event) -> tuple[str, str, str]:
    return each.id, _utc(each.start.value), _utc(each.end.value)


def _utc(at: object) -> str:
    return at.astimezone(UTC).isoformat() if isinstance(at, datetime) else f"{at}"


async def _same(t: Assertions, api: GoogleCalendarService, manager: CalendarEventSyncManager, user: str) -> list[Event]:
    """Asserts that both have the same occurrences: their ids, starts and ends. Returns them."""
    await manager.run()
    local = await manager.store_service.async_list_events(LocalListEventsRequest(**WINDOW))
    remote = await listed(api, user, **WINDOW)
    t.equal(sorted(map(_row, local.events)), sorted(map(_row, remote)))
    t.true(len(remote) > 0)
    return remote


@suite.check("rules with times occur alike")
async def timed(t: Assertions) -> None:
    rules = [
        ["RRULE:FREQ=DAILY;INTERVAL=3;UNTIL=20260601T000000Z"],
        ["RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR", "EXDATE;TZID=America/New_York:20260209T090000"],
        ["RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;COUNT=20"],
        ["RRULE:FREQ=MONTHLY"],
        ["RRULE:FREQ=MONTHLY;BYMONTHDAY=5,-1"],
        ["RRULE:FREQ=MONTHLY;BYDAY=1MO,-1FR"],
        ["RRULE:FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=31,5"],
        ["RRULE:FREQ=YEARLY"],
        ["RRULE:FREQ=YEARLY;BYMONTH=1,3;BYDAY=1MO"],
        ["RRULE:FREQ=WEEKLY;COUNT=4", "RDATE;TZID=America/New_York:20260320T090000"],
    ]
    times = {"start": "2026-01-05T09:00:00", "end": "2026-01-05T09:45:00"}
    await _all_alike(t, "timed-sync@example.com", rules, **times)


@suite.check("rules of whole days occur alike")
async def whole_days(t: Assertions) -> None:
    rules = [
        ["RRULE:FREQ=DAILY;UNTIL=20260401"],
        ["RRULE:FREQ=WEEKLY;BYDAY=MO,SA", "EXDATE;VALUE=DATE:20260110"],
        ["RRULE:FREQ=MONTHLY;BYMONTHDAY=5,31"],
        ["RRULE:FREQ=MONTHLY;BYDAY=1MO"],
        ["RRULE:FREQ=YEARLY"],
        ["RDATE;VALUE=DATE:20260105,20260120,20260131"],
    ]
    await _all_alike(t, "days-sync@example.com", rules, start="2026-01-05", end="2026-01-07")


async def _all_alike(t: Assertions, user: str, rules: list[list[str]], **times: str) -> None:
    async with service(user) as api:
        for lines in rules:
            await api.async_create_event(user, event(lines[0], **times, recurrence=lines))
        found = await _same(t, api, CalendarEventSyncManager(api, user), user)
        t.equal({each.summary for each in found}, {lines[0] for lines in rules})


@suite.check("moved and cancelled occurrences are alike, whether synchronized at once or later")
async def exceptions(t: Assertions) -> None:
    user = "exceptions-sync@example.com"
    async with service(user) as api:
        await api.async_create_event(user, event("Stand-up", "2026-03-05T09:00:00", "2026-03-05T09:15:00", recurrence=EVERY_DAY))
        await api.async_create_event(user, event("Trip", "2026-05-05", "2026-05-06", recurrence=EVERY_DAY))
        manager = CalendarEventSyncManager(api, user)
        days = await _same(t, api, manager, user)
        timed, whole = ([each for each in days if each.summary == name] for name in ("Stand-up", "Trip"))
        moved = {"start": {"dateTime": "2026-03-07T15:00:00Z"}, "end": {"dateTime": "2026-03-07T16:00:00Z"}}
        await api.async_patch_event(user, timed[1].id, moved)
        await api.async_delete_event(user, timed[2].id)
        await api.async_patch_event(user, whole[1].id, {"start": {"date": "2026-06-01"}, "end": {"date": "2026-06-03"}})
        await api.async_delete_event(user, whole[2].id)
        t.equal(len(await _same(t, api, manager, user)), 18)
        t.equal(len(await _same(t, api, CalendarEventSyncManager(api, user), user)), 18)


@suite.check("a birthday, yearly by BYMONTHDAY without BYMONTH, is once a year in both")
async def birthday(t: Assertions) -> None:
    user = "birthday-sync@example.com"
    async with service(user) as api:
        await api.async_create_event(user, event("Ada", "2026-02-10", "2026-02-11", recurrence=["RRULE:FREQ=YEARLY;BYMONTHDAY=10"]))
        t.equal(len(await _same(t, api, CalendarEventSyncManager(api, user), user)), 2)

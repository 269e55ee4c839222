"""Edits through the store's service, as Home Assistant's calendar makes them."""

from datetime import UTC, datetime, timedelta

from gcal_sync.api import LocalListEventsRequest, Range
from gcal_sync.model import Event
from gcal_sync.sync import CalendarEventSyncManager

from checks.sync.service import event, listed, service, suite
from checks.tap import Assertions

START = datetime(2026, 5, 1, tzinfo=UTC)
WINDOW = {"start_time": START, "end_time": START + timedelta(days=30)}


async def _days(manager: CalendarEventSyncManager) -> list[Event]:
    await manager.run()
    return (await manager.store_service.async_list_events(LocalListEventsRequest(**WINDOW))).events


async def _check(t: Assertions, user: str, **first: str) -> None:
    async with service(user) as api:
        manager = CalendarEventSyncManager(api, user)
        await manager.run()
        store = manager.store_service
        await store.async_add_event(event("Series", **first, recurrence=["RRULE:FREQ=DAILY;COUNT=6"]))
        days = await _days(manager)
        t.equal(len(days), 6)
        uid = days[0].ical_uuid
        await store.async_delete_event(uid, days[1].id)
        left = await _days(manager)
        t.equal([each.id for each in left], [days[n].id for n in (0, 2, 3, 4, 5)])
        await store.async_delete_event(uid, days[4].id, Range.THIS_AND_FUTURE)
        left = await _days(manager)
        t.equal([each.id for each in left], [days[n].id for n in (0, 2, 3)])
        t.equal([each.id for each in await listed(api, user, **WINDOW)], [each.id for each in left])
        await store.async_delete_event(uid)
        t.equal((await _days(manager), await listed(api, user, **WINDOW)), ([], []))


@suite.check("a timed series is added, one occurrence deleted, then this and the following, then all")
async def timed(t: Assertions) -> None:
    await _check(t, "edits-sync@example.com", start="2026-05-04T09:00:00", end="2026-05-04T10:00:00")


@suite.check("an all-day series is added, one occurrence deleted, then this and the following, then all")
async def whole_days(t: Assertions) -> None:
    await _check(t, "day-edits-sync@example.com", start="2026-05-04", end="2026-05-05")


@suite.check("a single event is added and deleted")
async def single(t: Assertions) -> None:
    user = "single-edits-sync@example.com"
    async with service(user) as api:
        manager = CalendarEventSyncManager(api, user)
        await manager.store_service.async_add_event(event("Once", "2026-05-04T09:00:00", "2026-05-04T10:00:00"))
        (once,) = await _days(manager)
        await manager.store_service.async_delete_event(once.ical_uuid)
        t.equal(await _days(manager), [])

"""The sync managers, which keep a local copy by sync tokens."""

import json
from datetime import UTC, datetime

from gcal_sync.api import GoogleCalendarService, LocalListEventsRequest, SyncEventsRequest
from gcal_sync.store import CalendarStore, InMemoryCalendarStore
from gcal_sync.sync import CalendarEventSyncManager, CalendarListSyncManager

from checks.emulator import control, requests
from checks.sync.service import event, listed, service, suite
from checks.tap import Assertions

WINDOW = {"start_time": datetime(2026, 5, 1, tzinfo=UTC), "end_time": datetime(2026, 6, 1, tzinfo=UTC)}
LISTS = {"method": "calendar.events.list"}


async def _summaries(manager: CalendarEventSyncManager) -> list[str]:
    result = await manager.store_service.async_list_events(LocalListEventsRequest(**WINDOW))
    return sorted(each.summary for each in result.events)


async def _make(api: GoogleCalendarService, user: str, *summaries: str) -> None:
    for summary in summaries:
        await api.async_create_event(user, event(summary, "2026-05-04T12:00:00", "2026-05-04T13:00:00"))


def _statuses(user: str) -> list[tuple[bool, int]]:
    """Returns for each list of events whether it had a sync token, and its status."""
    return [("syncToken" in entry["query"], entry["status"]) for entry in requests(user=user, **LISTS)]


@suite.check("events are synchronized in full, and then by their changes")
async def incremental(t: Assertions) -> None:
    user = "incremental-sync@example.com"
    async with service(user) as api:
        await _make(api, user, "a", "b", "c")
        manager = CalendarEventSyncManager(api, user)
        await manager.run()
        t.equal(await _summaries(manager), ["a", "b", "c"])
        a, b, _ = sorted(await listed(api, user, **WINDOW), key=lambda each: each.summary)
        await api.async_patch_event(user, a.id, {"summary": "A"})
        await api.async_delete_event(user, b.id)
        await _make(api, user, "d")
        await manager.run()
        t.equal(await _summaries(manager), ["A", "c", "d"])
        await manager.run()
        t.equal(await _summaries(manager), ["A", "c", "d"])
        t.equal(_statuses(user), [(False, 200), (False, 200), (True, 200), (True, 200)])


@suite.check("a sync over several pages has one sync token, at its end")
async def pages(t: Assertions) -> None:
    user = "pages-sync@example.com"
    events = [{"summary": f"{number}", "start": {"date": "2026-05-04"}, "end": {"date": "2026-05-05"}} for number in range(2300)]
    control("POST", "seed", {"users": [{"email": user, "calendars": [{"id": user, "summary": user, "events": events}]}]})
    async with service(user) as api:
        manager = CalendarEventSyncManager(api, user)
        await manager.run()
        t.equal(len(await _summaries(manager)), 2300)
        t.equal([("pageToken" in entry["query"], entry["status"]) for entry in requests(user=user, **LISTS)], [(False, 200), (True, 200), (True, 200)])
        await _make(api, user, "new")
        await manager.run()
        t.equal(len(await _summaries(manager)), 2301)


@suite.check("an expired sync token (410) starts a full sync, which drops what was deleted meanwhile")
async def expired(t: Assertions) -> None:
    user = "expired-sync@example.com"
    async with service(user) as api:
        await _make(api, user, "kept", "deleted")
        manager = CalendarEventSyncManager(api, user)
        await manager.run()
        (gone,) = [each for each in await listed(api, user, **WINDOW) if each.summary == "deleted"]
        await api.async_delete_event(user, gone.id)
        control("POST", "expire-sync-tokens", {"resource": "events", "calendarId": user})
        await manager.run()
        t.equal(await _summaries(manager), ["kept"])
        t.equal(_statuses(user)[-2:], [(True, 410), (False, 200)])


@suite.check("a window is for the first sync alone, and its token stays within it")
async def window(t: Assertions) -> None:
    user = "window-sync@example.com"
    async with service(user) as api:
        await _make(api, user, "inside")
        await api.async_create_event(user, event("outside", "2020-05-04", "2020-05-05"))
        request = SyncEventsRequest(calendar_id=user, start_time=WINDOW["start_time"])
        manager = CalendarEventSyncManager(api, request_template=request)
        await manager.run()
        await api.async_create_event(user, event("also outside", "2020-05-04", "2020-05-05"))
        await _make(api, user, "also inside")
        await manager.run()
        since_2000 = LocalListEventsRequest(start_time=datetime(2000, 1, 1, tzinfo=UTC))
        found = (await manager.store_service.async_list_events(since_2000)).events
        t.equal(sorted(each.summary for each in found), ["also inside", "inside"])


@suite.check("the list of calendars is synchronized, also after its token has expired")
async def calendar_list(t: Assertions) -> None:
    user, owner = "list-sync@example.com", "list-owner-sync@example.com"
    control("POST", "seed", {"users": [{"email": owner}, {"email": user, "calendars": [{"id": f"{name}@example.org", "summary": name} for name in "ab"]}]})
    async with service(user) as api:
        manager = CalendarListSyncManager(api)

        async def names() -> list[str]:
            await manager.run()
            return sorted(each.summary for each in (await manager.store_service.async_list_calendars()).calendars)

        t.equal(await names(), ["a", "b", user])
        control("POST", "seed", {"users": [{"email": user, "calendars": [{"id": "c@example.org", "summary": "c"}]}]})
        t.equal(await names(), ["a", "b", "c", user])
        control("POST", "expire-sync-tokens", {"resource": "calendarList", "user": user})
        t.equal(await names(), ["a", "b", "c", user])
        statuses = [entry["status"] for entry in requests(user=user, method="calendar.calendarList.list")]
        t.equal(statuses, [200, 200, 410, 200])


@suite.check("a store that is loaded again goes on from its token")
async def stored(t: Assertions) -> None:
    user, store = "stored-sync@example.com", InMemoryCalendarStore()
    async with service(user) as api:
        await _make(api, user, "a")
        await CalendarEventSyncManager(api, user, store).run()
        copy: CalendarStore = InMemoryCalendarStore()
        await copy.async_save(json.loads(json.dumps(await store.async_load())))
        await _make(api, user, "b")
        manager = CalendarEventSyncManager(api, user, copy)
        await manager.run()
        t.equal(await _summaries(manager), ["a", "b"])
        t.equal(_statuses(user), [(False, 200), (True, 200)])

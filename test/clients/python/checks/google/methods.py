"""All 38 methods, by each way of building the service."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

from googleapiclient.discovery import Resource
from googleapiclient.errors import HttpError
from googleapiclient.http import HttpRequest

from checks.emulator import control
from checks.google.service import WAYS, suite, timed
from checks.receiver import Receiver
from checks.tap import Assertions

called: dict[str, set[str]] = {way: set() for way in WAYS}
"""The ids of the methods that succeeded."""


class Session:
    """Services of two users, whose successful calls are noted."""

    def __init__(self, way: str) -> None:
        class Noting(HttpRequest):
            def execute(self, *args: Any, **options: Any) -> Any:
                result = super().execute(*args, **options)
                called[way].add(self.methodId)
                return result

        name = way.split()[-1]
        self.user, self.guest = f"methods-{name}@example.com", f"guest-{name}@example.com"
        self.service: Resource = WAYS[way](self.user, Noting)
        self.guest_service: Resource = WAYS[way](self.guest, Noting)

    def calendar(self, **fields: str) -> str:
        return self.service.calendars().insert(body={"summary": "Plans", **fields}).execute()["id"]

    def event(self, calendar: str = "primary", **fields: object) -> dict:
        body = timed("09:00", "10:00", summary="Plan", **fields)
        return self.service.events().insert(calendarId=calendar, body=body).execute()


def each_way(name: str) -> Callable:
    def add(function: Callable[[Assertions, Session], None]) -> None:
        for way in WAYS:
            suite.check(f"{name}, by {way}")(partial(_with_session, function, way))

    return add


def _with_session(function: Callable[[Assertions, Session], None], way: str, t: Assertions) -> None:
    function(t, Session(way))


@each_way("calendars are inserted, read, changed, cleared and deleted")
def calendars(t: Assertions, api: Session) -> None:
    calls = api.service.calendars()
    made = calls.insert(body={"summary": "Plans", "timeZone": "Europe/Zurich"}).execute()
    id = made["id"]
    t.has(made, kind="calendar#calendar", summary="Plans", timeZone="Europe/Zurich")
    t.has(calls.patch(calendarId=id, body={"description": "For May"}).execute(), summary="Plans", description="For May")
    updated = calls.update(calendarId=id, body={"summary": "Plans of May"}).execute()
    t.equal((updated["summary"], "description" in updated), ("Plans of May", False))
    t.equal(calls.get(calendarId=id).execute(), updated)
    t.equal(calls.delete(calendarId=id).execute(), "")
    api.event()
    t.equal(calls.clear(calendarId="primary").execute(), "")
    t.equal(api.service.events().list(calendarId="primary").execute()["items"], [])


@each_way("an administrator gives a calendar to another user")
def ownership(t: Assertions, api: Session) -> None:
    control("POST", "seed", {"users": [{"email": api.guest}, {"email": api.user, "admin": True}]})
    id = api.calendar()
    transfer = api.service.calendars().transferOwnership(calendarId=id, newDataOwner=api.guest, useAdminAccess=True)
    t.equal(transfer.execute(), "")
    entry = api.guest_service.calendarList().get(calendarId=id).execute()
    t.has(entry, id=id, accessRole="owner", dataOwner=api.guest)


@each_way("the calendar list is read and changed")
def calendar_list(t: Assertions, api: Session) -> None:
    id = api.calendar()
    rule = {"role": "reader", "scope": {"type": "user", "value": api.guest}}
    api.service.acl().insert(calendarId=id, body=rule).execute()
    calls = api.guest_service.calendarList()
    t.has(calls.insert(body={"id": id, "colorId": "7"}).execute(), kind="calendar#calendarListEntry", accessRole="reader", colorId="7")
    t.has(calls.patch(calendarId=id, body={"selected": True}).execute(), selected=True, colorId="7")
    coloured = {"backgroundColor": "#112233", "foregroundColor": "#ffffff", "summaryOverride": "Theirs"}
    updated = calls.update(calendarId=id, colorRgbFormat=True, body=coloured).execute()
    t.has(updated, summaryOverride="Theirs", backgroundColor="#112233", foregroundColor="#ffffff")
    t.equal(calls.get(calendarId=id).execute(), updated)
    t.true(id in [entry["id"] for entry in calls.list(minAccessRole="reader").execute()["items"]])
    t.equal(calls.delete(calendarId=id).execute(), "")
    t.true(id not in [entry["id"] for entry in calls.list().execute()["items"]])


@each_way("rules of access are inserted, read, changed and deleted")
def acl(t: Assertions, api: Session) -> None:
    calls, id = api.service.acl(), api.calendar()
    rule = {"role": "reader", "scope": {"type": "user", "value": api.guest}}
    made = calls.insert(calendarId=id, body=rule, sendNotifications=False).execute()
    t.has(made, kind="calendar#aclRule", id=f"user:{api.guest}", role="reader")
    at = {"calendarId": id, "ruleId": made["id"]}
    t.has(calls.patch(**at, body={"role": "writer"}).execute(), role="writer", scope=rule["scope"])
    updated = calls.update(**at, body={**rule, "role": "freeBusyReader"}).execute()
    t.equal(calls.get(**at).execute(), updated)
    t.equal({item["role"] for item in calls.list(calendarId=id).execute()["items"]}, {"owner", "freeBusyReader"})
    t.equal(calls.delete(**at).execute(), "")
    deleted = calls.list(calendarId=id, showDeleted=True).execute()["items"]
    t.true({"id": made["id"], "role": "none"}.items() <= next(item for item in deleted if item["id"] == made["id"]).items(), deleted)


@each_way("events are inserted, read, changed, moved and deleted")
def events(t: Assertions, api: Session) -> None:
    calls, id, target = api.service.events(), api.calendar(), api.calendar()
    made = api.event(id, extendedProperties={"private": {"team": "a"}})
    at = {"calendarId": id, "eventId": made["id"]}
    t.has(made, kind="calendar#event", status="confirmed", organizer={"email": id, "displayName": "Plans", "self": True})
    t.has(calls.patch(**at, body={"location": "Cafe"}).execute(), location="Cafe", summary="Plan")
    updated = calls.update(**at, body=timed("11:00", "12:00", summary="Plan B")).execute()
    t.equal((updated["summary"], "location" in updated, updated["sequence"]), ("Plan B", False, made["sequence"] + 1))
    t.equal(calls.get(**at).execute(), updated)
    t.has(calls.move(**at, destination=target).execute(), id=made["id"], organizer={"email": target, "displayName": "Plans", "self": True})
    at = {**at, "calendarId": target}
    t.equal(calls.delete(**at, sendUpdates="none").execute(), "")
    t.has(calls.get(**at).execute(), status="cancelled")


@each_way("events are imported and added by a sentence")
def other_inserts(t: Assertions, api: Session) -> None:
    calls = api.service.events()
    body = timed("09:00", "10:00", summary="Theirs", iCalUID=f"{uuid4()}@example.org", organizer={"email": "o@example.org"})
    refusal = t.raises(HttpError, calls.import_(calendarId="primary", body=body).execute)
    t.equal(refusal.error_details[0]["reason"], "participantIsNeitherOrganizerNorAttendee")
    body["attendees"] = [{"email": api.user}]
    t.has(calls.import_(calendarId="primary", body=body).execute(), iCalUID=body["iCalUID"], organizer={"email": "o@example.org"})
    quick = calls.quickAdd(calendarId="primary", text="Lunch with Ada on May 6 2027 12pm-1pm").execute()
    t.equal((quick["summary"], quick["start"]["dateTime"][:16]), ("Lunch with Ada", "2027-05-06T12:00"))


@each_way("lists of events are read page by page")
def pages(t: Assertions, api: Session) -> None:
    calls, id = api.service.events(), api.calendar()
    made = {api.event(id)["id"] for _ in range(7)}
    request, sizes, found = calls.list(calendarId=id, maxResults=3), [], set()
    while request is not None:
        page = request.execute()
        sizes.append(len(page["items"]))
        found |= {item["id"] for item in page["items"]}
        request = calls.list_next(request, page)
    t.equal((sizes, found), ([3, 3, 1], made))
    changed = calls.list(calendarId=id, syncToken=page["nextSyncToken"]).execute()
    t.equal((changed["items"], "nextSyncToken" in changed), ([], True))


@each_way("occurrences are read page by page")
def instances(t: Assertions, api: Session) -> None:
    calls, id = api.service.events(), api.calendar()
    series = api.event(id, recurrence=["RRULE:FREQ=DAILY;COUNT=5"])
    request, days = calls.instances(calendarId=id, eventId=series["id"], maxResults=2), []
    while request is not None:
        page = request.execute()
        days += [item["start"]["dateTime"][8:10] for item in page["items"]]
        request = calls.instances_next(request, page)
    t.equal(days, ["04", "05", "06", "07", "08"])
    expanded = calls.list(calendarId=id, singleEvents=True, orderBy="startTime", timeMin="2026-05-06T00:00:00Z").execute()
    t.equal([item["recurringEventId"] for item in expanded["items"]], [series["id"]] * 3)


@each_way("lists of calendars, rules and settings are read page by page")
def other_pages(t: Assertions, api: Session) -> None:
    id = api.calendar()
    for name in "abc":
        api.service.acl().insert(calendarId=id, body={"role": "reader", "scope": {"type": "user", "value": f"{name}@example.org"}}).execute()
    for calls, parameters in (
        (api.service.calendarList(), {}),
        (api.service.acl(), {"calendarId": id}),
        (api.service.settings(), {}),
    ):
        everything = calls.list(**parameters).execute()["items"]
        request, found = calls.list(**parameters, maxResults=2), []
        while request is not None:
            page = request.execute()
            found += page["items"]
            request = calls.list_next(request, page)
        t.equal((found, len(found) > 2), (everything, True))


@each_way("settings, colours and free/busy times are read")
def reads(t: Assertions, api: Session) -> None:
    t.has(api.service.settings().get(setting="timezone").execute(), kind="calendar#setting", id="timezone", value="UTC")
    colors = api.service.colors().get().execute()
    t.equal((colors["kind"], len(colors["event"]), len(colors["calendar"])), ("calendar#colors", 11, 24))
    id = api.calendar()
    api.event(id)
    body = {"timeMin": "2026-05-04T00:00:00Z", "timeMax": "2026-05-05T00:00:00Z", "items": [{"id": id}, {"id": "none@example.org"}]}
    busy = api.service.freebusy().query(body=body).execute()["calendars"]
    t.equal(busy[id], {"busy": [{"start": "2026-05-04T07:00:00Z", "end": "2026-05-04T08:00:00Z"}]})
    t.equal(busy["none@example.org"]["errors"], [{"domain": "global", "reason": "notFound"}])


@each_way("channels are opened on every resource, notified and stopped")
def channels(t: Assertions, api: Session) -> None:
    id = api.calendar()
    watched = {
        "events": api.service.events().watch,
        "acl": api.service.acl().watch,
        "calendarList": api.service.calendarList().watch,
        "settings": api.service.settings().watch,
    }
    for resource, watch in watched.items():
        with Receiver() as receiver:
            body = {"id": str(uuid4()), "type": "web_hook", "address": receiver.address, "token": resource}
            channel = watch(body=body, **({"calendarId": id} if resource in ("events", "acl") else {})).execute()
            t.has(channel, kind="api#channel", id=body["id"], token=resource)
            t.has(receiver.next(), **{"x-goog-resource-state": "sync", "x-goog-channel-token": resource, "x-goog-message-number": "1"})
            if resource == "events":
                api.event(id)
                t.has(receiver.next(), **{"x-goog-resource-state": "exists", "x-goog-resource-id": channel["resourceId"]})
            stop = {"id": channel["id"], "resourceId": channel["resourceId"]}
            t.equal(api.service.channels().stop(body=stop).execute(), "")


@each_way("every method of the API was called with success")
def completeness(t: Assertions, api: Session) -> None:
    document = api.service._rootDesc
    methods = {method["id"] for resource in document["resources"].values() for method in resource["methods"].values()}
    t.equal(len(methods), 38)
    way = next(way for way in WAYS if way.split()[-1] in api.user)
    t.equal(sorted(methods - called[way]), [])

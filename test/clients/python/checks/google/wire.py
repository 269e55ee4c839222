"""The surface below the methods: formats, partial responses, long queries, discovery."""

import json

from google.auth.transport.requests import AuthorizedSession
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError, UnknownApiNameOrVersion

from checks.emulator import URL, requests
from checks.google.service import discovered, discovered_by_version, static, suite, timed
from checks.tap import Assertions

USER = "wire@example.com"


@suite.check("alt=json is the one format, and other media types are refused")
def formats(t: Assertions) -> None:
    session = AuthorizedSession(Credentials(USER))
    path = f"{URL}/calendar/v3/calendars/primary"
    answer = session.get(path, params={"alt": "json"})
    t.equal((answer.status_code, answer.headers["Content-Type"]), (200, "application/json; charset=UTF-8"))
    for alt in ("media", "csv", "proto"):
        answer = session.get(path, params={"alt": alt})
        t.equal((answer.status_code, answer.json()["error"]["errors"][0]["reason"]), (400, "badRequest"))


@suite.check("prettyPrint=false is answered without indentation")
def pretty_print(t: Assertions) -> None:
    calendars = static(USER).calendars()
    session = AuthorizedSession(Credentials(USER))
    indented = session.get(calendars.get(calendarId="primary").uri).text
    compact = session.get(calendars.get(calendarId="primary", prettyPrint=False).uri).text
    t.equal(json.loads(indented), json.loads(compact))
    t.true('\n "kind"' in indented, indented)
    t.equal("\n" in compact.strip(), False)


@suite.check("fields selects a part of the answer, and an unknown field is an error")
def fields(t: Assertions) -> None:
    events = static(USER).events()
    made = events.insert(calendarId="primary", body=timed("09:00", "10:00", summary="Plan")).execute()
    at = {"calendarId": "primary", "eventId": made["id"]}
    t.equal(events.get(**at, fields="summary,start/timeZone").execute(), {"summary": "Plan", "start": {"timeZone": "Europe/Zurich"}})
    page = events.list(calendarId="primary", fields="items(id,end(timeZone))").execute()
    t.equal(page, {"items": [{"id": made["id"], "end": {"timeZone": "Europe/Zurich"}}]})
    error = t.raises(HttpError, events.get(**at, fields="sumary").execute)
    t.equal((error.status_code, error.error_details[0]["reason"]), (400, "invalidParameter"))


@suite.check("quotaUser and parameters that repeat are taken")
def parameters(t: Assertions) -> None:
    events = static(USER).events()
    for kind in ("a", "b"):
        properties = {"private": {"kind": kind, "wire": "yes"}}
        events.insert(calendarId="primary", body=timed("12:00", "13:00", summary=kind, extendedProperties=properties)).execute()
    found = events.list(
        calendarId="primary",
        privateExtendedProperty=["wire=yes", "kind=b"],
        eventTypes=["default", "focusTime"],
        quotaUser="someone",
    ).execute()
    t.equal([item["summary"] for item in found["items"]], ["b"])


@suite.check("a query that is too long for a URL is sent as a form")
def long_query(t: Assertions) -> None:
    user = "long-query@example.com"
    events = static(user).events()
    events.insert(calendarId="primary", body=timed("09:00", "10:00", description="word " * 500)).execute()
    found = events.list(calendarId="primary", q="word " * 500).execute()
    t.equal(len(found["items"]), 1)
    (entry,) = requests(user=user, method="calendar.events.list")
    t.has(entry, httpMethod="GET", status=200)


@suite.check("discovery names the emulator as root, with the methods that it serves")
def discovery(t: Assertions) -> None:
    for service in (discovered(USER), discovered_by_version(USER)):
        document = service._rootDesc
        t.has(document, rootUrl=f"{URL}/", servicePath="calendar/v3/", batchPath="batch/calendar/v3", id="calendar:v3")
        t.equal(service.calendars().get(calendarId="primary").execute()["id"], USER)


@suite.check("discovery has no other API, and no other version")
def unknown_api(t: Assertions) -> None:
    address = f"{URL}/discovery/v1/apis/{{api}}/{{apiVersion}}/rest"
    for name, version in (("calendar", "v4"), ("drive", "v3")):
        t.raises(
            UnknownApiNameOrVersion,
            lambda: build(name, version, discoveryServiceUrl=address, static_discovery=False, credentials=Credentials(USER)),
        )

"""Google's errors, as the client raises them, and conditional requests."""

from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import HttpRequest

from checks.emulator import URL, control
from checks.google.service import static, suite, timed
from checks.tap import Assertions

USER = "errors@example.com"


def _refusal(t: Assertions, request: HttpRequest) -> tuple[int, str, str]:
    """Returns the status, the reason and the message of the error that a request ends with."""
    error = t.raises(HttpError, request.execute)
    (detail,) = error.error_details
    return error.status_code, detail["reason"], error.reason


@suite.check("errors have Google's status, reason and message")
def refusals(t: Assertions) -> None:
    events = static(USER).events()
    made = events.insert(calendarId="primary", body=timed("09:00", "10:00", id="aaaaa")).execute()
    primary = {"calendarId": "primary"}
    once = {"timeMin": "2026-05-04T00:00:00Z", "timeMax": "2026-05-04T00:00:00Z"}
    expected = [
        (events.get(**primary, eventId="bbbbb"), (404, "notFound", "Not Found")),
        (events.list(calendarId="none@example.org"), (404, "notFound", "Not Found")),
        (events.insert(**primary, body=made), (409, "duplicate", "The requested identifier already exists.")),
        (events.list(**primary, **once), (400, "timeRangeEmpty", "The specified time range is empty.")),
        (events.insert(**primary, body={"start": {"date": "2026-05-04"}}), (400, "required", "Missing end time.")),
    ]
    for request, refusal in expected:
        t.equal(_refusal(t, request), refusal)
    events.delete(**primary, eventId="aaaaa").execute()
    t.equal(_refusal(t, events.delete(**primary, eventId="aaaaa")), (410, "deleted", "Resource has been deleted"))


@suite.check("a sync token that has expired is 410 fullSyncRequired")
def expired_token(t: Assertions) -> None:
    user = "expired@example.com"
    events = static(user).events()
    token = events.list(calendarId="primary").execute()["nextSyncToken"]
    t.equal(events.list(calendarId="primary", syncToken=token).execute()["items"], [])
    control("POST", "expire-sync-tokens", {"resource": "events", "calendarId": user})
    expired = (410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.")
    t.equal(_refusal(t, events.list(calendarId="primary", syncToken=token)), expired)


@suite.check("a caller without access is 403, one without credentials 401")
def access(t: Assertions) -> None:
    service = static(USER)
    id = service.calendars().insert(body={"summary": "Ours"}).execute()["id"]
    rule = {"role": "reader", "scope": {"type": "user", "value": "reader@example.com"}}
    service.acl().insert(calendarId=id, body=rule).execute()
    write = static("reader@example.com").events().insert(calendarId=id, body=timed("09:00", "10:00"))
    t.equal(_refusal(t, write)[:2], (403, "requiredAccessLevel"))
    options = {"api_endpoint": f"{URL}/calendar/v3/"}
    anonymous = build("calendar", "v3", developerKey="key", client_options=options)
    t.equal(_refusal(t, anonymous.calendarList().list())[:2], (401, "required"))
    bad = build("calendar", "v3", credentials=Credentials("not-a-token"), client_options=options)
    # The client would refresh such credentials if they could be refreshed.
    error = t.raises(Exception, bad.calendarList().list().execute)
    t.equal(type(error).__name__, "RefreshError")


@suite.check("a public calendar is read with an API key alone")
def api_key(t: Assertions) -> None:
    service = static(USER)
    id = service.calendars().insert(body={"summary": "Public"}).execute()["id"]
    service.events().insert(calendarId=id, body=timed("09:00", "10:00", summary="Open")).execute()
    service.acl().insert(calendarId=id, body={"role": "reader", "scope": {"type": "default"}}).execute()
    public = build("calendar", "v3", developerKey="key", client_options={"api_endpoint": f"{URL}/calendar/v3/"})
    t.equal([item["summary"] for item in public.events().list(calendarId=id).execute()["items"]], ["Open"])
    private = service.calendars().insert(body={"summary": "Private"}).execute()["id"]
    t.equal(_refusal(t, public.events().list(calendarId=private))[:2], (404, "notFound"))


@suite.check("If-None-Match is answered 304 while nothing has changed")
def not_modified(t: Assertions) -> None:
    events = static(USER).events()
    made = events.insert(calendarId="primary", body=timed("09:00", "10:00")).execute()
    request = events.get(calendarId="primary", eventId=made["id"])
    request.headers["If-None-Match"] = made["etag"]
    t.equal(t.raises(HttpError, request.execute).status_code, 304)
    changed = events.patch(calendarId="primary", eventId=made["id"], body={"summary": "New"}).execute()
    request = events.get(calendarId="primary", eventId=made["id"])
    request.headers["If-None-Match"] = made["etag"]
    t.equal(request.execute()["etag"], changed["etag"])


@suite.check("If-Match is answered 412 once something has changed")
def precondition(t: Assertions) -> None:
    events = static(USER).events()
    made = events.insert(calendarId="primary", body=timed("09:00", "10:00")).execute()
    at = {"calendarId": "primary", "eventId": made["id"]}
    for number, (change, ends) in enumerate(((events.patch, None), (events.update, 412), (events.delete, 412))):
        body = {} if change == events.delete else {"body": timed("09:00", "10:00", summary=f"Change {number}")}
        request = change(**at, **body)
        request.headers["If-Match"] = made["etag"]
        if ends is None:
            t.equal(request.execute()["summary"], "Change 0")
        else:
            t.equal(_refusal(t, request), (412, "conditionNotMet", "Precondition Failed"))
    t.has(events.get(**at).execute(), summary="Change 0", status="confirmed")

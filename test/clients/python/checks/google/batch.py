"""Batches: many calls in one request."""

from googleapiclient.errors import HttpError
from googleapiclient.http import BatchHttpRequest

from checks.emulator import URL
from checks.google.service import discovered, static, suite, timed
from checks.tap import Assertions


class Answers:
    """Collects the answers and errors of a batch by the id of their call."""

    def __init__(self) -> None:
        self.bodies: dict[str, dict] = {}
        self.errors: dict[str, HttpError] = {}

    def __call__(self, id: str, body: dict | None, error: HttpError | None) -> None:
        if error is None:
            self.bodies[id] = body
        else:
            self.errors[id] = error


@suite.check("a batch goes to the address of the discovery document")
def by_discovery(t: Assertions) -> None:
    service, answers = discovered("batch@example.com"), Answers()
    batch = service.new_batch_http_request(callback=answers)
    for number in range(20):
        batch.add(service.events().insert(calendarId="primary", body=timed("09:00", "10:00", summary=f"Plan {number}")))
    batch.execute()
    t.equal([answers.bodies[str(number + 1)]["summary"] for number in range(20)], [f"Plan {number}" for number in range(20)])
    t.equal(len(service.events().list(calendarId="primary").execute()["items"]), 20)


@suite.check("a batch has answers and errors, each for its own call, in any method")
def mixed(t: Assertions) -> None:
    service, answers = static("batch-mixed@example.com"), Answers()
    events = service.events()
    made = events.insert(calendarId="primary", body=timed("09:00", "10:00")).execute()
    at = {"calendarId": "primary", "eventId": made["id"]}
    other = events.insert(calendarId="primary", body=timed("09:00", "10:00")).execute()
    batch = BatchHttpRequest(callback=answers, batch_uri=f"{URL}/batch/calendar/v3")
    batch.add(events.patch(**at, body={"summary": "Patched"}), request_id="patch")
    batch.add(events.get(calendarId="primary", eventId="none0"), request_id="none")
    batch.add(events.delete(calendarId="primary", eventId=other["id"]), request_id="delete")
    batch.add(service.colors().get(), request_id="colors")
    batch.add(events.list(calendarId="primary", q="ünï & more"), request_id="list")
    batch.execute()
    t.equal(answers.bodies["patch"]["summary"], "Patched")
    t.equal((answers.bodies["colors"]["kind"], answers.bodies["list"]["items"]), ("calendar#colors", []))
    t.equal(set(answers.errors), {"none"})
    t.equal((answers.errors["none"].status_code, answers.errors["none"].error_details[0]["reason"]), (404, "notFound"))
    t.has(events.get(calendarId="primary", eventId=other["id"]).execute(), status="cancelled")


@suite.check("a call in a batch is refused by its own precondition")
def precondition(t: Assertions) -> None:
    service, answers = discovered("batch-etag@example.com"), Answers()
    events = service.events()
    made = events.insert(calendarId="primary", body=timed("09:00", "10:00")).execute()
    batch = service.new_batch_http_request(callback=answers)
    for id, etag in (("good", made["etag"]), ("bad", '"0"')):
        request = events.patch(calendarId="primary", eventId=made["id"], body={"summary": id})
        request.headers["If-Match"] = etag
        batch.add(request, request_id=id)
    batch.execute()
    t.equal(answers.bodies["good"]["summary"], "good")
    t.equal(answers.errors["bad"].status_code, 412)

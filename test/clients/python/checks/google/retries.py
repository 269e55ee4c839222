"""What `num_retries` repeats: https://googleapis.github.io/google-api-python-client/docs/"""

import random

from googleapiclient.errors import HttpError

from checks.emulator import fault, requests
from checks.google.service import static, suite, timed
from checks.tap import Assertions

# The client waits for `random() * 2 ** attempt` seconds. With this seed, the first two waits together take less than 20 ms.
QUICK = 4278


def _user(name: str) -> dict[str, str]:
    return {"user": f"retries-{name}@example.com"}


@suite.check("num_retries repeats 429, 503, and 403 of a rate limit until the request succeeds")
def repeated(t: Assertions) -> None:
    failures = [
        {"status": 429},
        {"status": 503},
        {"status": 500},
        {"status": 403, "reason": "rateLimitExceeded"},
        {"status": 403, "reason": "userRateLimitExceeded"},
    ]
    for number, failure in enumerate(failures):
        user = _user(f"repeated-{number}")
        with fault({"do": "fail", **failure}, times=2, **user, method="calendar.events.list") as acted:
            random.seed(QUICK)
            page = static(user["user"]).events().list(calendarId="primary").execute(num_retries=2)
            t.equal((page["kind"], acted()), ("calendar#events", 2))
        t.equal([entry["status"] for entry in requests(**user)], [failure["status"]] * 2 + [200])


@suite.check("num_retries gives up with the last error")
def given_up(t: Assertions) -> None:
    user = _user("given-up")
    with fault({"do": "fail", "status": 503}, times=3, **user) as acted:
        random.seed(QUICK)
        request = static(user["user"]).events().list(calendarId="primary")
        error = t.raises(HttpError, lambda: request.execute(num_retries=1))
        t.equal((error.status_code, error.error_details[0]["reason"], acted()), (503, "backendError", 2))


@suite.check("num_retries does not repeat other refusals")
def not_repeated(t: Assertions) -> None:
    for status, reason in ((403, "forbidden"), (404, "notFound"), (403, "quotaExceeded"), (400, "badRequest")):
        user = _user(f"not-repeated-{status}-{reason}")
        with fault({"do": "fail", "status": status, "reason": reason}, times=5, **user) as acted:
            request = static(user["user"]).events().list(calendarId="primary")
            error = t.raises(HttpError, lambda: request.execute(num_retries=3))
            t.equal((error.status_code, error.error_details[0]["reason"], acted()), (status, reason, 1))


@suite.check("a connection that is lost after an insert is repeated, and answered 409")
def lost_answer(t: Assertions) -> None:
    user = _user("lost-answer")
    events = static(user["user"]).events()
    with fault({"do": "hangUp", "when": "after"}, **user, method="calendar.events.insert") as acted:
        insert = events.insert(calendarId="primary", body=timed("09:00", "10:00", id="aaaaa"))
        random.seed(QUICK)
        error = t.raises(HttpError, lambda: insert.execute(num_retries=1))
        t.equal((error.status_code, acted()), (409, 1))
    t.has(events.get(calendarId="primary", eventId="aaaaa").execute(), status="confirmed")

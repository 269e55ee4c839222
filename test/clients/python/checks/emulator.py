"""The emulator's own control routes: faults, clock, expired tokens."""

import json
import os
from contextlib import contextmanager
from urllib.parse import urlencode
from urllib.request import Request, urlopen

URL = os.environ["CALENDAR_EMULATOR_URL"]


def control(method: str, path: str, body: object = None) -> dict:
    """Calls a control route: https://www.npmjs.com/package/google-calendar-emulator"""
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"{URL}/emulator/{path}", data, {"Content-Type": "application/json"}, method=method)
    with urlopen(request) as response:
        return json.load(response)


@contextmanager
def fault(effect: dict, times: int = 1, **match: str):
    """Makes matching requests fail while the block runs. Yields a function that returns how many did."""
    rule = {"on": "request", "match": match, "times": times, "effect": effect}
    (id,) = control("POST", "faults", rule)["ids"]
    try:
        yield lambda: next(rule["acted"] for rule in control("GET", "faults") if rule["id"] == id)
    finally:
        control("DELETE", f"faults?id={id}")


def requests(**fields: str) -> list[dict]:
    """Returns the requests that the emulator has served with these fields, such as `user` and `method`."""
    return control("GET", f"journal?{urlencode({'kind': 'request', **fields})}")["requests"]

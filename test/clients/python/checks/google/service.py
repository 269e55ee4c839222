"""The ways in which the client is pointed at the emulator."""

from google.oauth2.credentials import Credentials
from googleapiclient.discovery import Resource, build
from googleapiclient.http import HttpRequest

from checks.emulator import URL
from checks.tap import Suite

suite = Suite("google-api-python-client")


def static(user: str, request: type[HttpRequest] = HttpRequest) -> Resource:
    """Returns a service from the definition that the package brings along."""
    options = {"api_endpoint": f"{URL}/calendar/v3/"}
    return build("calendar", "v3", credentials=Credentials(user), client_options=options, requestBuilder=request)


def discovered(user: str, request: type[HttpRequest] = HttpRequest) -> Resource:
    """Returns a service from the definition that the emulator serves. `build` itself reads it."""
    address = f"{URL}/discovery/v1/apis/{{api}}/{{apiVersion}}/rest"
    return _by_discovery(user, address, request)


def discovered_by_version(user: str) -> Resource:
    """Returns a service by the other address at which Google serves definitions."""
    return _by_discovery(user, f"{URL}/$discovery/rest?version={{apiVersion}}", HttpRequest)


def _by_discovery(user: str, address: str, request: type[HttpRequest]) -> Resource:
    return build(
        "calendar",
        "v3",
        credentials=Credentials(user),
        discoveryServiceUrl=address,
        static_discovery=False,
        cache_discovery=False,
        requestBuilder=request,
    )


WAYS = {"static discovery": static, "the emulator's discovery document": discovered}


def timed(start: str, end: str, **fields: object) -> dict:
    """Returns an event on 4 May 2026 in Zurich."""
    times = {"start": start, "end": end}
    return {
        **{name: {"dateTime": f"2026-05-04T{at}:00", "timeZone": "Europe/Zurich"} for name, at in times.items()},
        **fields,
    }

"""The calendar of the emulator, over HTTP."""

import json
import os
from http.client import HTTPConnection
from urllib.parse import quote, urlencode, urlsplit


class Rejected(Exception):
    """An answer other than success."""

    def __init__(self, status: int, error: dict) -> None:
        super().__init__(error["message"])
        self.status = status
        self.reason = error["errors"][0]["reason"]


class Calendar:
    """One calendar of one user."""

    def __init__(self, user: str) -> None:
        root = urlsplit(os.environ["CALENDAR_EMULATOR_URL"])
        self._connection = HTTPConnection(root.hostname, root.port)
        self._headers = {"Authorization": f"Bearer {user}", "Content-Type": "application/json"}
        self.path = f"/calendar/v3/calendars/{quote(user)}/events"

    def call(self, method: str, path: str, body: dict | None = None) -> dict:
        """Sends a request. Raises `Rejected` for any answer but success."""
        self._connection.request(method, path, body and json.dumps(body), self._headers)
        response = self._connection.getresponse()
        text = response.read()
        if response.status >= 300:
            raise Rejected(response.status, json.loads(text)["error"])
        return json.loads(text) if text else {}

    def insert(self, body: dict) -> None:
        self.call("POST", self.path, body)

    def patch(self, id: str, body: dict) -> None:
        self.call("PATCH", f"{self.path}/{quote(id)}", body)

    def delete(self, id: str) -> None:
        self.call("DELETE", f"{self.path}/{quote(id)}")

    def instances(self, id: str, **parameters: str) -> list[dict]:
        return self._pages(f"{self.path}/{quote(id)}/instances", parameters)

    def events(self, **parameters: str) -> list[dict]:
        return self._pages(self.path, parameters)

    def _pages(self, path: str, parameters: dict[str, str]) -> list[dict]:
        items: list[dict] = []
        query = {"maxResults": "2500", **parameters}
        while True:
            page = self.call("GET", f"{path}?{urlencode(query)}")
            items += page["items"]
            if "nextPageToken" not in page:
                return items
            query["pageToken"] = page["nextPageToken"]

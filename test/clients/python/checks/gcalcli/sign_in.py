"""Signing in by `gcalcli init`: consent, code, token, refresh, and what happens when consent is revoked."""

from checks.emulator import control, requests
from checks.gcalcli.program import CLIENT, Home, suite
from checks.tap import Assertions


@suite.check("init signs a user in by the consent page, and a token that has expired is refreshed")
def init(t: Assertions) -> None:
    home = Home("init-gcalcli@example.com")
    t.true("Successfully loaded credentials" in home.sign_in())
    t.true("owner  init-gcalcli@example.com" in home.run("list"))
    (grant,) = control("GET", f"oauth/grants?user={home.user}")
    t.has(grant, clientId=CLIENT[0], scopes=["https://www.googleapis.com/auth/calendar"], refreshTokens=1)
    control("POST", "oauth/expire-tokens", {"user": home.user})
    t.true("owner  init-gcalcli@example.com" in home.run("--refresh", "list"))
    t.equal([entry["status"] for entry in requests(method="calendar.calendarList.list", user=home.user)], [200, 200])
    t.equal(control("POST", "oauth/revoke", {"user": home.user}), {"revoked": 1})
    t.true("invalid_grant" in home.run("--refresh", "list", code=1))


@suite.check("init fails when the user denies consent")
def denied(t: Assertions) -> None:
    t.true("access_denied" in Home("denied-gcalcli@example.com").sign_in("deny"))

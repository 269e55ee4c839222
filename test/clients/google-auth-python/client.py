"""Google's own library for signing in, with nothing changed but the token endpoint."""

import os
from datetime import datetime, timedelta, timezone

import requests
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2 import id_token, service_account
from google.oauth2.credentials import Credentials

from browser import consent
from tap import check, end, equal, fails

URL = os.environ["CALENDAR_EMULATOR_URL"]
EVENTS = "https://www.googleapis.com/auth/calendar.events"
READONLY = "https://www.googleapis.com/auth/calendar.readonly"
PRIMARY = URL + "/calendar/v3/calendars/primary"
CLIENT = "app.apps.googleusercontent.com"
REDIRECT = "http://localhost:8085/"
ADA = "ada@example.com"
BEN = "ben@example.com"
SERVICE_ACCOUNT = "sync@demo-project.iam.gserviceaccount.com"


def control(path, **body):
    """Calls a control route of the emulator."""
    answer = requests.post(f"{URL}/emulator/oauth/{path}", json=body)
    answer.raise_for_status()
    return answer.json()


def ask(user, scopes, **parameters):
    """Asks a user for consent. Returns what the application is sent."""
    asked = {"client_id": CLIENT, "redirect_uri": REDIRECT, "response_type": "code", "scope": " ".join(scopes)}
    asked.update({"access_type": "offline", "prompt": "consent"})
    return consent(URL + "/o/oauth2/auth", user, **{**asked, **parameters})


def exchange(code):
    """Redeems a code, for which the library has no function."""
    form = {"grant_type": "authorization_code", "code": code, "client_id": CLIENT, "redirect_uri": REDIRECT}
    return requests.post(URL + "/token", data=form).json()


def credentials(tokens, scopes=None, **change):
    """Returns the library's credentials of a user."""
    return Credentials(
        **{
            "token": tokens["access_token"],
            "refresh_token": tokens["refresh_token"],
            "token_uri": URL + "/token",
            "client_id": CLIENT,
            "client_secret": "GOCSPX-1",
            "scopes": scopes,
            **change,
        }
    )


def sign_in(user=ADA, scopes=(READONLY,)):
    """Returns the tokens of a user who consents."""
    return exchange(ask(user, scopes)["code"])


def calls_as_a_user():
    """calls the API as the user who consented"""
    session = AuthorizedSession(credentials(sign_in()))
    equal(session.get(PRIMARY).json()["id"], ADA)


check(calls_as_a_user)


def refreshes():
    """refreshes an access token"""
    tokens = sign_in()
    held = credentials(tokens)
    held.refresh(Request())
    equal(held.token.startswith("ya29."), True)
    equal(held.token == tokens["access_token"], False)
    left = held.expiry.replace(tzinfo=timezone.utc) - datetime.now(timezone.utc)
    equal(timedelta(minutes=50) < left < timedelta(hours=1), True)


check(refreshes)


def starts_with_a_refresh_token():
    """needs no more than a refresh token"""
    session = AuthorizedSession(credentials(sign_in(), token=None))
    equal(session.get(PRIMARY).json()["id"], ADA)


check(starts_with_a_refresh_token)


def replaces_a_rejected_token():
    """replaces an access token that the server no longer accepts"""
    held = credentials(sign_in())
    control("expire-tokens", user=ADA)
    equal(AuthorizedSession(held).get(PRIMARY).json()["id"], ADA)


check(replaces_a_rejected_token)


def learns_of_a_revoked_consent():
    """raises RefreshError with invalid_grant after the user has withdrawn consent"""
    held = credentials(sign_in(BEN))
    control("revoke", user=BEN)
    fails(lambda: held.refresh(Request()), RefreshError, "invalid_grant", "Token has been expired or revoked.")
    fails(lambda: AuthorizedSession(held).get(PRIMARY), RefreshError, "invalid_grant")


check(learns_of_a_revoked_consent)


def is_denied():
    """gets no code where the user denies"""
    answer = consent(
        URL + "/o/oauth2/auth",
        ADA,
        decision="deny",
        client_id=CLIENT,
        redirect_uri=REDIRECT,
        response_type="code",
        scope=READONLY,
        prompt="consent",
        state="1",
    )
    equal((answer.get("error"), answer.get("code"), answer["state"]), ("access_denied", None, "1"))


check(is_denied)


def fails_with_a_wrong_secret():
    """raises RefreshError with invalid_client for a wrong secret"""
    control("clients", clientId="web", clientSecret="GOCSPX-web", redirectUris=[REDIRECT])
    held = credentials(sign_in(), client_id="web", client_secret="wrong")
    fails(lambda: held.refresh(Request()), RefreshError, "invalid_client")


check(fails_with_a_wrong_secret)


def enforces_scopes():
    """is refused what its scopes do not allow"""
    session = AuthorizedSession(credentials(sign_in(scopes=(EVENTS,))))
    equal(session.get(PRIMARY + "/events").status_code, 200)
    answer = session.get(PRIMARY)
    equal((answer.status_code, answer.json()["error"]["status"]), (403, "PERMISSION_DENIED"))


check(enforces_scopes)


def verifies_an_id_token():
    """verifies an ID token with the published certificates"""
    token = sign_in(scopes=("openid", "email", "profile"))["id_token"]
    certificates = URL + "/oauth2/v1/certs"
    claims = id_token.verify_token(token, Request(), audience=CLIENT, certs_url=certificates)
    equal((claims["email"], claims["iss"], claims["name"]), (ADA, "https://accounts.google.com", "Ada"))
    fails(lambda: id_token.verify_token(token, Request(), audience="other", certs_url=certificates), ValueError)
    head, _, signature = token.split(".")
    forged = f"{head}.{token.split('.')[1][:-2]}AA.{signature}"
    fails(lambda: id_token.verify_token(forged, Request(), certs_url=certificates), ValueError)


check(verifies_an_id_token)

key = control("service-accounts", email=SERVICE_ACCOUNT, delegation={"example.com": [READONLY]})
account = service_account.Credentials.from_service_account_info(key, scopes=[READONLY])


def signs_a_service_account_in():
    """signs a service account in with its key file"""
    equal(account.service_account_email, SERVICE_ACCOUNT)
    equal(AuthorizedSession(account).get(PRIMARY).json()["id"], SERVICE_ACCOUNT)


check(signs_a_service_account_in)


def acts_for_a_user():
    """lets a service account act for a user by delegation"""
    equal(AuthorizedSession(account.with_subject(ADA)).get(PRIMARY).json()["id"], ADA)


check(acts_for_a_user)


def is_not_delegated():
    """raises RefreshError with unauthorized_client for what the domain has not delegated"""
    for refused in (account.with_subject(ADA).with_scopes([EVENTS]), account.with_subject("eve@other.example")):
        fails(lambda: refused.refresh(Request()), RefreshError, "unauthorized_client")


check(is_not_delegated)


def needs_its_own_key():
    """raises RefreshError with invalid_grant for the key of another account"""
    other = control("service-accounts", email="other@demo-project.iam.gserviceaccount.com")
    forged = {**key, "private_key": other["private_key"]}
    refused = service_account.Credentials.from_service_account_info(forged, scopes=[READONLY])
    fails(lambda: refused.refresh(Request()), RefreshError, "invalid_grant", "Invalid JWT Signature.")


check(needs_its_own_key)

end()

"""A browser without a screen: opens the consent page, presses a button, and follows the form to the application."""

from html.parser import HTMLParser
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import requests


class Form(HTMLParser):
    """Collects what a form sends if nothing on it is changed."""

    def __init__(self, page):
        super().__init__()
        self.action = None
        self.fields = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.action = given["action"]
        elif tag == "input" and "name" in given:
            if given["type"] not in ("radio", "checkbox") or "checked" in given:
                self.fields.append((given["name"], given.get("value", "")))


def consent(url, user, decision="allow", **parameters):
    """Asks for consent and answers the form. Returns the parameters that the application is sent."""
    opened = requests.get(url + "?" + urlencode(parameters), allow_redirects=False)
    if opened.status_code == 302:
        return query_of(opened)
    form = Form(opened.text)
    fields = [(name, value) for name, value in form.fields if name != "user"]
    fields += [("user", user), ("decision", decision)]
    return query_of(requests.post(urljoin(url, form.action), data=fields, allow_redirects=False))


def query_of(response):
    """Returns the parameters in the address that a browser is sent to."""
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["location"]).query).items()}

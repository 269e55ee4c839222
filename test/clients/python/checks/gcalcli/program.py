"""Runs the installed command. It takes no endpoint: it reaches the emulator through the proxy."""

import csv
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import ProxyHandler, build_opener, urlopen

from checks.emulator import URL
from checks.tap import Suite

suite = Suite("gcalcli")
CLIENT = ("gcalcli-client", "gcalcli-secret")
PROGRAM = str(Path(sys.executable).with_name("gcalcli"))


class Home:
    """The home folder of one user of gcalcli. What `init` signs in stays there."""

    def __init__(self, user: str) -> None:
        self.user = user
        folder = mkdtemp(prefix="gcalcli-", dir=Path(os.environ["SSL_CERT_FILE"]).parent)
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "GCALCLI_"))},
            "HOME": folder,
            "TMPDIR": folder,
            "TZ": "UTC",
            "PYTHONUNBUFFERED": "1",
        }

    def run(self, *arguments: str, typed: str = "", code: int = 0) -> str:
        """Runs a command to its end and returns what it prints. Raises if it ends with another exit code."""
        command = [PROGRAM, "--nocolor", "--lineart", "ascii", *arguments]
        done = subprocess.run(command, input=typed, env=self._environment, text=True, capture_output=True, timeout=120)
        if done.returncode != code:
            raise RuntimeError(f"{arguments} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done.stdout + done.stderr

    def agenda(self, *arguments: str) -> list[dict[str, str]]:
        """Returns the agenda of May 2026, one dictionary for each event."""
        text = self.run("agenda", "--tsv", "--details", "all", *arguments, "2026-05-01", "2026-06-01")
        return list(csv.DictReader(StringIO(text), dialect=csv.excel_tab))

    def sign_in(self, decision: str = "allow") -> str:
        """Runs `init` and answers the consent page that it asks to open. Returns what it prints."""
        command = [PROGRAM, "--client-id", CLIENT[0], "--client-secret", CLIENT[1], "init"]
        process = subprocess.Popen(command, env=self._environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            printed = ""
            for line in process.stdout:
                printed += line
                _, found, rest = line.partition("https://accounts.google.com/")
                if found:
                    _consent(rest.split()[0], self.user, decision)
                    break
            rest, _ = process.communicate(timeout=120)
        finally:
            process.kill()
            process.wait()
        return f"{printed}{rest}"


def _consent(path: str, user: str, decision: str) -> None:
    """Does what a user's browser does, on the emulator's own address: opens the page, sends its form and goes where that leads."""
    direct = build_opener(ProxyHandler({}))
    with direct.open(f"{URL}/{path}") as page:
        id = page.read().decode().split('name="id" value="')[1].split('"')[0]
    form = urlencode({"id": id, "user": "other", "address": user, "scope": _scope(path), "decision": decision})
    with direct.open(f"{URL}/o/oauth2/v2/auth/decision", form.encode()) as landed:
        landed.read()


def _scope(path: str) -> str:
    return parse_qs(urlsplit(path).query)["scope"][0]

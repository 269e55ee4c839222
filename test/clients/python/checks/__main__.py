"""Prints the result of every check as TAP. `CALENDAR_EMULATOR_URL` is the emulator."""

import importlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from checks.proxy import GoogleProxy, use
from checks.tap import run

CLIENTS = ["google", "sync", "gcsa", "gcalcli"]

with TemporaryDirectory(prefix="calendar-checks-") as folder:
    use(GoogleProxy(Path(folder)))
    # Imported only now, with the variables of the proxy.
    suites = [importlib.import_module(f"checks.{name}").suite for name in sys.argv[1:] or CLIENTS]
    code = run(suites)
sys.exit(code)

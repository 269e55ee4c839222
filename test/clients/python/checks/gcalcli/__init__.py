"""gcalcli, Google Calendar on the command line: https://github.com/insanum/gcalcli"""

from checks.gcalcli import commands, sign_in
from checks.gcalcli.program import suite

__all__ = ["commands", "sign_in", "suite"]

"""Prints the result of every comparison as TAP. `CALENDAR_EMULATOR_URL` is the emulator."""

import sys

from judge.cases import check_cases
from judge.compare_ical import check_calendars
from judge.compare_rules import check_rules
from judge.tap import Report

report = Report()
check_rules(report)
check_calendars(report)
check_cases(report)
sys.exit(report.end())

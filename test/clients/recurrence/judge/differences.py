"""
The differences between Google Calendar's reading of a recurrence and that of RFC 5545 or of a library. README.md explains each.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time

from judge.series import zone_of, Listed, Series

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def _is_yearly_month_day(rule: dict[str, str], _series: Series) -> bool:
    others = {"BYMONTH", "BYDAY", "BYYEARDAY", "BYWEEKNO"}
    return rule["FREQ"] == "YEARLY" and "BYMONTHDAY" in rule and not others & rule.keys()


def _is_until_date(rule: dict[str, str], series: Series) -> bool:
    return not series.all_day and len(rule.get("UNTIL", "")) == 8


def _is_mixed_byday(rule: dict[str, str], _series: Series) -> bool:
    days = rule.get("BYDAY", "").split(",")
    return rule["FREQ"] in ("MONTHLY", "YEARLY") and len({day in DAYS for day in days}) == 2


def _is_week_number_alone(rule: dict[str, str], _series: Series) -> bool:
    return "BYWEEKNO" in rule and not {"BYDAY", "BYMONTHDAY", "BYYEARDAY"} & rule.keys()


def is_weekly_position(rule: dict[str, str], _series: Series) -> bool:
    return rule["FREQ"] == "WEEKLY" and "BYSETPOS" in rule


def _any_rule(applies: Callable[[dict[str, str], Series], bool]) -> Callable[[Series], bool]:
    return lambda series: any(applies(rule, series) for rule in [*series.rules, *series.exrules])


# The name of each difference, and to which series it may apply.
DIFFERENCES: dict[str, Callable[[Series], bool]] = {
    "first-day": lambda series: True,
    "yearly-month-day": _any_rule(_is_yearly_month_day),
    "until-date": _any_rule(_is_until_date),
    "gap": lambda series: not series.all_day,
    "exdate-date": lambda series: not series.all_day and any(listed.form == "date" for listed in series.exdates),
    "whole-day-time": lambda series: series.all_day
    and any(listed.form != "date" for listed in [*series.exdates, *series.rdates]),
    "rdate-before-start": lambda series: any(listed.at < series.start for listed in series.rdates),
    "mixed-byday": _any_rule(_is_mixed_byday),
    "week-number-alone": _any_rule(_is_week_number_alone),
    "partial-week": _any_rule(is_weekly_position),
}


def rewrite(rule: dict[str, str], series: Series, readings: set[str]) -> dict[str, str]:
    """Returns a rule that means to dateutil what the given rule means to Google."""
    rule = dict(rule)
    if "yearly-month-day" in readings and _is_yearly_month_day(rule, series):
        rule["BYMONTH"] = str(series.start.month)
    if "until-date" in readings and _is_until_date(rule, series):
        day = datetime.strptime(rule["UNTIL"], "%Y%m%d")
        end = datetime.combine(day, time(23, 59, 59), zone_of(series.zone))
        rule["UNTIL"] = f"{end.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    if "week-number-alone" in readings and _is_week_number_alone(rule, series):
        rule["BYDAY"] = DAYS[series.start.weekday()]
    if "mixed-byday" in readings and _is_mixed_byday(rule, series):
        most = 53 if rule["FREQ"] == "YEARLY" and "BYMONTH" not in rule else 5
        rule["BYDAY"] = ",".join(
            nth for day in rule["BYDAY"].split(",") for nth in ([f"{n}{day}" for n in range(1, most + 1)] if day in DAYS else [day])
        )
    return rule


def as_rfc_5545(series: Series) -> list[str]:
    """Returns the lines of a recurrence that mean in RFC 5545 what those of the series mean to Google."""
    return replace(
        series,
        rules=[rewrite(rule, series, set(DIFFERENCES)) for rule in series.rules],
        rdates=[_in_form(series, listed) for listed in series.rdates if listed.at >= series.start],
        exdates=[_in_form(series, listed) for listed in series.exdates],
    ).lines()


def _in_form(series: Series, listed: Listed) -> Listed:
    return replace(listed, form="date") if series.all_day else listed

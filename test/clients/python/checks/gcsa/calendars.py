"""Calendars, the calendar list, access, free/busy times, settings and colours."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gcsa.acl import AccessControlRule, ACLRole, ACLScopeType
from gcsa.calendar import AccessRoles, Calendar, CalendarListEntry, NotificationType
from gcsa.event import Event
from gcsa.free_busy import FreeBusyQueryError
from gcsa.reminders import PopupReminder
from googleapiclient.errors import HttpError

from checks.gcsa.service import calendar, suite
from checks.tap import Assertions

NINE = datetime(2026, 5, 4, 9, tzinfo=ZoneInfo("Europe/Zurich"))


@suite.check("calendars are added, changed, cleared and deleted")
def calendars(t: Assertions) -> None:
    gc = calendar("calendars-gcsa@example.com")
    added = gc.add_calendar(Calendar("Travel", description="Trips", timezone="Asia/Tokyo", location="Japan"))
    t.equal(gc.get_calendar(added.id), added)
    added.summary = "Journeys"
    t.equal(gc.update_calendar(added).summary, "Journeys")
    gc.delete_calendar(added)
    t.equal(t.raises(HttpError, lambda: gc.get_calendar(added.id)).status_code, 404)
    gc.add_event(Event("Gone", start=NINE, timezone="Europe/Zurich"))
    gc.clear()
    t.equal(list(gc.get_events(date(2026, 5, 1), date(2026, 6, 1))), [])


@suite.check("calendars are put on the list, changed and taken from it")
def calendar_list(t: Assertions) -> None:
    owner, reader = calendar("owner-gcsa@example.com"), calendar("reader-gcsa@example.com")
    id = owner.add_calendar(Calendar("Shared")).id
    owner.add_acl_rule(AccessControlRule(role=ACLRole.READER, scope_type=ACLScopeType.USER, scope_value="reader-gcsa@example.com"), calendar_id=id)
    entry = CalendarListEntry(
        id,
        summary_override="Theirs",
        color_id="3",
        default_reminders=[PopupReminder(minutes_before_start=5)],
        notification_types=[NotificationType.EVENT_CREATION, NotificationType.EVENT_CHANGE],
    )
    added = reader.add_calendar_list_entry(entry)
    t.equal((added.summary, added.summary_override, added.color_id, added.access_role), ("Shared", "Theirs", "3", "reader"))
    t.equal(added.notification_types, ["eventCreation", "eventChange"])
    t.equal(reader.get_calendar_list_entry(id), added)
    added.hidden = True
    t.equal(reader.update_calendar_list_entry(added).hidden, True)
    t.equal(id in [each.id for each in reader.get_calendar_list()], False)
    t.equal(id in [each.id for each in reader.get_calendar_list(show_hidden=True)], True)
    owned = reader.get_calendar_list(min_access_role=AccessRoles.OWNER)
    t.equal([(each.id, each.primary) for each in owned], [("reader-gcsa@example.com", True)])
    reader.delete_calendar_list_entry(id)
    t.equal(t.raises(HttpError, lambda: reader.get_calendar_list_entry(id)).status_code, 404)


@suite.check("rules of access are added, changed and deleted")
def acl(t: Assertions) -> None:
    gc = calendar("acl-gcsa@example.com")
    rule = AccessControlRule(role=ACLRole.READER, scope_type=ACLScopeType.USER, scope_value="friend@example.org")
    added = gc.add_acl_rule(rule)
    t.equal((added.role, added.scope_value), ("reader", "friend@example.org"))
    added.role = ACLRole.WRITER
    t.equal(gc.update_acl_rule(added).role, "writer")
    t.equal(gc.get_acl_rule(added.id).role, "writer")
    t.equal({each.id: each.role for each in gc.get_acl_rules()}[added.id], "writer")
    gc.delete_acl_rule(added)
    t.equal({each.id: each.role for each in gc.get_acl_rules(show_deleted=True)}[added.id], "none")


@suite.check("free/busy times are read, with the errors of single calendars")
def free_busy(t: Assertions) -> None:
    user = "busy-gcsa@example.com"
    gc = calendar(user)
    gc.add_event(Event("Busy", start=NINE, timezone="Europe/Zurich"))
    window = {"time_min": NINE.replace(hour=0), "time_max": NINE.replace(day=5)}
    t.equal([(each.start, each.end) for each in gc.get_free_busy(**window)], [(NINE, NINE + timedelta(hours=1))])
    error = t.raises(FreeBusyQueryError, lambda: gc.get_free_busy(["none@example.org", user], **window))
    t.equal(error.calendars_errors["none@example.org"][0]["reason"], "notFound")
    both = gc.get_free_busy(["none@example.org", user], **window, ignore_errors=True)
    t.equal((len(both.calendars[user]), list(both.calendars_errors)), (1, ["none@example.org"]))


@suite.check("settings and colours are read")
def settings(t: Assertions) -> None:
    gc = calendar("settings-gcsa@example.com")
    found = gc.get_settings()
    t.equal((found.timezone, found.locale, found.week_start, found.format24_hour_time), ("UTC", "en", "0", "false"))
    t.equal((len(gc.list_event_colors()), len(gc.list_calendar_colors())), (11, 24))

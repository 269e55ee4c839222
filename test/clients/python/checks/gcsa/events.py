"""Events: single ones, series, guests, and errors."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gcsa.attendee import ResponseStatus
from gcsa.calendar import Calendar
from gcsa.conference import ConferenceSolutionCreateRequest, SolutionType
from gcsa.event import Event, Transparency, Visibility
from gcsa.recurrence import DAILY, MO, WEEKLY, Recurrence
from gcsa.reminders import EmailReminder, PopupReminder
from googleapiclient.errors import HttpError

from checks.emulator import requests
from checks.gcsa.service import calendar, suite
from checks.tap import Assertions

ZURICH = ZoneInfo("Europe/Zurich")
NINE = datetime(2026, 5, 4, 9, tzinfo=ZURICH)
WINDOW = (date(2026, 5, 1), date(2026, 6, 1))


@suite.check("an event is added, read, changed and deleted")
def one_event(t: Assertions) -> None:
    gc = calendar("events-gcsa@example.com")
    added = gc.add_event(
        Event(
            "Lunch",
            start=NINE,
            timezone="Europe/Zurich",
            location="Cafe",
            description="With Ada",
            color_id="5",
            visibility=Visibility.PRIVATE,
            transparency=Transparency.TRANSPARENT,
            reminders=[EmailReminder(minutes_before_start=60), PopupReminder(minutes_before_start=15)],
            extendedProperties={"private": {"team": "a"}},
        )
    )
    found = gc.get_event(added.event_id)
    t.equal((found.summary, found.start, found.end), ("Lunch", NINE, NINE + timedelta(hours=1)))
    t.equal((found.location, found.description, found.color_id, found.visibility), ("Cafe", "With Ada", "5", "private"))
    t.equal((found.transparency, found.other["extendedProperties"]), ("transparent", {"private": {"team": "a"}}))
    t.equal(sorted(each.minutes_before_start for each in found.reminders), [15, 60])
    found.summary, found.end = "Long lunch", NINE + timedelta(hours=3)
    updated = gc.update_event(found)
    t.equal((updated.summary, updated.end), ("Long lunch", NINE + timedelta(hours=3)))
    t.equal([each.summary for each in gc.get_events(*WINDOW)], ["Long lunch"])
    gc.delete_event(updated)
    t.equal(list(gc.get_events(*WINDOW)), [])
    t.equal(gc.get_event(added.event_id).other["status"], "cancelled")


@suite.check("a calendar is indexed by time, ordered and searched")
def lists(t: Assertions) -> None:
    gc = calendar("lists-gcsa@example.com")
    for hour, name in ((3, "c"), (1, "a"), (2, "b")):
        gc.add_event(Event(name, start=NINE + timedelta(hours=hour), timezone="Europe/Zurich"))
    gc.add_event(Event("day", start=date(2026, 5, 20)))
    t.equal([each.summary for each in gc[WINDOW[0] : WINDOW[1] : "startTime"]], ["a", "b", "c", "day"])
    t.equal([each.summary for each in gc.get_events(*WINDOW, order_by="updated")], ["c", "a", "b", "day"])
    t.equal([each.summary for each in gc.get_events(*WINDOW, query="b")], ["b"])
    t.equal([each.start for each in gc.get_events(*WINDOW, query="day")], [date(2026, 5, 20)])
    pages = [each.summary for each in gc.get_events(*WINDOW, maxResults=1)]
    t.equal(sorted(pages), ["a", "b", "c", "day"])


@suite.check("a series recurs, with exceptions")
def series(t: Assertions) -> None:
    gc = calendar("series-gcsa@example.com")
    rule = [Recurrence.rule(freq=DAILY, count=5), Recurrence.exclude_dates([date(2026, 5, 6)])]
    added = gc.add_event(Event("Daily", start=date(2026, 5, 4), recurrence=rule))
    t.equal(added.recurrence, rule)
    days = [4, 5, 7, 8]
    t.equal([each.start for each in gc.get_instances(added, *WINDOW)], [date(2026, 5, day) for day in days])
    instance = list(gc.get_instances(added, *WINDOW))[1]
    instance.summary, instance.start, instance.end = "Moved", date(2026, 5, 15), date(2026, 5, 16)
    gc.update_event(instance)
    gc.delete_event(list(gc.get_instances(added, *WINDOW))[0])
    left = gc.get_events(*WINDOW, single_events=True, order_by="startTime")
    t.equal([(each.summary, each.start.day) for each in left], [("Daily", 7), ("Daily", 8), ("Moved", 15)])


@suite.check("a timed series recurs in its zone")
def timed_series(t: Assertions) -> None:
    gc = calendar("timed-gcsa@example.com")
    mondays = Recurrence.rule(freq=WEEKLY, by_week_day=MO, until=datetime(2026, 11, 16))
    added = gc.add_event(Event("Weekly", start=datetime(2026, 10, 5, 9), timezone="Europe/Zurich", recurrence=mondays))
    found = list(gc.get_instances(added, date(2026, 10, 1), date(2026, 12, 1)))
    t.equal([each.start.day for each in found], [5, 12, 19, 26, 2, 9])
    t.equal({each.start.astimezone(ZURICH).hour for each in found}, {9})
    weekly = [
        Recurrence.rule(freq=WEEKLY, count=3),
        Recurrence.exclude_times(datetime(2026, 5, 11, 9), timezone="Europe/Zurich"),
        Recurrence.times(datetime(2026, 5, 13, 12), timezone="Europe/Zurich"),
    ]
    added = gc.add_event(Event("With dates", start=NINE, timezone="Europe/Zurich", recurrence=weekly))
    found = [each.start.astimezone(ZURICH).strftime("%d %H") for each in gc.get_instances(added, *WINDOW)]
    t.equal(found, ["04 09", "13 12", "18 09"])


@suite.check("guests are invited and answer")
def guests(t: Assertions) -> None:
    ada, bob = calendar("ada-gcsa@example.com"), calendar("bob-gcsa@example.com")
    bob.get_settings()
    added = ada.add_event(Event("Meeting", start=NINE, timezone="Europe/Zurich", attendees=["bob-gcsa@example.com"]), send_updates="all")
    invitation = bob.get_event(added.event_id)
    t.equal((invitation.organizer.email, invitation.summary), ("ada-gcsa@example.com", "Meeting"))
    invitation.attendees[0].response_status = ResponseStatus.ACCEPTED
    bob.update_event(invitation)
    t.equal([(each.email, each.response_status) for each in ada.get_event(added.event_id).attendees], [("bob-gcsa@example.com", "accepted")])


@suite.check("a conference is created with the event")
def conference(t: Assertions) -> None:
    gc = calendar("conference-gcsa@example.com")
    request = ConferenceSolutionCreateRequest(SolutionType.HANGOUTS_MEET)
    added = gc.add_event(Event("Call", start=NINE, timezone="Europe/Zurich", conference_solution=request))
    found = gc.get_event(added.event_id).conference_solution
    t.equal((found.solution_type, found.entry_points[0].entry_point_type), ("hangoutsMeet", "video"))


@suite.check("events are moved, imported and added by a sentence")
def other_ways(t: Assertions) -> None:
    user = "ways-gcsa@example.com"
    gc = calendar(user)
    other = gc.add_calendar(Calendar("Other"))
    added = gc.add_event(Event("Here", start=NINE, timezone="Europe/Zurich"))
    gc.move_event(added, destination_calendar_id=other.id)
    t.equal([each.summary for each in gc.get_events(*WINDOW, calendar_id=other.id)], ["Here"])
    gc.import_event(Event("Theirs", start=NINE, timezone="Europe/Zurich", iCalUID="theirs@example.org"))
    t.equal([each.other["iCalUID"] for each in gc.get_events(*WINDOW)], ["theirs@example.org"])
    quick = gc.add_quick_event("Breakfast on May 5 2027 at 9am")
    t.equal((quick.summary, quick.start.strftime("%F %H:%M")), ("Breakfast", "2027-05-05 09:00"))
    t.equal(len(requests(user=user, method="calendar.events.quickAdd")), 1)


@suite.check("errors are those of the API's client")
def errors(t: Assertions) -> None:
    gc = calendar("errors-gcsa@example.com")
    error = t.raises(HttpError, lambda: gc.get_event("none0"))
    t.equal((error.status_code, error.error_details[0]["reason"]), (404, "notFound"))
    event = Event("Twice", start=NINE, timezone="Europe/Zurich", event_id="0000tvin")
    gc.add_event(event)
    t.equal(t.raises(HttpError, lambda: gc.add_event(event)).error_details[0]["reason"], "duplicate")
    bad = Event("Bad", start=NINE, timezone="Europe/Zurich", recurrence="RRULE:FREQ=OFTEN")
    t.equal(t.raises(HttpError, lambda: gc.add_event(bad)).status_code, 400)

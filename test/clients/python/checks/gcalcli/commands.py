"""The commands that read and write calendars."""

import os
import re
from pathlib import Path
from tempfile import NamedTemporaryFile

from checks.emulator import control, requests
from checks.gcalcli.program import Home, suite
from checks.tap import Assertions

USER = "work-gcalcli@example.com"
MAY = ("2026-05-01", "2026-06-01")
WORK = ("--calendar", "Work")

ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//checks//gcalcli//EN
BEGIN:VEVENT
UID:weekly@example.org
SEQUENCE:2
DTSTART:20260511T090000Z
DTEND:20260511T100000Z
SUMMARY:Weekly
LOCATION:Here
ORGANIZER:MAILTO:boss@example.org
ATTENDEE:MAILTO:me@example.org
RRULE:FREQ=WEEKLY;COUNT=2
END:VEVENT
BEGIN:VEVENT
UID:off@example.org
DTSTART;VALUE=DATE:20260513
DTEND;VALUE=DATE:20260514
SUMMARY:Day off
END:VEVENT
END:VCALENDAR
"""

home = Home(USER)


def _titles(*arguments: str) -> list[tuple[str, str, str]]:
    return [(row["start_date"], row["start_time"], row["title"]) for row in home.agenda(*arguments)]


@suite.check("list shows the calendars with their roles")
def list_calendars(t: Assertions) -> None:
    shared = {"id": "shared@example.org", "summary": "Shared", "acl": [{"role": "reader", "scope": {"type": "user", "value": USER}}]}
    control(
        "POST",
        "seed",
        {
            "users": [
                {"email": "boss-gcalcli@example.com", "calendars": [shared]},
                {"email": USER, "calendars": [{"summary": "Work"}], "lists": [{"id": "shared@example.org"}]},
            ]
        },
    )
    home.sign_in()
    rows = [re.split(r"\s+", line.strip(), maxsplit=1) for line in home.run("list").splitlines() if line.strip()]
    t.equal(sorted(rows[2:]), [["owner", "Work"], ["owner", USER], ["reader", "Shared"]])


@suite.check("add makes events with a place, guests, reminders and a colour")
def add(t: Assertions) -> None:
    link = home.run(
        *(*WORK, "add", "--noprompt", "--title", "Lunch", "--when", "2026-05-04 12:00", "--duration", "45", "--where", "Cafe"),
        *("--description", "With Ada", "--who", "ada@example.org", "--reminder", "10m popup", "--color", "grape", "--details", "url"),
    )
    t.true("New event added: https://www.google.com/calendar/event?eid=" in link, link)
    home.run(*WORK, "add", "--noprompt", "--allday", "--title", "Trip", "--when", "2026-05-06", "--duration", "2", "--where", "", "--description", "")
    lunch, trip = home.agenda()
    t.has(lunch, title="Lunch", start_date="2026-05-04", start_time="12:00", end_time="12:45", location="Cafe", description="With Ada")
    t.has(lunch, calendar="Work", email=USER)
    t.has(trip, title="Trip", start_date="2026-05-06", start_time="", end_date="2026-05-08")
    (sent, _) = requests(user=USER, method="calendar.events.insert")
    t.equal(sent["status"], 200)


@suite.check("quick adds an event by a sentence, and its reminders by a patch")
def quick(t: Assertions) -> None:
    home.run(*WORK, "quick", "Dinner on May 8 2026 7pm-8pm", "--reminder", "5m email")
    t.equal(_titles()[-1], ("2026-05-08", "19:00", "Dinner"))
    methods = [entry["method"] for entry in requests(user=USER) if entry["httpMethod"] != "GET"]
    t.equal(methods[-2:], ["calendar.events.quickAdd", "calendar.events.patch"])


@suite.check("search finds events by words")
def search(t: Assertions) -> None:
    found = home.run("search", "dinner", *MAY)
    t.true("19:00" in found and "Dinner" in found and "Lunch" not in found, found)
    t.true("No Events Found" in home.run("search", "breakfast", *MAY))


@suite.check("calm draws the month")
def month(t: Assertions) -> None:
    drawn = home.run("calm", "2026-05-01")
    t.true("May 2026" in drawn, drawn)
    t.equal((drawn.count("Trip"), drawn.count("Dinner")), (2, 1))


@suite.check("edit changes title, place and description")
def edit(t: Assertions) -> None:
    home.run(*WORK, "edit", "lunch", *MAY, typed="t\nLate lunch\nl\nBistro\nd\nWith Bob\ns\n")
    lunch = home.agenda()[0]
    t.has(lunch, title="Late lunch", location="Bistro", description="With Bob", start_time="12:00")


@suite.check("agendaupdate patches, inserts and deletes by a table")
def agenda_update(t: Assertions) -> None:
    rows = {row["title"]: row for row in home.agenda()}
    table = [
        ["action", "id", "title", "start_date", "start_time", "end_date", "end_time"],
        ["patch", rows["Late lunch"]["id"], "Brunch", "2026-05-04", "10:00", "2026-05-04", "11:00"],
        ["insert", "", "Party", "2026-05-09", "20:00", "2026-05-09", "23:00"],
        ["delete", rows["Trip"]["id"], "", "", "", "", ""],
    ]
    file = _file(".tsv", "".join("\t".join(row) + "\n" for row in table))
    home.run(*WORK, "agendaupdate", file)
    t.equal(_titles(), [("2026-05-04", "10:00", "Brunch"), ("2026-05-08", "19:00", "Dinner"), ("2026-05-09", "20:00", "Party")])


@suite.check("delete takes events away, asking or not")
def delete(t: Assertions) -> None:
    home.run(*WORK, "delete", "party", *MAY, typed="n\n")
    t.equal(len(_titles()), 3)
    t.true("Deleted!" in home.run(*WORK, "delete", "party", *MAY, typed="y\n"))
    t.true("Deleted!" in home.run(*WORK, "delete", "--iamaexpert", "dinner", *MAY))
    t.equal(_titles(), [("2026-05-04", "10:00", "Brunch")])


@suite.check("import adds the events of an .ics file once")
def import_ics(t: Assertions) -> None:
    file = _file(".ics", ICS.replace("\n", "\r\n"))
    t.true("Added 2 events" in home.run(*WORK, "import", file))
    imported = [("2026-05-11", "09:00", "Weekly"), ("2026-05-13", "", "Day off"), ("2026-05-18", "09:00", "Weekly")]
    t.equal(_titles()[1:], imported)
    again = home.run(*WORK, "import", file)
    t.true("Added 0 events" in again and again.count("Skipped duplicate event") == 2, again)
    t.equal(_titles()[1:], imported)


@suite.check("conflicts and updates find what overlaps and what is new")
def conflicts(t: Assertions) -> None:
    home.run(*WORK, "add", "--noprompt", "--title", "Clash", "--when", "2026-05-11 09:30", "--duration", "30", "--where", "", "--description", "")
    found = home.run("conflicts", *("", *MAY))
    t.true("Conflict" in found and "Clash" in found, found)
    t.true("Clash" in home.run("updates", "2020-01-01", *MAY))
    t.true("Clash" not in home.run("updates", "2099-01-01", *MAY))


@suite.check("a calendar that may only be read is not written to")
def read_only(t: Assertions) -> None:
    failed = home.run(
        *("--calendar", "Shared", "add", "--noprompt", "--title", "No", "--when", "2026-05-04 12:00", "--duration", "5"),
        *("--where", "", "--description", ""),
        code=1,
    )
    t.true("requiredAccessLevel" in failed, failed)
    t.equal(requests(user=USER)[-1]["status"], 403)


def _file(suffix: str, text: str) -> str:
    with NamedTemporaryFile("w", suffix=suffix, dir=Path(os.environ["SSL_CERT_FILE"]).parent, delete=False) as file:
        file.write(text)
    return file.name

//! The methods of events that are about one event, but watch.

use google_calendar3::api::{Event, EventAttendee, EventOrganizer};

use crate::emulator::{ADA, BOB, all_day, hub_of, meeting, new_calendar, wait};
use crate::tap::Suite;

pub fn run(s: &mut Suite) {
    let hub = hub_of(ADA);
    let guest = |answer: Option<&str>| {
        let response_status = answer.map(str::to_owned);
        Some(vec![EventAttendee {
            email: Some(BOB.to_owned()),
            response_status,
            ..Default::default()
        }])
    };

    s.check("events: insert, get, patch, update, delete", |t| {
        let event = Event {
            location: Some("Bern".to_owned()),
            attendees: guest(None),
            ..meeting("Lunch 🍝", "2030-01-01T12:00:00Z", "2030-01-01T13:00:00Z")
        };
        let (_, made) = wait(
            hub.events()
                .insert(event.clone(), "primary")
                .send_updates("none")
                .doit(),
        )?;
        let id = made.id.clone().ok_or("an event without id")?;
        t.text("status", &made.status, "confirmed");
        t.text("summary", &made.summary, "Lunch 🍝");
        t.equal(
            "start",
            made.start.and_then(|start| start.date_time),
            event.start.and_then(|start| start.date_time),
        );
        t.text(
            "creator",
            &made.creator.and_then(|creator| creator.email),
            ADA,
        );
        t.equal("created", made.created.is_some(), true);
        let (_, read) = wait(hub.events().get("primary", &id).doit())?;
        t.equal("etag", read.etag, made.etag);
        let (_, patched) = wait(
            hub.events()
                .patch(
                    Event {
                        summary: Some("Dinner".to_owned()),
                        ..Default::default()
                    },
                    "primary",
                    &id,
                )
                .doit(),
        )?;
        t.text("what patch sets", &patched.summary, "Dinner");
        t.text("what patch keeps", &patched.location, "Bern");
        let (_, updated) = wait(hub.events().update(all_day("Trip"), "primary", &id).doit())?;
        t.equal(
            "what update sets",
            updated.start.and_then(|start| start.date),
            "2030-01-01".parse().ok(),
        );
        t.equal("what update drops", updated.location, None);
        wait(hub.events().delete("primary", &id).doit())?;
        t.text(
            "after delete",
            &wait(hub.events().get("primary", &id).doit())?.1.status,
            "cancelled",
        );
        t.rejected(
            "delete again",
            wait(hub.events().delete("primary", &id).doit()),
            410,
            "deleted",
        );
        Ok(())
    });

    s.check("events: a guest answers", |t| {
        let party = Event {
            attendees: guest(None),
            ..all_day("Party")
        };
        let (_, made) = wait(hub.events().insert(party, "primary").doit())?;
        let id = made.id.ok_or("an event without id")?;
        let bob = hub_of(BOB);
        let answer = Event {
            attendees: guest(Some("accepted")),
            ..Default::default()
        };
        wait(bob.events().patch(answer, "primary", &id).doit())?;
        let (_, read) = wait(hub.events().get("primary", &id).doit())?;
        t.text(
            "answer",
            &read.attendees.ok_or("no guests")?[0].response_status,
            "accepted",
        );
        let rename = Event {
            summary: Some("Mine".to_owned()),
            ..Default::default()
        };
        let refused = wait(bob.events().patch(rename, "primary", &id).doit());
        t.rejected("rename", refused, 403, "forbiddenForNonOrganizer");
        Ok(())
    });

    s.check("events: import, move, quickAdd", |t| {
        let fair = Event {
            i_cal_uid: Some("rust-fair@example.org".to_owned()),
            organizer: Some(EventOrganizer {
                email: Some("fair@example.org".to_owned()),
                ..Default::default()
            }),
            attendees: Some(vec![EventAttendee {
                email: Some(ADA.to_owned()),
                ..Default::default()
            }]),
            ..all_day("Fair")
        };
        let (_, imported) = wait(hub.events().import(fair, "primary").doit())?;
        t.text("iCalUID", &imported.i_cal_uid, "rust-fair@example.org");
        let (from, to) = (new_calendar("From"), new_calendar("To"));
        let (_, made) = wait(hub.events().insert(all_day("Trip"), &from).doit())?;
        let (_, moved) = wait(
            hub.events()
                .move_(&from, &made.id.ok_or("an event without id")?, &to)
                .doit(),
        )?;
        t.text(
            "organizer",
            &moved.organizer.and_then(|organizer| organizer.email),
            &to,
        );
        let text = "Lunch at Somewhere on June 3rd 2030 12pm-1pm";
        let (_, added) = wait(hub.events().quick_add("primary", text).doit())?;
        let start = added
            .start
            .and_then(|start| start.date_time)
            .ok_or("no start")?;
        t.equal("day", start.date_naive(), "2030-06-03".parse()?);
        Ok(())
    });
}

//! Lists of events: pages, filters, occurrences.

use std::collections::HashMap;

use google_calendar3::api::{Event, EventExtendedProperties, Events};

use crate::emulator::{ADA, hub_of, meeting, new_calendar, wait};
use crate::tap::Suite;

pub fn names(events: Events) -> Vec<String> {
    events
        .items
        .unwrap_or_default()
        .into_iter()
        .filter_map(|event| event.summary)
        .collect()
}

pub fn run(s: &mut Suite) {
    let hub = hub_of(ADA);

    s.check("events: filters and pages of a list", |t| {
        let id = new_calendar("Lists");
        for (hour, name) in [(10, "cherry"), (12, "apple"), (14, "banana")] {
            let private = HashMap::from([
                ("name".to_owned(), name.to_owned()),
                ("all".to_owned(), "yes".to_owned()),
            ]);
            let event = Event {
                extended_properties: Some(EventExtendedProperties {
                    private: Some(private),
                    shared: None,
                }),
                ..meeting(
                    name,
                    &format!("2030-01-01T{hour}:00:00Z"),
                    &format!("2030-01-01T{hour}:30:00Z"),
                )
            };
            wait(hub.events().insert(event, &id).doit())?;
        }
        let (mut sizes, mut token) = (vec![], None::<String>);
        loop {
            let mut call = hub.events().list(&id).max_results(2);
            if let Some(token) = &token {
                call = call.page_token(token);
            }
            let (_, page) = wait(call.doit())?;
            sizes.push((
                page.items.unwrap_or_default().len(),
                page.next_sync_token.is_some(),
            ));
            token = page.next_page_token;
            if token.is_none() {
                break;
            }
        }
        t.equal(
            "pages, and which have a sync token",
            sizes,
            vec![(2, false), (1, true)],
        );
        let window = hub
            .events()
            .list(&id)
            .single_events(true)
            .order_by("startTime");
        let window = window
            .time_min("2030-01-01T12:10:00Z".parse()?)
            .time_max("2030-01-01T14:00:00Z".parse()?);
        t.equal(
            "by time",
            names(wait(window.doit())?.1),
            vec!["apple".to_owned()],
        );
        let text = hub.events().list(&id).q("cherry");
        t.equal(
            "by text",
            names(wait(text.doit())?.1),
            vec!["cherry".to_owned()],
        );
        let properties = hub.events().list(&id);
        let properties = properties
            .add_private_extended_property("name=banana")
            .add_private_extended_property("all=yes");
        t.equal(
            "by two properties",
            names(wait(properties.doit())?.1),
            vec!["banana".to_owned()],
        );
        let unordered = hub.events().list(&id).order_by("startTime");
        t.rejected(
            "an order that needs single events",
            wait(unordered.doit()),
            400,
            "invalid",
        );
        Ok(())
    });

    s.check("events: instances of a series", |t| {
        let id = new_calendar("Series");
        let mut event = meeting("Stand-up", "2030-03-25T09:00:00Z", "2030-03-25T09:15:00Z");
        event.recurrence = Some(vec!["RRULE:FREQ=DAILY;COUNT=5".to_owned()]);
        for end in [&mut event.start, &mut event.end] {
            end.as_mut().ok_or("no time")?.time_zone = Some("UTC".to_owned());
        }
        let (_, series) = wait(hub.events().insert(event, &id).doit())?;
        let series_id = series.id.ok_or("an event without id")?;
        let instances = wait(hub.events().instances(&id, &series_id).doit())?
            .1
            .items
            .unwrap_or_default();
        t.equal("instances", instances.len(), 5);
        t.text(
            "id",
            &instances[0].id,
            &format!("{series_id}_20300325T090000Z"),
        );
        let second = instances[1].id.as_ref().ok_or("an instance without id")?;
        wait(hub.events().delete(&id, second).doit())?;
        let (_, single) = wait(hub.events().list(&id).single_events(true).doit())?;
        t.equal("without the deleted one", names(single).len(), 4);
        Ok(())
    });
}

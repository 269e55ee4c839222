//! Sync tokens.

use std::collections::BTreeMap;

use google_calendar3::api::Event;
use serde_json::json;

use crate::emulator::{ADA, BOB, all_day, control, hub_of, new_calendar, rule, wait};
use crate::tap::Suite;

pub fn run(s: &mut Suite) {
    let hub = hub_of(ADA);

    s.check(
        "sync: an incremental list has what changed, deletions too",
        |t| {
            let id = new_calendar("Sync");
            let insert = |summary: &str| {
                wait(hub.events().insert(all_day(summary), &id).doit()).map(|(_, event)| event.id)
            };
            let kept = insert("kept")?.ok_or("an event without id")?;
            let removed = insert("removed")?.ok_or("an event without id")?;
            insert("untouched")?;
            let token = wait(hub.events().list(&id).doit())?
                .1
                .next_sync_token
                .ok_or("no sync token")?;
            let (_, nothing) = wait(hub.events().list(&id).sync_token(&token).doit())?;
            t.equal(
                "nothing new",
                nothing.items.map(|items| items.len()),
                Some(0),
            );
            let changed = Event {
                summary: Some("changed".to_owned()),
                ..Default::default()
            };
            wait(hub.events().patch(changed, &id, &kept).doit())?;
            wait(hub.events().delete(&id, &removed).doit())?;
            let (_, events) = wait(hub.events().list(&id).sync_token(&token).doit())?;
            let statuses: BTreeMap<_, _> = events
                .items
                .unwrap_or_default()
                .into_iter()
                .map(|event| (event.id, event.status))
                .collect();
            let wanted = [(kept, "confirmed"), (removed, "cancelled")];
            t.equal(
                "statuses",
                statuses,
                wanted
                    .map(|(id, status)| (Some(id), Some(status.to_owned())))
                    .into(),
            );
            t.truth("another token", events.next_sync_token != Some(token));
            Ok(())
        },
    );

    s.check(
        "sync: a token that has expired is 410, and a full sync gives another",
        |t| {
            let id = new_calendar("Sync");
            let token = wait(hub.events().list(&id).doit())?
                .1
                .next_sync_token
                .ok_or("no sync token")?;
            control(
                "POST",
                "/expire-sync-tokens",
                json!({ "resource": "events", "calendarId": id }),
            );
            let expired = wait(hub.events().list(&id).sync_token(&token).doit());
            t.rejected("the old token", expired, 410, "fullSyncRequired");
            let fresh = wait(hub.events().list(&id).doit())?
                .1
                .next_sync_token
                .ok_or("no sync token")?;
            wait(hub.events().list(&id).sync_token(&fresh).doit())?;
            let filtered = wait(hub.events().list(&id).sync_token(&fresh).q("x").doit());
            t.rejected("a token with a filter", filtered, 400, "invalid");
            Ok(())
        },
    );

    s.check("sync: calendar lists and rules too", |t| {
        let lists = wait(hub.calendar_list().list().doit())?
            .1
            .next_sync_token
            .ok_or("no sync token")?;
        let id = new_calendar("Sync");
        let entries = wait(hub.calendar_list().list().sync_token(&lists).doit())?
            .1
            .items
            .unwrap_or_default();
        t.equal("entries", entries.len(), 1);
        t.text("entry", &entries[0].id, &id);
        let rules = wait(hub.acl().list(&id).doit())?
            .1
            .next_sync_token
            .ok_or("no sync token")?;
        wait(
            hub.acl()
                .insert(rule("reader", "user", Some(BOB)), &id)
                .doit(),
        )?;
        wait(hub.acl().delete(&id, &format!("user:{BOB}")).doit())?;
        let changed = wait(hub.acl().list(&id).sync_token(&rules).doit())?
            .1
            .items
            .unwrap_or_default();
        t.equal("rules", changed.len(), 1);
        t.text("role of a deleted rule", &changed[0].role, "none");
        Ok(())
    });
}

//! calendars, calendarList, acl, colors, freebusy and settings.

use google_calendar3::api::{
    AclRule, Calendar, CalendarListEntry, EventReminder, FreeBusyRequest, FreeBusyRequestItem,
};
use serde_json::json;

use crate::emulator::{ADA, BOB, all_day, control, hub_of, meeting, new_calendar, rule, wait};
use crate::tap::Suite;

pub fn run(s: &mut Suite) {
    let hub = hub_of(ADA);
    let named = |summary: &str| Calendar {
        summary: Some(summary.to_owned()),
        ..Default::default()
    };

    s.check("calendars: insert, get, patch, update, delete", |t| {
        let id = new_calendar("Team");
        let (response, read) = wait(hub.calendars().get(&id).doit())?;
        t.equal("status", response.status().as_u16(), 200);
        t.text("kind", &read.kind, "calendar#calendar");
        t.text("summary", &read.summary, "Team");
        t.text("time zone", &read.time_zone, "Europe/Zurich");
        let described = Calendar {
            description: Some("d".to_owned()),
            ..Default::default()
        };
        let (_, patched) = wait(hub.calendars().patch(described, &id).doit())?;
        t.text("what patch keeps", &patched.summary, "Team");
        t.text("what patch sets", &patched.description, "d");
        let (_, updated) = wait(hub.calendars().update(named("New"), &id).doit())?;
        t.text("what update sets", &updated.summary, "New");
        t.equal("what update drops", updated.description, None);
        wait(hub.calendars().delete(&id).doit())?;
        t.rejected(
            "get",
            wait(hub.calendars().get(&id).doit()),
            404,
            "notFound",
        );
        Ok(())
    });

    s.check("calendars: clear empties a primary calendar", |t| {
        let carol = hub_of("carol@example.com");
        wait(carol.events().insert(all_day("Trip"), "primary").doit())?;
        wait(carol.calendars().clear("primary").doit())?;
        let (_, events) = wait(carol.events().list("primary").doit())?;
        t.equal("events", events.items.map(|items| items.len()), Some(0));
        Ok(())
    });

    s.check(
        "calendarList: insert, get, list, patch, update, delete",
        |t| {
            let id = new_calendar("Shared");
            wait(
                hub.acl()
                    .insert(rule("reader", "user", Some(BOB)), &id)
                    .doit(),
            )?;
            let bob = hub_of(BOB);
            let entry = CalendarListEntry {
                id: Some(id.clone()),
                ..Default::default()
            };
            let (_, made) = wait(bob.calendar_list().insert(entry).doit())?;
            t.text("role", &made.access_role, "reader");
            let coloured = CalendarListEntry {
                background_color: Some("#112233".to_owned()),
                foreground_color: Some("#ffffff".to_owned()),
                ..Default::default()
            };
            let (_, patched) = wait(
                bob.calendar_list()
                    .patch(coloured, &id)
                    .color_rgb_format(true)
                    .doit(),
            )?;
            t.text("colour", &patched.background_color, "#112233");
            let hidden = CalendarListEntry {
                hidden: Some(true),
                default_reminders: Some(vec![EventReminder {
                    method: Some("popup".to_owned()),
                    minutes: Some(30),
                }]),
                ..Default::default()
            };
            let (_, updated) = wait(bob.calendar_list().update(hidden, &id).doit())?;
            t.equal(
                "reminders",
                updated.default_reminders.map(|all| all.len()),
                Some(1),
            );
            let (_, read) = wait(bob.calendar_list().get(&id).doit())?;
            t.equal("hidden", read.hidden, Some(true));
            let count = |show: bool| -> Result<usize, google_calendar3::Error> {
                let (_, list) = wait(bob.calendar_list().list().show_hidden(show).doit())?;
                Ok(list
                    .items
                    .unwrap_or_default()
                    .iter()
                    .filter(|item| item.id.as_ref() == Some(&id))
                    .count())
            };
            t.equal("hidden entries are left out", count(false)?, 0);
            t.equal("unless asked for", count(true)?, 1);
            wait(bob.calendar_list().delete(&id).doit())?;
            t.rejected(
                "get",
                wait(bob.calendar_list().get(&id).doit()),
                404,
                "notFound",
            );
            Ok(())
        },
    );

    s.check("acl: insert, get, list, patch, update, delete", |t| {
        let id = new_calendar("Shared");
        let (_, made) = wait(
            hub.acl()
                .insert(rule("reader", "user", Some(BOB)), &id)
                .send_notifications(false)
                .doit(),
        )?;
        let rule_id = made.id.ok_or("a rule without id")?;
        t.equal("id", rule_id.clone(), format!("user:{BOB}"));
        let writer = AclRule {
            role: Some("writer".to_owned()),
            ..Default::default()
        };
        t.text(
            "patch",
            &wait(hub.acl().patch(writer, &id, &rule_id).doit())?.1.role,
            "writer",
        );
        let owner = rule("owner", "user", Some(BOB));
        t.text(
            "update",
            &wait(hub.acl().update(owner, &id, &rule_id).doit())?.1.role,
            "owner",
        );
        t.text(
            "get",
            &wait(hub.acl().get(&id, &rule_id).doit())?.1.role,
            "owner",
        );
        wait(hub.acl().delete(&id, &rule_id).doit())?;
        let (_, rules) = wait(hub.acl().list(&id).doit())?;
        t.equal("rules", rules.items.map(|items| items.len()), Some(1));
        let (_, rules) = wait(hub.acl().list(&id).show_deleted(true).doit())?;
        t.equal(
            "with deleted ones",
            rules.items.map(|items| items.len()),
            Some(2),
        );
        t.rejected(
            "by a stranger",
            wait(hub_of(BOB).acl().list(&id).doit()),
            404,
            "notFound",
        );
        Ok(())
    });

    s.check("colors: the palettes of calendars and events", |t| {
        let (_, colors) = wait(hub.colors().get().doit())?;
        t.equal(
            "of calendars",
            colors.calendar.map(|all| all.len()),
            Some(24),
        );
        t.equal("of events", colors.event.map(|all| all.len()), Some(11));
        Ok(())
    });

    s.check(
        "freebusy: what is busy, and calendars that cannot be read",
        |t| {
            let id = new_calendar("Team");
            wait(
                hub.events()
                    .insert(
                        meeting("Busy", "2030-03-01T09:00:00Z", "2030-03-01T10:00:00Z"),
                        &id,
                    )
                    .doit(),
            )?;
            let query = |until: &str| FreeBusyRequest {
                time_min: "2030-03-01T00:00:00Z".parse().ok(),
                time_max: until.parse().ok(),
                items: Some(
                    [&id, "nothing@example.com"]
                        .map(|id| FreeBusyRequestItem {
                            id: Some(id.to_owned()),
                        })
                        .to_vec(),
                ),
                ..Default::default()
            };
            let (_, answer) = wait(hub.freebusy().query(query("2030-03-02T00:00:00Z")).doit())?;
            let calendars = answer.calendars.ok_or("no calendars")?;
            let busy = calendars[&id].busy.as_ref().ok_or("no periods")?;
            t.equal("periods", busy.len(), 1);
            t.equal("start", busy[0].start, "2030-03-01T09:00:00Z".parse().ok());
            let errors = calendars["nothing@example.com"]
                .errors
                .as_ref()
                .ok_or("no errors")?;
            t.text("error", &errors[0].reason, "notFound");
            t.rejected(
                "a year",
                wait(hub.freebusy().query(query("2031-03-01T00:00:00Z")).doit()),
                400,
                "timeRangeTooLong",
            );
            Ok(())
        },
    );

    s.check("settings: list, get, and what changed", |t| {
        let (_, list) = wait(hub.settings().list().doit())?;
        let token = list.next_sync_token.ok_or("no sync token")?;
        t.text(
            "get",
            &wait(hub.settings().get("timezone").doit())?.1.kind,
            "calendar#setting",
        );
        control(
            "POST",
            "/settings",
            json!({ "user": ADA, "id": "weekStart", "value": "1" }),
        );
        let changed = wait(hub.settings().list().sync_token(&token).doit())?
            .1
            .items
            .unwrap_or_default();
        t.equal("settings", changed.len(), 1);
        t.text("value", &changed[0].value, "1");
        Ok(())
    });
}

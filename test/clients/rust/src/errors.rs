//! Errors and credentials.

use google_calendar3::api::Event;
use google_calendar3::common::NoToken;
use google_calendar3::{Error, FieldMask};
use serde_json::json;

use crate::emulator::{ADA, all_day, control, hub_of, hub_with, meeting, new_calendar, rule, wait};
use crate::lists::names;
use crate::tap::Suite;

/// Makes the next call of a method fail.
fn fault(method: &str, effect: serde_json::Value) {
    control(
        "POST",
        "/faults",
        json!({ "on": "request", "match": { "method": method }, "times": 1, "effect": effect }),
    );
}

pub fn run(s: &mut Suite) {
    let hub = hub_of(ADA);

    s.check("errors: this client has their bodies", |t| {
        t.rejected(
            "an unknown event",
            wait(hub.events().get("primary", "nothing").doit()),
            404,
            "notFound",
        );
        let event = Event {
            id: Some("rustchosen0".to_owned()),
            ..all_day("Trip")
        };
        wait(hub.events().insert(event.clone(), "primary").doit())?;
        t.rejected(
            "an id that is taken",
            wait(hub.events().insert(event, "primary").doit()),
            409,
            "duplicate",
        );
        let backwards = meeting("x", "2030-01-01T10:00:00Z", "2030-01-01T09:00:00Z");
        let empty = wait(hub.events().insert(backwards, "primary").doit());
        t.rejected("an end before the start", empty, 400, "timeRangeEmpty");
        let unknown = hub
            .events()
            .list("primary")
            .param("fields", &FieldMask::new(&["nothing"]).to_string());
        t.rejected(
            "an unknown field",
            wait(unknown.doit()),
            400,
            "invalidParameter",
        );
        fault(
            "calendar.colors.get",
            json!({ "do": "fail", "status": 403, "reason": "rateLimitExceeded" }),
        );
        t.rejected(
            "a quota",
            wait(hub.colors().get().doit()),
            403,
            "rateLimitExceeded",
        );
        fault(
            "calendar.colors.get",
            json!({ "do": "hangUp", "when": "before" }),
        );
        t.truth(
            "a connection that breaks",
            matches!(wait(hub.colors().get().doit()), Err(Error::HttpError(_))),
        );
        Ok(())
    });

    s.check("credentials: no token, a wrong token, an API key", |t| {
        t.rejected(
            "no token",
            wait(hub_with(NoToken).settings().list().doit()),
            401,
            "required",
        );
        t.rejected(
            "a wrong token",
            wait(hub_of("not-a-token").settings().list().doit()),
            401,
            "authError",
        );
        let id = new_calendar("Public");
        wait(
            hub.acl()
                .insert(rule("reader", "default", None), &id)
                .doit(),
        )?;
        wait(hub.events().insert(all_day("Fair"), &id).doit())?;
        let anonymous = hub_with(NoToken);
        let public = anonymous.events().list(&id).param("key", "key");
        t.equal(
            "what is public",
            names(wait(public.doit())?.1),
            vec!["Fair".to_owned()],
        );
        let private = anonymous.events().list(ADA).param("key", "key");
        t.rejected("what is not", wait(private.doit()), 404, "notFound");
        Ok(())
    });
}

//! Channels, with a receiver of notifications.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, SystemTime};

use google_calendar3::api::{CalendarListEntry, Channel};
use serde_json::json;

use crate::emulator::{ADA, all_day, control, hub_of, new_calendar, rule, wait};
use crate::tap::Suite;

/// How long a notification may take. It is far more than one needs.
const PATIENCE: Duration = Duration::from_secs(30);

type Headers = HashMap<String, String>;

/// Reads the headers of a notification, which has no body, and answers 204.
fn answer(mut stream: TcpStream) -> std::io::Result<Headers> {
    let mut headers = Headers::new();
    for line in BufReader::new(&stream).lines().skip(1) {
        match line?.split_once(": ") {
            Some((name, value)) => headers.insert(name.to_lowercase(), value.to_owned()),
            None => break,
        };
    }
    stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")?;
    Ok(headers)
}

/// Starts a receiver. Returns its address and what it receives.
fn receive() -> std::io::Result<(String, Receiver<Headers>)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}/", listener.local_addr()?);
    let (send, received) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if let Ok(headers) = answer(stream)
                && send.send(headers).is_err()
            {
                break;
            }
        }
    });
    Ok((address, received))
}

pub fn run(s: &mut Suite) {
    let hub = hub_of(ADA);
    let (address, received) = receive().expect("no receiver");
    let header = |name: &str| {
        received
            .recv_timeout(PATIENCE)
            .map(|headers| headers.get(name).cloned())
    };
    let channel = |id: &str| Channel {
        id: Some(id.to_owned()),
        type_: Some("web_hook".to_owned()),
        address: Some(address.clone()),
        ..Default::default()
    };
    let stop = |opened: &Channel| Channel {
        id: opened.id.clone(),
        resource_id: opened.resource_id.clone(),
        ..Default::default()
    };

    s.check(
        "channels: watch sends sync and then exists, until stop",
        |t| {
            let id = new_calendar("Watched");
            let wanted = Channel {
                token: Some("secret".to_owned()),
                ..channel("rust-events")
            };
            let (_, opened) = wait(hub.events().watch(wanted, &id).doit())?;
            t.text("kind", &opened.kind, "api#channel");
            let now = SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)?
                .as_millis();
            t.truth(
                "it expires in the future",
                i128::from(opened.expiration.unwrap_or(0)) > i128::try_from(now)?,
            );
            let sync = received.recv_timeout(PATIENCE)?;
            let expected = [
                ("x-goog-resource-state", Some("sync".to_owned())),
                ("x-goog-message-number", Some("1".to_owned())),
                ("x-goog-channel-token", Some("secret".to_owned())),
                ("x-goog-resource-id", opened.resource_id.clone()),
            ];
            for (name, value) in expected {
                t.equal(name, sync.get(name).cloned(), value);
            }
            wait(hub.events().insert(all_day("Trip"), &id).doit())?;
            t.text("state", &header("x-goog-resource-state")?, "exists");
            wait(hub.channels().stop(stop(&opened)).doit())?;
            wait(hub.events().insert(all_day("Trip"), &id).doit())?;
            control("POST", "/settle", json!({}));
            t.truth("no notification after stop", received.try_recv().is_err());
            let unknown = Channel {
                resource_id: Some("another".to_owned()),
                ..stop(&opened)
            };
            t.rejected(
                "an unknown channel",
                wait(hub.channels().stop(unknown).doit()),
                404,
                "notFound",
            );
            Ok(())
        },
    );

    s.check(
        "channels: rules, calendar lists and settings are watched too",
        |t| {
            let id = new_calendar("Watched");
            let opened = [
                wait(hub.acl().watch(channel("rust-acl"), &id).doit())?.1,
                wait(hub.calendar_list().watch(channel("rust-list")).doit())?.1,
                wait(hub.settings().watch(channel("rust-settings")).doit())?.1,
            ];
            for _ in &opened {
                t.text("state", &header("x-goog-resource-state")?, "sync");
            }
            wait(
                hub.acl()
                    .insert(rule("reader", "domain", Some("example.com")), &id)
                    .doit(),
            )?;
            t.text("rules", &header("x-goog-channel-id")?, "rust-acl");
            let coloured = CalendarListEntry {
                color_id: Some("3".to_owned()),
                ..Default::default()
            };
            wait(hub.calendar_list().patch(coloured, &id).doit())?;
            t.text("calendar list", &header("x-goog-channel-id")?, "rust-list");
            control(
                "POST",
                "/settings",
                json!({ "user": ADA, "id": "weekStart", "value": "6" }),
            );
            t.text("settings", &header("x-goog-channel-id")?, "rust-settings");
            for one in &opened {
                wait(hub.channels().stop(stop(one)).doit())?;
            }
            let plain = Channel {
                address: Some("http://example.com/".to_owned()),
                ..channel("rust-plain")
            };
            t.rejected(
                "plain HTTP",
                wait(hub.settings().watch(plain).doit()),
                400,
                "push.webhookUrlNotHttps",
            );
            Ok(())
        },
    );
}

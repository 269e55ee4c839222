//! The emulator that the checks run on, and what they share.

use std::future::Future;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::LazyLock;

use google_calendar3::CalendarHub;
use google_calendar3::api::{AclRule, AclRuleScope, Calendar, Event, EventDateTime};
use google_calendar3::common::GetToken;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

pub const ADA: &str = "ada@example.com";
pub const BOB: &str = "bob@example.com";

pub type Hub = CalendarHub<HttpConnector>;

static ROOT: LazyLock<String> = LazyLock::new(|| {
    std::env::var("CALENDAR_EMULATOR_URL").expect("CALENDAR_EMULATOR_URL is not set")
});

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("no runtime")
});

/// Waits for a call.
pub fn wait<F: Future>(call: F) -> F::Output {
    RUNTIME.block_on(call)
}

/// Returns the client as it comes, but for its URLs.
pub fn hub_with(token: impl GetToken + 'static) -> Hub {
    let client = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    let mut hub = CalendarHub::new(client, token);
    hub.base_url(format!("{}/calendar/v3/", *ROOT));
    hub.root_url(format!("{}/", *ROOT));
    hub
}

/// Returns a client of a user, whose address is the access token.
pub fn hub_of(user: &str) -> Hub {
    hub_with(user.to_owned())
}

/// Calls one of the emulator's control routes.
pub fn control(method: &str, path: &str, body: Value) -> Value {
    let host = ROOT
        .strip_prefix("http://")
        .expect("not a plain HTTP address");
    let text = body.to_string();
    let mut stream = TcpStream::connect(host).expect("cannot connect");
    let length = text.len();
    write!(
        stream,
        "{method} /emulator{path} HTTP/1.0\r\nContent-Length: {length}\r\n\r\n{text}"
    )
    .expect("cannot send");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("cannot read");
    let (head, content) = answer.split_once("\r\n\r\n").expect("not an HTTP answer");
    assert!(head.contains(" 200 "), "{method} {path}: {answer}");
    serde_json::from_str(content).expect("not JSON")
}

/// Creates a secondary calendar of Ada, so that checks do not depend on each other.
pub fn new_calendar(summary: &str) -> String {
    let calendar = Calendar {
        summary: Some(summary.to_owned()),
        time_zone: Some("Europe/Zurich".to_owned()),
        ..Default::default()
    };
    let (_, made) = wait(hub_of(ADA).calendars().insert(calendar).doit()).expect("no calendar");
    made.id.expect("a calendar without id")
}

pub fn rule(role: &str, type_: &str, value: Option<&str>) -> AclRule {
    AclRule {
        role: Some(role.to_owned()),
        scope: Some(AclRuleScope {
            type_: Some(type_.to_owned()),
            value: value.map(str::to_owned),
        }),
        ..Default::default()
    }
}

pub fn all_day(summary: &str) -> Event {
    let on = |date: &str| EventDateTime {
        date: date.parse().ok(),
        ..Default::default()
    };
    Event {
        summary: Some(summary.to_owned()),
        start: Some(on("2030-01-01")),
        end: Some(on("2030-01-02")),
        ..Default::default()
    }
}

pub fn meeting(summary: &str, start: &str, end: &str) -> Event {
    let at = |time: &str| EventDateTime {
        date_time: time.parse().ok(),
        ..Default::default()
    };
    Event {
        summary: Some(summary.to_owned()),
        start: Some(at(start)),
        end: Some(at(end)),
        ..Default::default()
    }
}

//! The Calendar API in Rust (google-calendar3) on the Calendar emulator: all the methods that this client has.

mod calendars;
mod channels;
mod emulator;
mod errors;
mod events;
mod lists;
mod sync;
mod tap;

use serde_json::json;

fn main() {
    let mut suite = tap::Suite::default();
    calendars::run(&mut suite);
    events::run(&mut suite);
    lists::run(&mut suite);
    errors::run(&mut suite);
    sync::run(&mut suite);
    channels::run(&mut suite);
    suite.check(
        "each of the 37 methods that this client has was called",
        |t| {
            let journal = emulator::control("GET", "/journal", json!({}));
            let requests = journal["counts"]["requests"]
                .as_object()
                .ok_or("no counts")?;
            t.equal("methods", requests.len(), 37);
            t.truth("no unknown calls", !requests.contains_key("unknown"));
            Ok(())
        },
    );
    std::process::exit(if suite.end() { 0 } else { 1 });
}

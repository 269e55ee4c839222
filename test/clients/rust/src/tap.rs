//! Runs checks in order and prints their results as TAP (https://testanything.org).

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

use google_calendar3::Error;

/// The assertions of one check.
#[derive(Default)]
pub struct Check {
    assertions: usize,
    problems: Vec<String>,
}

impl Check {
    pub fn equal<V: PartialEq + Debug>(&mut self, what: &str, got: V, want: V) {
        self.assertions += 1;
        if got != want {
            self.problems
                .push(format!("{what}: got {got:?}, want {want:?}"));
        }
    }

    pub fn truth(&mut self, what: &str, holds: bool) {
        self.equal(what, holds, true);
    }

    /// Asserts that an optional text is there and equal.
    pub fn text(&mut self, what: &str, got: &Option<String>, want: &str) {
        self.equal(what, got.as_deref(), Some(want));
    }

    /// Asserts that a call failed with one of Google's errors, which this client has as JSON.
    pub fn rejected<V>(&mut self, what: &str, result: Result<V, Error>, status: u64, reason: &str) {
        let got = match result {
            Err(Error::BadRequest(body)) => {
                let error = &body["error"];
                format!(
                    "{} {}",
                    error["code"],
                    error["errors"][0]["reason"].as_str().unwrap_or("?")
                )
            }
            Err(error) => format!("{error:?}"),
            Ok(_) => "no error".to_owned(),
        };
        self.equal(what, got, format!("{status} {reason}"));
    }
}

pub type Outcome = Result<(), Box<dyn std::error::Error>>;

#[derive(Default)]
pub struct Suite {
    checks: usize,
    assertions: usize,
    failed: usize,
}

impl Suite {
    /// Runs one check. An error or a panic fails it, and the checks after it still run.
    pub fn check(&mut self, name: &str, run: impl FnOnce(&mut Check) -> Outcome) {
        let mut check = Check::default();
        match catch_unwind(AssertUnwindSafe(|| run(&mut check))) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => check.problems.push(format!("stopped: {error:?}")),
            Err(_) => check.problems.push("stopped: panic".to_owned()),
        }
        self.checks += 1;
        self.assertions += check.assertions;
        let passed = check.problems.is_empty();
        self.failed += usize::from(!passed);
        println!(
            "{} {} - {name}",
            if passed { "ok" } else { "not ok" },
            self.checks
        );
        for line in check.problems.iter().flat_map(|problem| problem.lines()) {
            println!("# {line}");
        }
    }

    /// Prints the totals. Returns whether all checks passed.
    pub fn end(self) -> bool {
        println!("1..{}\n# assertions {}", self.checks, self.assertions);
        self.failed == 0
    }
}

"""Prints checks in TAP."""

import traceback

checks = 0
assertions = 0


def equal(actual, expected):
    """Asserts that two values are equal."""
    global assertions
    assertions += 1
    assert actual == expected, f"{actual!r} is not {expected!r}"


def fails(work, error, *words):
    """Asserts that something raises an error with some words in it."""
    global assertions
    assertions += 1
    try:
        result = work()
    except error as raised:
        for word in words:
            assert word in str(raised), f"{raised} does not say {word!r}"
    else:
        raise AssertionError(f"{result!r} instead of an error")


def check(work):
    """Runs a check, whose name is its documentation."""
    global checks
    checks += 1
    try:
        work()
        print(f"ok {checks} - {work.__doc__}")
    except Exception:
        print(f"not ok {checks} - {work.__doc__}")
        print("\n".join(f"# {line}" for line in traceback.format_exc().splitlines()))


def end():
    """Prints the plan."""
    print(f"1..{checks}\n# assertions {assertions}")

package main

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"google.golang.org/api/googleapi"
)

// T collects the assertions of one check.
type T struct {
	assertions int
	problems   []string
}

// suite runs checks in order and prints their results as TAP (https://testanything.org).
type suite struct {
	checks, assertions, failed int
}

// check runs one check. A panic fails it, and the checks after it still run.
func (s *suite) check(name string, run func(t *T)) {
	t := &T{}
	func() {
		defer func() {
			if reason := recover(); reason != nil {
				t.fail("stopped: %v", reason)
			}
		}()
		run(t)
	}()
	s.checks++
	s.assertions += t.assertions
	if len(t.problems) == 0 {
		fmt.Printf("ok %d - %s\n", s.checks, name)
		return
	}
	s.failed++
	fmt.Printf("not ok %d - %s\n", s.checks, name)
	for _, problem := range t.problems {
		for line := range strings.SplitSeq(problem, "\n") {
			fmt.Println("# " + line)
		}
	}
}

func (t *T) fail(format string, values ...any) {
	t.problems = append(t.problems, fmt.Sprintf(format, values...))
}

// equal asserts that two values are deeply equal.
func equal[V any](t *T, what string, got, want V) {
	t.assertions++
	if !reflect.DeepEqual(got, want) {
		t.fail("%s: got %#v, want %#v", what, got, want)
	}
}

// truth asserts a condition.
func truth(t *T, what string, holds bool) {
	t.assertions++
	if !holds {
		t.fail("%s: does not hold", what)
	}
}

// must returns the result of a call that the rest of the check needs, and stops the check if it failed.
func must[V any](result V, err error) V {
	if err != nil {
		panic(err)
	}
	return result
}

// done stops the check if a call without a result failed.
func done(err error) {
	if err != nil {
		panic(err)
	}
}

// rejected asserts that a call failed with one of Google's errors.
func rejected(t *T, what string, err error, status int, reason string) *googleapi.Error {
	t.assertions++
	var failure *googleapi.Error
	if !errors.As(err, &failure) {
		t.fail("%s: got %v, want an error of the API", what, err)
		return &googleapi.Error{}
	}
	got := ""
	if len(failure.Errors) > 0 {
		got = failure.Errors[0].Reason
	}
	if failure.Code != status || got != reason {
		t.fail("%s: got %d %s, want %d %s", what, failure.Code, got, status, reason)
	}
	return failure
}

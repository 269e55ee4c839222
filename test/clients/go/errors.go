package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"google.golang.org/api/calendar/v3"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/option"
)

// fault makes the next call of a method fail.
func fault(method string, effect map[string]any) {
	match := map[string]string{"method": method}
	control("POST", "/faults", map[string]any{"on": "request", "match": match, "times": 1, "effect": effect}, nil)
}

func errorChecks(s *suite) {
	service := serviceOf(ada)

	s.check("errors: the client reads their reasons", func(t *T) {
		_, err := service.Events.Get("primary", "nothing").Do()
		failure := rejected(t, "an unknown event", err, 404, "notFound")
		equal(t, "message", failure.Message, "Not Found")
		event := allDay("Trip")
		event.Id = "chosen2030"
		must(service.Events.Insert("primary", event).Do())
		_, err = service.Events.Insert("primary", event).Do()
		rejected(t, "an id that is taken", err, 409, "duplicate")
		_, err = service.Events.Insert("primary", meeting("x", "2030-01-01T10:00:00Z", "2030-01-01T09:00:00Z")).Do()
		rejected(t, "an end before the start", err, 400, "timeRangeEmpty")
		_, err = service.Events.Insert("primary", &calendar.Event{Summary: "x"}).Do()
		rejected(t, "no time", err, 400, "required")
		_, err = service.Calendars.Insert(&calendar.Calendar{}).Do()
		rejected(t, "no summary", err, 400, "required")
		_, err = serviceOf(bob).Events.List(newCalendar("Private").Id).Do()
		rejected(t, "a calendar of others", err, 404, "notFound")
	})

	s.check("errors: a reader cannot write", func(t *T) {
		made := newCalendar("Shared")
		scope := &calendar.AclRuleScope{Type: "user", Value: bob}
		must(service.Acl.Insert(made.Id, &calendar.AclRule{Role: "reader", Scope: scope}).Do())
		_, err := serviceOf(bob).Events.Insert(made.Id, allDay("Trip")).Do()
		rejected(t, "insert", err, 403, "requiredAccessLevel")
	})

	s.check("errors: a quota that is used up, and a server that fails", func(t *T) {
		fault("calendar.colors.get", map[string]any{"do": "fail", "status": 403, "reason": "rateLimitExceeded"})
		_, err := service.Colors.Get().Do()
		equal(t, "domain", rejected(t, "quota", err, 403, "rateLimitExceeded").Errors[0].Message, "Rate Limit Exceeded")
		fault("calendar.colors.get", map[string]any{"do": "fail", "status": 429, "retryAfterSeconds": 7})
		_, err = service.Colors.Get().Do()
		failure := rejected(t, "too many requests", err, 429, "rateLimitExceeded")
		equal(t, "Retry-After", failure.Header.Get("Retry-After"), "7")
		fault("calendar.colors.get", map[string]any{"do": "fail", "status": 503})
		_, err = service.Colors.Get().Do()
		rejected(t, "unavailable", err, 503, "backendError")
		must(service.Colors.Get().Do())
	})

	s.check("errors: a call that is given up, and a connection that breaks", func(t *T) {
		fault("calendar.colors.get", map[string]any{"do": "delay", "ms": 600_000})
		limited, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		defer cancel()
		_, err := service.Colors.Get().Context(limited).Do()
		truth(t, "the deadline is exceeded", errors.Is(err, context.DeadlineExceeded))
		fault("calendar.events.insert", map[string]any{"do": "hangUp", "when": "after"})
		event := allDay("Trip")
		event.Id = "lost2030"
		_, err = service.Events.Insert("primary", event).Do()
		var failure *googleapi.Error
		truth(t, "not an error of the API", err != nil && !errors.As(err, &failure))
		equal(t, "made all the same", must(service.Events.Get("primary", "lost2030").Do()).Status, "confirmed")
	})
}

func credentialChecks(s *suite) {
	s.check("credentials: no token, a wrong token, an API key", func(t *T) {
		endpoint := option.WithEndpoint(root + "/calendar/v3/")
		anonymous := must(calendar.NewService(ctx, endpoint, option.WithoutAuthentication()))
		_, err := anonymous.Settings.List().Do()
		rejected(t, "no token", err, 401, "required")
		_, err = serviceOf("not-a-token").Settings.List().Do()
		failure := rejected(t, "a wrong token", err, 401, "authError")
		truth(t, "a challenge", failure.Header.Get("WWW-Authenticate") != "")

		made := newCalendar("Public")
		everyone := &calendar.AclRule{Role: "reader", Scope: &calendar.AclRuleScope{Type: "default"}}
		must(serviceOf(ada).Acl.Insert(made.Id, everyone).Do())
		must(serviceOf(ada).Events.Insert(made.Id, allDay("Fair")).Do())
		keyed := must(calendar.NewService(ctx, endpoint, option.WithAPIKey("key")))
		equal(t, "events", summaries(must(keyed.Events.List(made.Id).Do())), []string{"Fair"})
		_, err = keyed.Events.List(ada).Do()
		rejected(t, "what is not public", err, http.StatusNotFound, "notFound")
	})
}

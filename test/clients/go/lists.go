package main

import (
	"fmt"
	"slices"

	"google.golang.org/api/calendar/v3"
)

// summaries returns the summaries of events in the order of a list.
func summaries(events *calendar.Events) []string {
	found := []string{}
	for _, event := range events.Items {
		found = append(found, event.Summary)
	}
	return found
}

func eventListChecks(s *suite) {
	service := serviceOf(ada)
	made := newCalendar("Lists")
	for hour, name := range []string{"cherry", "apple", "banana", "elder", "date"} {
		event := meeting(name, fmt.Sprintf("2030-01-01T%02d:00:00Z", 10+hour), fmt.Sprintf("2030-01-01T%02d:30:00Z", 10+hour))
		event.ExtendedProperties = &calendar.EventExtendedProperties{
			Private: map[string]string{"first": name}, Shared: map[string]string{"all": "yes"},
		}
		must(service.Events.Insert(made.Id, event).Do())
	}
	list := func() *calendar.EventsListCall { return service.Events.List(made.Id) }

	s.check("events: a page at a time", func(t *T) {
		var sizes []int
		var tokens []bool
		found := map[string]bool{}
		done(list().MaxResults(2).Pages(ctx, func(page *calendar.Events) error {
			sizes = append(sizes, len(page.Items))
			tokens = append(tokens, page.NextSyncToken != "")
			for _, name := range summaries(page) {
				found[name] = true
			}
			return nil
		}))
		equal(t, "sizes", sizes, []int{2, 2, 1})
		equal(t, "a sync token on the last page alone", tokens, []bool{false, false, true})
		equal(t, "events", len(found), 5)
	})

	s.check("events: the list tells of its calendar", func(t *T) {
		page := must(list().Do())
		equal(t, "kind", page.Kind, "calendar#events")
		equal(t, "summary", page.Summary, "Lists")
		equal(t, "time zone", page.TimeZone, "Europe/Zurich")
		equal(t, "role", page.AccessRole, "owner")
	})

	s.check("events: filters and orders", func(t *T) {
		window := list().TimeMin("2030-01-01T10:30:00Z").TimeMax("2030-01-01T12:00:00Z").SingleEvents(true).OrderBy("startTime")
		equal(t, "by time", summaries(must(window.Do())), []string{"apple"})
		inOrder := list().SingleEvents(true).OrderBy("startTime")
		equal(t, "in order", summaries(must(inOrder.Do())), []string{"cherry", "apple", "banana", "elder", "date"})
		equal(t, "by text", summaries(must(list().Q("elder").Do())), []string{"elder"})
		equal(t, "by a property", summaries(must(list().PrivateExtendedProperty("first=banana").Do())), []string{"banana"})
		equal(t, "by a shared one", len(must(list().SharedExtendedProperty("all=yes").Do()).Items), 5)
		equal(t, "by types", len(must(list().EventTypes("focusTime", "outOfOffice").Do()).Items), 0)
		zone := must(list().TimeZone("America/New_York").Q("cherry").Do())
		equal(t, "in another time zone", zone.Items[0].Start.DateTime, "2030-01-01T05:00:00-05:00")
		_, err := list().OrderBy("startTime").Do()
		rejected(t, "an order that needs single events", err, 400, "invalid")
		_, err = list().TimeMin("2030-01-02T00:00:00Z").TimeMax("2030-01-01T00:00:00Z").Do()
		rejected(t, "an empty window", err, 400, "timeRangeEmpty")
	})
}

func recurringChecks(s *suite) {
	service := serviceOf(ada)

	s.check("recurrence: instances, exceptions and cancelled occurrences", func(t *T) {
		made := newCalendar("Series")
		event := meeting("Stand-up", "2030-03-25T09:00:00", "2030-03-25T09:15:00")
		event.Start.TimeZone, event.End.TimeZone = "Europe/Zurich", "Europe/Zurich"
		event.Recurrence = []string{"RRULE:FREQ=DAILY;COUNT=10"}
		series := must(service.Events.Insert(made.Id, event).Do())
		equal(t, "recurrence", series.Recurrence, event.Recurrence)

		pages := 0
		var instances []*calendar.Event
		call := service.Events.Instances(made.Id, series.Id).MaxResults(4)
		done(call.Pages(ctx, func(page *calendar.Events) error {
			pages++
			instances = append(instances, page.Items...)
			return nil
		}))
		equal(t, "pages", pages, 3)
		equal(t, "instances", len(instances), 10)
		equal(t, "id", instances[0].Id, series.Id+"_20300325T080000Z")
		equal(t, "series", instances[0].RecurringEventId, series.Id)
		// Summer time began on 31 March.
		equal(t, "the seventh", instances[6].Id, series.Id+"_20300331T070000Z")

		moved := meeting("Stand-up", "2030-03-26T15:00:00Z", "2030-03-26T15:15:00Z")
		exception := must(service.Events.Update(made.Id, instances[1].Id, moved).Do())
		equal(t, "original start", exception.OriginalStartTime.DateTime, instances[1].Start.DateTime)
		done(service.Events.Delete(made.Id, instances[2].Id).Do())

		list := must(service.Events.List(made.Id).Do())
		var statuses []string
		for _, item := range list.Items {
			statuses = append(statuses, item.Status)
		}
		slices.Sort(statuses)
		equal(t, "series, exception, cancelled occurrence", statuses, []string{"cancelled", "confirmed", "confirmed"})
		single := must(service.Events.List(made.Id).SingleEvents(true).OrderBy("startTime").Do())
		equal(t, "occurrences that take place", len(single.Items), 9)
		equal(t, "the second", single.Items[1].Start.DateTime, exception.Start.DateTime)
		from := service.Events.Instances(made.Id, series.Id).TimeMin("2030-04-01T00:00:00Z")
		equal(t, "from April on", len(must(from.Do()).Items), 3)
	})
}

func syncChecks(s *suite) {
	service := serviceOf(ada)

	s.check("sync: an incremental list has what changed, deletions too", func(t *T) {
		made := newCalendar("Sync")
		kept := must(service.Events.Insert(made.Id, allDay("kept")).Do())
		removed := must(service.Events.Insert(made.Id, allDay("removed")).Do())
		full := must(service.Events.List(made.Id).Do())
		equal(t, "nothing new", len(must(service.Events.List(made.Id).SyncToken(full.NextSyncToken).Do()).Items), 0)

		must(service.Events.Patch(made.Id, kept.Id, &calendar.Event{Summary: "changed"}).Do())
		done(service.Events.Delete(made.Id, removed.Id).Do())
		added := must(service.Events.Insert(made.Id, allDay("added")).Do())
		statuses := map[string]string{}
		pages := 0
		call := service.Events.List(made.Id).SyncToken(full.NextSyncToken).MaxResults(2)
		done(call.Pages(ctx, func(page *calendar.Events) error {
			pages++
			for _, event := range page.Items {
				statuses[event.Id] = event.Status
			}
			return nil
		}))
		equal(t, "pages", pages, 2)
		equal(t, "events", statuses, map[string]string{
			kept.Id: "confirmed", removed.Id: "cancelled", added.Id: "confirmed",
		})
	})

	s.check("sync: a token that has expired is 410, and a full sync gives another", func(t *T) {
		made := newCalendar("Sync")
		full := must(service.Events.List(made.Id).Do())
		control("POST", "/expire-sync-tokens", map[string]string{"resource": "events", "calendarId": made.Id}, nil)
		_, err := service.Events.List(made.Id).SyncToken(full.NextSyncToken).Do()
		rejected(t, "the old token", err, 410, "fullSyncRequired")
		again := must(service.Events.List(made.Id).Do())
		must(service.Events.List(made.Id).SyncToken(again.NextSyncToken).Do())
		_, err = service.Events.List(made.Id).SyncToken(again.NextSyncToken).Q("x").Do()
		rejected(t, "a token with a filter", err, 400, "invalid")
		_, err = service.Events.List(made.Id).SyncToken("nonsense").Do()
		failure := rejected(t, "a token that never was", err, 400, "invalid")
		truth(t, "a body", failure.Body != "")
	})

	s.check("sync: calendar lists and rules too", func(t *T) {
		lists := must(service.CalendarList.List().Do())
		made := newCalendar("Sync")
		changed := must(service.CalendarList.List().SyncToken(lists.NextSyncToken).Do())
		equal(t, "entries", len(changed.Items), 1)
		equal(t, "entry", changed.Items[0].Id, made.Id)
		rules := must(service.Acl.List(made.Id).Do())
		scope := &calendar.AclRuleScope{Type: "user", Value: bob}
		must(service.Acl.Insert(made.Id, &calendar.AclRule{Role: "reader", Scope: scope}).Do())
		done(service.Acl.Delete(made.Id, "user:"+bob).Do())
		incremental := must(service.Acl.List(made.Id).SyncToken(rules.NextSyncToken).Do())
		equal(t, "rules", len(incremental.Items), 1)
		equal(t, "role of a deleted rule", incremental.Items[0].Role, "none")
	})
}

package main

import (
	"slices"
	"strings"

	"google.golang.org/api/calendar/v3"
)

func calendarChecks(s *suite) {
	service := serviceOf(ada)

	s.check("calendars: insert, get", func(t *T) {
		made := newCalendar("Team")
		equal(t, "kind", made.Kind, "calendar#calendar")
		equal(t, "summary", made.Summary, "Team")
		equal(t, "time zone", made.TimeZone, "Europe/Zurich")
		truth(t, "a group calendar's id", strings.HasSuffix(made.Id, "@group.calendar.google.com"))
		equal(t, "status", made.ServerResponse.HTTPStatusCode, 200)
		read := must(service.Calendars.Get(made.Id).Do())
		equal(t, "id", read.Id, made.Id)
		equal(t, "etag", read.Etag, made.Etag)
	})

	s.check("calendars: the primary calendar has its owner's address", func(t *T) {
		primary := must(service.Calendars.Get("primary").Do())
		equal(t, "id", primary.Id, ada)
		equal(t, "by capital letters", must(service.Calendars.Get("Ada@Example.com").Do()).Id, ada)
	})

	s.check("calendars: patch keeps what it does not name, update does not", func(t *T) {
		made := newCalendar("Team")
		patched := must(service.Calendars.Patch(made.Id, &calendar.Calendar{Description: "d", Location: "Bern"}).Do())
		equal(t, "summary", patched.Summary, "Team")
		equal(t, "description", patched.Description, "d")
		cleared := must(service.Calendars.Patch(made.Id, &calendar.Calendar{NullFields: []string{"Location"}}).Do())
		equal(t, "location", cleared.Location, "")
		equal(t, "description", cleared.Description, "d")
		updated := must(service.Calendars.Update(made.Id, &calendar.Calendar{Summary: "New", TimeZone: "UTC"}).Do())
		equal(t, "summary", updated.Summary, "New")
		equal(t, "description", updated.Description, "")
		truth(t, "another etag", updated.Etag != patched.Etag)
	})

	s.check("calendars: delete is for secondary calendars, clear for primary ones", func(t *T) {
		made := newCalendar("Team")
		rejected(t, "clear of a secondary calendar", service.Calendars.Clear(made.Id).Do(), 400, "invalid")
		done(service.Calendars.Delete(made.Id).Do())
		_, err := service.Calendars.Get(made.Id).Do()
		rejected(t, "get", err, 404, "notFound")

		carol := serviceOf("carol@example.com")
		must(carol.Events.Insert("primary", allDay("Trip")).Do())
		done(carol.Calendars.Clear("primary").Do())
		equal(t, "events", len(must(carol.Events.List("primary").Do()).Items), 0)
	})

	s.check("calendars: transferOwnership gives a calendar to another user, for administrators", func(t *T) {
		made := newCalendar("Team")
		receiver := serviceOf(bob)
		must(receiver.Calendars.Get("primary").Do())
		transfer := func(by string) error {
			return serviceOf(by).Calendars.TransferOwnership(made.Id, bob, true).Do()
		}
		rejected(t, "for others", transfer(ada), 403, "forbidden")
		users := []map[string]any{{"email": "admin@example.com", "admin": true}}
		control("POST", "/seed", map[string]any{"users": users}, nil)
		done(transfer("admin@example.com"))
		equal(t, "data owner", must(receiver.CalendarList.Get(made.Id).Do()).DataOwner, bob)
		equal(t, "the one before", must(service.CalendarList.Get(made.Id).Do()).AccessRole, "owner")
	})

	s.check("colors: get has the palettes of calendars and events", func(t *T) {
		colors := must(service.Colors.Get().Do())
		equal(t, "kind", colors.Kind, "calendar#colors")
		equal(t, "of calendars", len(colors.Calendar), 24)
		equal(t, "of events", len(colors.Event), 11)
		equal(t, "background", len(colors.Event["11"].Background), len("#dc2127"))
	})

	s.check("freebusy: query lists what is busy, and calendars that cannot be read", func(t *T) {
		made := newCalendar("Team")
		must(service.Events.Insert(made.Id, meeting("Busy", "2030-03-01T09:00:00Z", "2030-03-01T10:00:00Z")).Do())
		free := meeting("Free", "2030-03-01T11:00:00Z", "2030-03-01T12:00:00Z")
		free.Transparency = "transparent"
		must(service.Events.Insert(made.Id, free).Do())
		answer := must(service.Freebusy.Query(&calendar.FreeBusyRequest{
			TimeMin: "2030-03-01T00:00:00Z",
			TimeMax: "2030-03-02T00:00:00Z",
			Items:   []*calendar.FreeBusyRequestItem{{Id: made.Id}, {Id: "nothing@example.com"}},
		}).Do())
		equal(t, "busy", len(answer.Calendars[made.Id].Busy), 1)
		equal(t, "start", answer.Calendars[made.Id].Busy[0].Start, "2030-03-01T09:00:00Z")
		equal(t, "end", answer.Calendars[made.Id].Busy[0].End, "2030-03-01T10:00:00Z")
		equal(t, "error", answer.Calendars["nothing@example.com"].Errors[0].Reason, "notFound")
		_, err := service.Freebusy.Query(&calendar.FreeBusyRequest{
			TimeMin: "2030-01-01T00:00:00Z", TimeMax: "2031-01-01T00:00:00Z",
		}).Do()
		rejected(t, "a year", err, 400, "timeRangeTooLong")
	})
}

func calendarListChecks(s *suite) {
	s.check("calendarList: a shared calendar is inserted, patched, updated and deleted", func(t *T) {
		service := serviceOf(bob)
		shared := newCalendar("Shared")
		rule := &calendar.AclRule{Role: "reader", Scope: &calendar.AclRuleScope{Type: "user", Value: bob}}
		must(serviceOf(ada).Acl.Insert(shared.Id, rule).Do())

		entry := must(service.CalendarList.Insert(&calendar.CalendarListEntry{Id: shared.Id}).Do())
		equal(t, "kind", entry.Kind, "calendar#calendarListEntry")
		equal(t, "summary", entry.Summary, "Shared")
		equal(t, "role", entry.AccessRole, "reader")
		patched := must(service.CalendarList.Patch(shared.Id, &calendar.CalendarListEntry{
			BackgroundColor: "#112233", ForegroundColor: "#ffffff", SummaryOverride: "Ada's",
		}).ColorRgbFormat(true).Do())
		equal(t, "override", patched.SummaryOverride, "Ada's")
		equal(t, "colour", patched.BackgroundColor, "#112233")
		updated := must(service.CalendarList.Update(shared.Id, &calendar.CalendarListEntry{
			ColorId: "9", Hidden: true,
			DefaultReminders: []*calendar.EventReminder{{Method: "popup", Minutes: 30}},
		}).Do())
		equal(t, "override", updated.SummaryOverride, "")
		equal(t, "reminder", updated.DefaultReminders[0].Minutes, 30)
		equal(t, "get", must(service.CalendarList.Get(shared.Id).Do()).ColorId, "9")

		ids := func(call *calendar.CalendarListListCall) []string {
			list := must(call.Do())
			equal(t, "kind", list.Kind, "calendar#calendarList")
			var ids []string
			for _, item := range list.Items {
				ids = append(ids, item.Id)
			}
			return ids
		}
		truth(t, "hidden entries are left out", !slices.Contains(ids(service.CalendarList.List()), shared.Id))
		truth(t, "unless asked for", slices.Contains(ids(service.CalendarList.List().ShowHidden(true)), shared.Id))
		owned := ids(service.CalendarList.List().ShowHidden(true).MinAccessRole("owner"))
		truth(t, "minAccessRole filters", !slices.Contains(owned, shared.Id) && slices.Contains(owned, bob))

		done(service.CalendarList.Delete(shared.Id).Do())
		_, err := service.CalendarList.Get(shared.Id).Do()
		rejected(t, "get", err, 404, "notFound")
		rejected(t, "delete of the primary", service.CalendarList.Delete("primary").Do(), 403, "forbidden")
	})
}

func aclChecks(s *suite) {
	service := serviceOf(ada)

	s.check("acl: a rule is inserted, patched, updated and deleted", func(t *T) {
		made := newCalendar("Shared")
		rule := must(service.Acl.Insert(made.Id, &calendar.AclRule{
			Role: "reader", Scope: &calendar.AclRuleScope{Type: "user", Value: bob},
		}).SendNotifications(false).Do())
		equal(t, "kind", rule.Kind, "calendar#aclRule")
		equal(t, "id", rule.Id, "user:"+bob)
		equal(t, "patch", must(service.Acl.Patch(made.Id, rule.Id, &calendar.AclRule{Role: "writer"}).Do()).Role, "writer")
		updated := &calendar.AclRule{Role: "freeBusyReader", Scope: rule.Scope}
		equal(t, "update", must(service.Acl.Update(made.Id, rule.Id, updated).Do()).Role, "freeBusyReader")
		equal(t, "get", must(service.Acl.Get(made.Id, rule.Id).Do()).Role, "freeBusyReader")
		done(service.Acl.Delete(made.Id, rule.Id).Do())
		_, err := service.Acl.Get(made.Id, rule.Id).Do()
		rejected(t, "get", err, 404, "notFound")
	})

	s.check("acl: a page at a time, and deleted rules on request", func(t *T) {
		made := newCalendar("Shared")
		for _, domain := range []string{"a.example", "b.example", "c.example"} {
			scope := &calendar.AclRuleScope{Type: "domain", Value: domain}
			must(service.Acl.Insert(made.Id, &calendar.AclRule{Role: "reader", Scope: scope}).Do())
		}
		done(service.Acl.Delete(made.Id, "domain:b.example").Do())
		pages, roles := 0, map[string]string{}
		done(service.Acl.List(made.Id).MaxResults(2).ShowDeleted(true).Pages(ctx, func(page *calendar.Acl) error {
			pages++
			for _, rule := range page.Items {
				roles[rule.Id] = rule.Role
			}
			return nil
		}))
		equal(t, "pages", pages, 2)
		equal(t, "roles", roles, map[string]string{
			"user:" + ada: "owner", "domain:a.example": "reader", "domain:b.example": "none", "domain:c.example": "reader",
		})
		_, err := serviceOf(bob).Acl.List(made.Id).Do()
		rejected(t, "by a stranger", err, 404, "notFound")
	})
}

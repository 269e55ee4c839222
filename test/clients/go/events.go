package main

import (
	"net/http"

	"google.golang.org/api/calendar/v3"
	"google.golang.org/api/googleapi"
)

func meeting(summary, start, end string) *calendar.Event {
	return &calendar.Event{
		Summary: summary,
		Start:   &calendar.EventDateTime{DateTime: start},
		End:     &calendar.EventDateTime{DateTime: end},
	}
}

func allDay(summary string) *calendar.Event {
	return &calendar.Event{
		Summary: summary,
		Start:   &calendar.EventDateTime{Date: "2030-01-01"},
		End:     &calendar.EventDateTime{Date: "2030-01-02"},
	}
}

func eventChecks(s *suite) {
	service := serviceOf(ada)

	s.check("events: insert fills in what Google does, get returns the same", func(t *T) {
		event := meeting("Lunch", "2030-01-01T12:00:00+01:00", "2030-01-01T13:00:00+01:00")
		event.Attendees = []*calendar.EventAttendee{{Email: bob}}
		event.ExtendedProperties = &calendar.EventExtendedProperties{Private: map[string]string{"a": "b"}}
		event.Reminders = &calendar.EventReminders{
			Overrides:       []*calendar.EventReminder{{Method: "popup", Minutes: 10}},
			ForceSendFields: []string{"UseDefault"},
		}
		made := must(service.Events.Insert("primary", event).SendUpdates("none").Do())
		equal(t, "kind", made.Kind, "calendar#event")
		equal(t, "status", made.Status, "confirmed")
		equal(t, "type", made.EventType, "default")
		equal(t, "iCalUID", made.ICalUID, made.Id+"@google.com")
		equal(t, "creator", made.Creator.Email, ada)
		truth(t, "organizer is the caller", made.Organizer.Self)
		equal(t, "attendee", made.Attendees[0].ResponseStatus, "needsAction")
		equal(t, "private property", made.ExtendedProperties.Private["a"], "b")
		equal(t, "reminder", made.Reminders.Overrides[0].Minutes, 10)
		truth(t, "without default reminders", !made.Reminders.UseDefault)
		equal(t, "ETag header", made.ServerResponse.Header.Get("ETag"), made.Etag)
		read := must(service.Events.Get("primary", made.Id).Do())
		equal(t, "etag", read.Etag, made.Etag)
		equal(t, "start", read.Start.DateTime, made.Start.DateTime)
		invitation := must(serviceOf(bob).Events.Get("primary", made.Id).Do())
		truth(t, "the guest's copy is not organized by them", !invitation.Organizer.Self)
		truth(t, "the guest is marked", invitation.Attendees[0].Self)
	})

	s.check("events: patch merges, update replaces", func(t *T) {
		event := allDay("Trip")
		event.Location, event.Description = "Bern", "d"
		made := must(service.Events.Insert("primary", event).Do())
		patched := must(service.Events.Patch("primary", made.Id, &calendar.Event{Summary: "Holiday"}).Do())
		equal(t, "summary", patched.Summary, "Holiday")
		equal(t, "location", patched.Location, "Bern")
		emptied := &calendar.Event{NullFields: []string{"Location"}, ForceSendFields: []string{"Description"}}
		equal(t, "location", must(service.Events.Patch("primary", made.Id, emptied).Do()).Location, "")
		updated := must(service.Events.Update("primary", made.Id, allDay("Trip")).Do())
		equal(t, "summary", updated.Summary, "Trip")
		equal(t, "description", updated.Description, "")
	})

	s.check("events: a guest answers, and the organizer sees it", func(t *T) {
		event := allDay("Party")
		event.Attendees = []*calendar.EventAttendee{{Email: bob}}
		made := must(service.Events.Insert("primary", event).Do())
		answer := &calendar.Event{Attendees: []*calendar.EventAttendee{{Email: bob, ResponseStatus: "accepted"}}}
		must(serviceOf(bob).Events.Patch("primary", made.Id, answer).Do())
		read := must(service.Events.Get("primary", made.Id).Do())
		equal(t, "answer", read.Attendees[0].ResponseStatus, "accepted")
		_, err := serviceOf(bob).Events.Patch("primary", made.Id, &calendar.Event{Summary: "Mine"}).Do()
		read = must(service.Events.Get("primary", made.Id).Do())
		equal(t, "summary", read.Summary, "Party")
		rejected(t, "a guest cannot rename it", err, 403, "forbiddenForNonOrganizer")
	})

	s.check("events: delete leaves a cancelled event", func(t *T) {
		made := must(service.Events.Insert("primary", allDay("Trip")).Do())
		done(service.Events.Delete("primary", made.Id).SendUpdates("none").Do())
		equal(t, "status", must(service.Events.Get("primary", made.Id).Do()).Status, "cancelled")
		rejected(t, "again", service.Events.Delete("primary", made.Id).Do(), 410, "deleted")
	})

	s.check("events: import keeps the iCalUID and the organizer", func(t *T) {
		event := allDay("Fair")
		event.ICalUID = "fair-2030@example.org"
		event.Organizer = &calendar.EventOrganizer{Email: "fair@example.org"}
		_, err := service.Events.Import("primary", event).Do()
		rejected(t, "without the calendar's owner", err, 400, "participantIsNeitherOrganizerNorAttendee")
		event.Attendees = []*calendar.EventAttendee{{Email: ada, ResponseStatus: "accepted"}}
		made := must(service.Events.Import("primary", event).Do())
		equal(t, "iCalUID", made.ICalUID, "fair-2030@example.org")
		list := must(service.Events.List("primary").ICalUID("fair-2030@example.org").Do())
		equal(t, "found by it", len(list.Items), 1)
		equal(t, "organizer", made.Organizer.Email, "fair@example.org")
		_, err = service.Events.Import("primary", allDay("Fair")).Do()
		rejected(t, "without iCalUID", err, 400, "required")
	})

	s.check("events: move changes the organizer", func(t *T) {
		from, to := newCalendar("From"), newCalendar("To")
		made := must(service.Events.Insert(from.Id, allDay("Trip")).Do())
		moved := must(service.Events.Move(from.Id, made.Id, to.Id).Do())
		equal(t, "id", moved.Id, made.Id)
		equal(t, "organizer", moved.Organizer.Email, to.Id)
		equal(t, "where it is", must(service.Events.Get(to.Id, made.Id).Do()).Status, "confirmed")
		equal(t, "where it was", must(service.Events.Get(from.Id, made.Id).Do()).Status, "cancelled")
	})

	s.check("events: quickAdd reads the time, the title and the place", func(t *T) {
		made := must(service.Events.QuickAdd("primary", "Lunch at Somewhere on June 3rd 2030 12pm-1pm").Do())
		equal(t, "kind", made.Kind, "calendar#event")
		equal(t, "day and hour", made.Start.DateTime[:13], "2030-06-03T12")
		equal(t, "end", made.End.DateTime[:13], "2030-06-03T13")
		equal(t, "title", made.Summary[:5], "Lunch")
		_, err := service.Events.QuickAdd("primary", "").Do()
		rejected(t, "without text", err, 400, "required")
	})

	s.check("preconditions: 304 for what is known, 412 for what has changed", func(t *T) {
		made := must(service.Events.Insert("primary", allDay("Trip")).Do())
		_, err := service.Events.Get("primary", made.Id).IfNoneMatch(made.Etag).Do()
		truth(t, "not modified", googleapi.IsNotModified(err))
		changed := must(service.Events.Patch("primary", made.Id, &calendar.Event{Summary: "Holiday"}).Do())
		read := must(service.Events.Get("primary", made.Id).IfNoneMatch(made.Etag).Do())
		equal(t, "etag", read.Etag, changed.Etag)
		stale := service.Events.Patch("primary", made.Id, &calendar.Event{Summary: "Mine"})
		stale.Header().Set("If-Match", made.Etag)
		_, err = stale.Do()
		rejected(t, "a write on an old version", err, 412, "conditionNotMet")
		fresh := service.Events.Patch("primary", made.Id, &calendar.Event{Summary: "Mine"})
		fresh.Header().Set("If-Match", changed.Etag)
		equal(t, "a write on the version", must(fresh.Do()).Summary, "Mine")
		list := must(service.Calendars.Get("primary").Do())
		_, err = service.Calendars.Get("primary").IfNoneMatch(list.Etag).Do()
		truth(t, "a calendar too", googleapi.IsNotModified(err))
	})

	s.check("fields: only what is named is returned", func(t *T) {
		made := must(service.Events.Insert("primary", allDay("Trip")).Fields("id", "start/date").Do())
		equal(t, "start", made.Start.Date, "2030-01-01")
		equal(t, "summary", made.Summary, "")
		list := must(service.Events.List("primary").Fields("items(id,end),nextSyncToken").Do())
		equal(t, "kind", list.Kind, "")
		truth(t, "start", list.Items[0].Start == nil && list.Items[0].End != nil)
		_, err := service.Events.List("primary").Fields("nothing").Do()
		rejected(t, "a field that does not exist", err, 400, "invalidParameter")
	})

	s.check("types: what is special about an event comes back as it was", func(t *T) {
		event := meeting("Focus", "2030-01-01T09:00:00Z", "2030-01-01T10:00:00Z")
		event.EventType = "focusTime"
		event.FocusTimeProperties = &calendar.EventFocusTimeProperties{
			AutoDeclineMode: "declineNone", ChatStatus: "doNotDisturb",
		}
		made := must(service.Events.Insert("primary", event).Do())
		equal(t, "type", made.EventType, "focusTime")
		equal(t, "chat", made.FocusTimeProperties.ChatStatus, "doNotDisturb")

		home := allDay("Home")
		home.EventType, home.Visibility, home.Transparency = "workingLocation", "public", "transparent"
		home.WorkingLocationProperties = &calendar.EventWorkingLocationProperties{
			Type: "homeOffice", HomeOffice: map[string]any{},
		}
		equal(t, "place", must(service.Events.Insert("primary", home).Do()).WorkingLocationProperties.Type, "homeOffice")

		call := meeting("Call", "2030-01-01T09:00:00Z", "2030-01-01T10:00:00Z")
		call.ConferenceData = &calendar.ConferenceData{CreateRequest: &calendar.CreateConferenceRequest{
			RequestId: "r", ConferenceSolutionKey: &calendar.ConferenceSolutionKey{Type: "hangoutsMeet"},
		}}
		conference := must(service.Events.Insert("primary", call).ConferenceDataVersion(1).Do()).ConferenceData
		equal(t, "conference", conference.CreateRequest.Status.StatusCode, "success")
		equal(t, "entry point", conference.EntryPoints[0].EntryPointType, "video")
	})

	s.check("transport: answers are typed as Google's", func(t *T) {
		made := must(service.Events.Insert("primary", allDay("Trip")).Do())
		equal(t, "status", made.ServerResponse.HTTPStatusCode, http.StatusOK)
		equal(t, "content type", made.ServerResponse.Header.Get("Content-Type"), "application/json; charset=UTF-8")
	})
}

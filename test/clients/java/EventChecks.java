import com.google.api.client.http.HttpResponseException;
import com.google.api.client.util.Data;
import com.google.api.client.util.DateTime;
import com.google.api.services.calendar.Calendar;
import com.google.api.services.calendar.model.Event;
import com.google.api.services.calendar.model.EventAttendee;
import com.google.api.services.calendar.model.EventReminder;
import com.google.api.services.calendar.model.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The methods of events, but for watch. */
final class EventChecks {
  private static final Calendar SERVICE = Emulator.serviceOf(Emulator.ADA);

  private EventChecks() {}

  static void run() {
    Suite.check("events: insert, get, patch, update, delete", () -> {
      Event event = Emulator.meeting("Lunch", "2030-01-01T12:00:00+01:00", "2030-01-01T13:00:00+01:00")
          .setLocation("Bern").setAttendees(List.of(new EventAttendee().setEmail(Emulator.BOB)))
          .setExtendedProperties(new Event.ExtendedProperties().setPrivate(Map.of("a", "b")))
          .setReminders(new Event.Reminders().setUseDefault(false)
              .setOverrides(List.of(new EventReminder().setMethod("popup").setMinutes(10))));
      Event made = SERVICE.events().insert("primary", event).setSendUpdates("none").execute();
      Suite.equal("status", made.getStatus(), "confirmed");
      Suite.equal("start", made.getStart().getDateTime().getValue(), event.getStart().getDateTime().getValue());
      Suite.equal("creator", made.getCreator().getEmail(), Emulator.ADA);
      Suite.equal("answer", made.getAttendees().get(0).getResponseStatus(), "needsAction");
      Suite.equal("property", made.getExtendedProperties().getPrivate().get("a"), "b");
      Suite.equal("reminder", made.getReminders().getOverrides().get(0).getMinutes(), 10);
      Suite.equal("get", SERVICE.events().get("primary", made.getId()).execute(), made);
      Event patch = new Event().setSummary("Dinner").setLocation(Data.nullOf(String.class));
      Event patched = SERVICE.events().patch("primary", made.getId(), patch).execute();
      Suite.equal("what patch sets", patched.getSummary(), "Dinner");
      Suite.equal("what patch removes", patched.getLocation(), null);
      Suite.equal("what patch keeps", patched.getAttendees().size(), 1);
      Event updated = SERVICE.events().update("primary", made.getId(), Emulator.allDay("Trip")).execute();
      Suite.equal("what update sets", updated.getStart().getDate().toString(), "2030-01-01");
      Suite.equal("what update drops", updated.getStart().getDateTime(), null);
      SERVICE.events().delete("primary", made.getId()).execute();
      Suite.equal("after delete", SERVICE.events().get("primary", made.getId()).execute().getStatus(), "cancelled");
      Suite.rejected("delete again", 410, "deleted",
          () -> SERVICE.events().delete("primary", made.getId()).execute());
    });

    Suite.check("events: a guest answers", () -> {
      Event event = Emulator.allDay("Party").setAttendees(List.of(new EventAttendee().setEmail(Emulator.BOB)));
      Event made = SERVICE.events().insert("primary", event).execute();
      Calendar bob = Emulator.serviceOf(Emulator.BOB);
      EventAttendee answer = new EventAttendee().setEmail(Emulator.BOB).setResponseStatus("accepted");
      bob.events().patch("primary", made.getId(), new Event().setAttendees(List.of(answer))).execute();
      Event read = SERVICE.events().get("primary", made.getId()).execute();
      Suite.equal("answer", read.getAttendees().get(0).getResponseStatus(), "accepted");
      Suite.rejected("rename", 403, "forbiddenForNonOrganizer",
          () -> bob.events().patch("primary", made.getId(), new Event().setSummary("Mine")).execute());
    });

    Suite.check("events: import, move, quickAdd", () -> {
      Event event = Emulator.allDay("Fair").setICalUID("java-fair@example.org")
          .setOrganizer(new Event.Organizer().setEmail("fair@example.org"))
          .setAttendees(List.of(new EventAttendee().setEmail(Emulator.ADA)));
      Event imported = SERVICE.events().calendarImport("primary", event).execute();
      Suite.equal("iCalUID", imported.getICalUID(), "java-fair@example.org");
      String from = Emulator.newCalendar("From");
      String to = Emulator.newCalendar("To");
      Event made = SERVICE.events().insert(from, Emulator.allDay("Trip")).execute();
      Suite.equal("organizer", SERVICE.events().move(from, made.getId(), to).execute().getOrganizer().getEmail(), to);
      Event added = SERVICE.events().quickAdd("primary", "Lunch at Somewhere on June 3rd 2030 12pm-1pm").execute();
      Suite.equal("day and hour", added.getStart().getDateTime().toString().substring(0, 13), "2030-06-03T12");
    });

    Suite.check("events: filters and pages of a list", () -> {
      String id = Emulator.newCalendar("Lists");
      for (String name : List.of("cherry", "apple", "banana")) {
        int hour = 10 + name.length();
        Event event = Emulator.meeting(name, "2030-01-01T" + hour + ":00:00Z", "2030-01-01T" + hour + ":30:00Z")
            .setExtendedProperties(new Event.ExtendedProperties().setPrivate(Map.of("name", name, "all", "yes")));
        SERVICE.events().insert(id, event).execute();
      }
      List<Integer> sizes = new ArrayList<>();
      List<Boolean> tokens = new ArrayList<>();
      Calendar.Events.List list = SERVICE.events().list(id).setMaxResults(2);
      do {
        Events page = list.execute();
        sizes.add(page.getItems().size());
        tokens.add(page.getNextSyncToken() != null);
        list.setPageToken(page.getNextPageToken());
      } while (list.getPageToken() != null);
      Suite.equal("sizes", sizes, List.of(2, 1));
      Suite.equal("sync tokens", tokens, List.of(false, true));
      Calendar.Events.List window = SERVICE.events().list(id).setSingleEvents(true).setOrderBy("startTime")
          .setTimeMin(new DateTime("2030-01-01T15:15:00Z")).setTimeMax(new DateTime("2030-01-01T16:00:00Z"));
      Suite.equal("by time", names(window.execute()), List.of("apple"));
      Suite.equal("by text", names(SERVICE.events().list(id).setQ("cherry").execute()), List.of("cherry"));
      Suite.equal("by two properties", names(SERVICE.events().list(id)
          .setPrivateExtendedProperty(List.of("name=banana", "all=yes")).execute()), List.of("banana"));
      Suite.rejected("an order that needs single events", 400, "invalid",
          () -> SERVICE.events().list(id).setOrderBy("startTime").execute());
    });

    Suite.check("events: instances of a series", () -> {
      String id = Emulator.newCalendar("Series");
      Event event = Emulator.meeting("Stand-up", "2030-03-25T09:00:00Z", "2030-03-25T09:15:00Z")
          .setRecurrence(List.of("RRULE:FREQ=DAILY;COUNT=5"));
      event.getStart().setTimeZone("UTC");
      event.getEnd().setTimeZone("UTC");
      Event series = SERVICE.events().insert(id, event).execute();
      List<Event> instances = SERVICE.events().instances(id, series.getId()).execute().getItems();
      Suite.equal("instances", instances.size(), 5);
      Suite.equal("id", instances.get(0).getId(), series.getId() + "_20300325T090000Z");
      SERVICE.events().delete(id, instances.get(1).getId()).execute();
      Suite.equal("without the deleted one",
          SERVICE.events().list(id).setSingleEvents(true).execute().getItems().size(), 4);
    });

    Suite.check("preconditions: 304 for what is known, 412 for what has changed", () -> {
      Event made = SERVICE.events().insert("primary", Emulator.allDay("Trip")).execute();
      Calendar.Events.Get known = SERVICE.events().get("primary", made.getId());
      known.getRequestHeaders().setIfNoneMatch(made.getEtag());
      int status = 0;
      try {
        known.execute();
      } catch (HttpResponseException notModified) {
        status = notModified.getStatusCode();
      }
      Suite.equal("not modified", status, 304);
      Event changed = SERVICE.events().patch("primary", made.getId(), new Event().setSummary("Holiday")).execute();
      Suite.equal("what has changed", known.execute().getEtag(), changed.getEtag());
      Calendar.Events.Patch stale = SERVICE.events().patch("primary", made.getId(), new Event().setSummary("Mine"));
      stale.getRequestHeaders().setIfMatch(made.getEtag());
      Suite.rejected("a write on an old version", 412, "conditionNotMet", stale::execute);
      stale.getRequestHeaders().setIfMatch(changed.getEtag());
      Suite.equal("a write on the version", stale.execute().getSummary(), "Mine");
    });

    Suite.check("fields: only what is named is returned", () -> {
      Event made = SERVICE.events().insert("primary", Emulator.allDay("Trip")).setFields("id,start/date").execute();
      Suite.equal("fields", made.keySet(), java.util.Set.of("id", "start"));
      Suite.rejected("a field that does not exist", 400, "invalidParameter",
          () -> SERVICE.events().list("primary").setFields("nothing").execute());
    });
  }

  private static List<String> names(Events events) {
    return events.getItems().stream().map(Event::getSummary).toList();
  }
}

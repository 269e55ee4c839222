import com.google.api.client.util.Data;
import com.google.api.client.util.DateTime;
import com.google.api.services.calendar.Calendar;
import com.google.api.services.calendar.model.AclRule;
import com.google.api.services.calendar.model.CalendarListEntry;
import com.google.api.services.calendar.model.Colors;
import com.google.api.services.calendar.model.EventReminder;
import com.google.api.services.calendar.model.FreeBusyCalendar;
import com.google.api.services.calendar.model.FreeBusyRequest;
import com.google.api.services.calendar.model.FreeBusyRequestItem;
import com.google.api.services.calendar.model.Setting;
import java.util.List;
import java.util.Map;

/** calendars, calendarList, acl, colors, freebusy and settings. */
final class CalendarChecks {
  private static final Calendar SERVICE = Emulator.serviceOf(Emulator.ADA);

  private CalendarChecks() {}

  private static com.google.api.services.calendar.model.Calendar body() {
    return new com.google.api.services.calendar.model.Calendar();
  }

  static void run() {
    Suite.check("calendars: insert, get, patch, update, delete", () -> {
      String id = Emulator.newCalendar("Team");
      com.google.api.services.calendar.model.Calendar read = SERVICE.calendars().get(id).execute();
      Suite.equal("kind", read.getKind(), "calendar#calendar");
      Suite.equal("summary", read.getSummary(), "Team");
      Suite.equal("time zone", read.getTimeZone(), "Europe/Zurich");
      com.google.api.services.calendar.model.Calendar patched =
          SERVICE.calendars().patch(id, body().setDescription("d").setLocation("Bern")).execute();
      Suite.equal("what patch keeps", patched.getSummary(), "Team");
      Suite.equal("what patch sets", patched.getDescription(), "d");
      patched = SERVICE.calendars().patch(id, body().setLocation(Data.nullOf(String.class))).execute();
      Suite.equal("what patch removes", patched.getLocation(), null);
      com.google.api.services.calendar.model.Calendar updated =
          SERVICE.calendars().update(id, body().setSummary("New")).execute();
      Suite.equal("what update sets", updated.getSummary(), "New");
      Suite.equal("what update drops", updated.getDescription(), null);
      SERVICE.calendars().delete(id).execute();
      Suite.rejected("get", 404, "notFound", () -> SERVICE.calendars().get(id).execute());
    });

    Suite.check("calendars: clear empties a primary calendar", () -> {
      Calendar carol = Emulator.serviceOf("carol@example.com");
      carol.events().insert("primary", Emulator.allDay("Trip")).execute();
      carol.calendars().clear("primary").execute();
      Suite.equal("events", carol.events().list("primary").execute().getItems().size(), 0);
      String id = Emulator.newCalendar("Team");
      Suite.rejected("of others", 400, "invalid", () -> SERVICE.calendars().clear(id).execute());
    });

    Suite.check("calendars: transferOwnership gives a calendar to another user, for administrators", () -> {
      String id = Emulator.newCalendar("Team");
      Calendar bob = Emulator.serviceOf(Emulator.BOB);
      bob.calendars().get("primary").execute();
      Suite.rejected("for others", 403, "forbidden",
          () -> SERVICE.calendars().transferOwnership(id, Emulator.BOB, true).execute());
      Emulator.control("POST", "/seed", "{\"users\":[{\"email\":\"admin@example.com\",\"admin\":true}]}");
      Emulator.serviceOf("admin@example.com").calendars().transferOwnership(id, Emulator.BOB, true).execute();
      Suite.equal("data owner", bob.calendarList().get(id).execute().getDataOwner(), Emulator.BOB);
    });

    Suite.check("calendarList: insert, get, list, patch, update, delete", () -> {
      String id = Emulator.newCalendar("Shared");
      SERVICE.acl().insert(id, Emulator.rule("reader", "user", Emulator.BOB)).execute();
      Calendar bob = Emulator.serviceOf(Emulator.BOB);
      CalendarListEntry entry = bob.calendarList().insert(new CalendarListEntry().setId(id)).execute();
      Suite.equal("role", entry.getAccessRole(), "reader");
      CalendarListEntry patched = bob.calendarList()
          .patch(id, new CalendarListEntry().setBackgroundColor("#112233").setSummaryOverride("Ada's"))
          .setColorRgbFormat(true).execute();
      Suite.equal("colour", patched.getBackgroundColor(), "#112233");
      EventReminder reminder = new EventReminder().setMethod("popup").setMinutes(30);
      CalendarListEntry updated = bob.calendarList().update(id, new CalendarListEntry().setHidden(true)
          .setColorId("9").setDefaultReminders(List.of(reminder))).execute();
      Suite.equal("reminder", updated.getDefaultReminders().get(0).getMinutes(), 30);
      Suite.equal("override", updated.getSummaryOverride(), null);
      Suite.equal("get", bob.calendarList().get(id).execute().getColorId(), "9");
      Suite.truth("hidden entries are left out", bob.calendarList().list().execute().getItems().stream()
          .noneMatch(item -> item.getId().equals(id)));
      Suite.truth("unless asked for", bob.calendarList().list().setShowHidden(true).execute().getItems().stream()
          .anyMatch(item -> item.getId().equals(id)));
      bob.calendarList().delete(id).execute();
      Suite.rejected("get", 404, "notFound", () -> bob.calendarList().get(id).execute());
    });

    Suite.check("acl: insert, get, list, patch, update, delete", () -> {
      String id = Emulator.newCalendar("Shared");
      AclRule made = SERVICE.acl().insert(id, Emulator.rule("reader", "user", Emulator.BOB))
          .setSendNotifications(false).execute();
      Suite.equal("id", made.getId(), "user:" + Emulator.BOB);
      Suite.equal("patch", SERVICE.acl().patch(id, made.getId(), new AclRule().setRole("writer")).execute().getRole(),
          "writer");
      Suite.equal("update", SERVICE.acl().update(id, made.getId(), Emulator.rule("owner", "user", Emulator.BOB))
          .execute().getRole(), "owner");
      Suite.equal("get", SERVICE.acl().get(id, made.getId()).execute().getRole(), "owner");
      Suite.equal("list", SERVICE.acl().list(id).execute().getItems().size(), 2);
      SERVICE.acl().delete(id, made.getId()).execute();
      Suite.equal("list", SERVICE.acl().list(id).execute().getItems().size(), 1);
      Suite.equal("with deleted ones", SERVICE.acl().list(id).setShowDeleted(true).execute().getItems().size(), 2);
      Suite.rejected("by a stranger", 404, "notFound",
          () -> Emulator.serviceOf(Emulator.BOB).acl().list(id).execute());
    });

    Suite.check("colors: the palettes of calendars and events", () -> {
      Colors colors = SERVICE.colors().get().execute();
      Suite.equal("of calendars", colors.getCalendar().size(), 24);
      Suite.equal("of events", colors.getEvent().size(), 11);
      Suite.truth("a colour", colors.getEvent().get("11").getBackground().matches("#[0-9a-f]{6}"));
    });

    Suite.check("freebusy: what is busy, and calendars that cannot be read", () -> {
      String id = Emulator.newCalendar("Team");
      SERVICE.events()
          .insert(id, Emulator.meeting("Busy", "2030-03-01T09:00:00Z", "2030-03-01T10:00:00Z")).execute();
      FreeBusyRequest query = new FreeBusyRequest()
          .setTimeMin(new DateTime("2030-03-01T00:00:00Z")).setTimeMax(new DateTime("2030-03-02T00:00:00Z"))
          .setItems(List.of(new FreeBusyRequestItem().setId(id), new FreeBusyRequestItem().setId("no@example.com")));
      Map<String, FreeBusyCalendar> answer = SERVICE.freebusy().query(query).execute().getCalendars();
      Suite.equal("busy", answer.get(id).getBusy().size(), 1);
      Suite.equal("start", answer.get(id).getBusy().get(0).getStart().getValue(),
          new DateTime("2030-03-01T09:00:00Z").getValue());
      Suite.equal("error", answer.get("no@example.com").getErrors().get(0).getReason(), "notFound");
      Suite.rejected("a year", 400, "timeRangeTooLong", () -> SERVICE.freebusy()
          .query(new FreeBusyRequest().setTimeMin(query.getTimeMin()).setTimeMax(new DateTime("2031-03-01T00:00:00Z")))
          .execute());
    });

    Suite.check("settings: list, get, and what changed", () -> {
      var list = SERVICE.settings().list().execute();
      Suite.truth("the time zone is among them",
          list.getItems().stream().map(Setting::getId).anyMatch("timezone"::equals));
      Suite.equal("get", SERVICE.settings().get("timezone").execute().getKind(), "calendar#setting");
      Emulator.control("POST", "/settings", "{\"user\":\"ada@example.com\",\"id\":\"weekStart\",\"value\":\"1\"}");
      var changed = SERVICE.settings().list().setSyncToken(list.getNextSyncToken()).execute();
      Suite.equal("what changed", changed.getItems().get(0).getValue(), "1");
    });
  }
}

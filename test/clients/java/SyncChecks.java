import com.google.api.services.calendar.Calendar;
import com.google.api.services.calendar.model.Event;
import com.google.api.services.calendar.model.Events;
import java.util.Map;
import java.util.stream.Collectors;

/** Sync tokens. */
final class SyncChecks {
  private static final Calendar SERVICE = Emulator.serviceOf(Emulator.ADA);

  private SyncChecks() {}

  static void run() {
    Suite.check("sync: an incremental list has what changed, deletions too", () -> {
      String id = Emulator.newCalendar("Sync");
      Event kept = SERVICE.events().insert(id, Emulator.allDay("kept")).execute();
      Event removed = SERVICE.events().insert(id, Emulator.allDay("removed")).execute();
      SERVICE.events().insert(id, Emulator.allDay("untouched")).execute();
      String token = SERVICE.events().list(id).execute().getNextSyncToken();
      Suite.equal("nothing new", SERVICE.events().list(id).setSyncToken(token).execute().getItems().size(), 0);
      SERVICE.events().patch(id, kept.getId(), new Event().setSummary("changed")).execute();
      SERVICE.events().delete(id, removed.getId()).execute();
      Events changed = SERVICE.events().list(id).setSyncToken(token).execute();
      Suite.equal("statuses", changed.getItems().stream().collect(Collectors.toMap(Event::getId, Event::getStatus)),
          Map.of(kept.getId(), "confirmed", removed.getId(), "cancelled"));
      Suite.truth("another token", !changed.getNextSyncToken().equals(token));
    });

    Suite.check("sync: a token that has expired is 410 with details", () -> {
      String id = Emulator.newCalendar("Sync");
      String token = SERVICE.events().list(id).execute().getNextSyncToken();
      Emulator.control("POST", "/expire-sync-tokens",
          "{\"resource\":\"events\",\"calendarId\":\"%s\"}".formatted(id));
      Suite.equal("message", Suite.rejected("the old token", 410, "fullSyncRequired",
          () -> SERVICE.events().list(id).setSyncToken(token).execute()).getMessage(),
          "Sync token is no longer valid, a full sync is required.");
      String fresh = SERVICE.events().list(id).execute().getNextSyncToken();
      Suite.equal("after a full sync", SERVICE.events().list(id).setSyncToken(fresh).execute().getItems().size(), 0);
      Suite.rejected("a token with a filter", 400, "invalid",
          () -> SERVICE.events().list(id).setSyncToken(fresh).setQ("x").execute());
    });

    Suite.check("sync: calendar lists and rules too", () -> {
      String lists = SERVICE.calendarList().list().execute().getNextSyncToken();
      String id = Emulator.newCalendar("Sync");
      var changed = SERVICE.calendarList().list().setSyncToken(lists).execute().getItems();
      Suite.equal("entries", changed.size(), 1);
      Suite.equal("entry", changed.get(0).getId(), id);
      String rules = SERVICE.acl().list(id).execute().getNextSyncToken();
      SERVICE.acl().insert(id, Emulator.rule("reader", "user", Emulator.BOB)).execute();
      SERVICE.acl().delete(id, "user:" + Emulator.BOB).execute();
      Suite.equal("role of a deleted rule",
          SERVICE.acl().list(id).setSyncToken(rules).execute().getItems().get(0).getRole(), "none");
    });
  }
}

import com.google.api.client.googleapis.batch.BatchRequest;
import com.google.api.client.googleapis.batch.json.JsonBatchCallback;
import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.http.HttpHeaders;
import com.google.api.services.calendar.Calendar;
import com.google.api.services.calendar.model.CalendarList;
import com.google.api.services.calendar.model.Event;
import com.google.api.services.calendar.model.Events;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Batches as this client builds and reads them. */
final class BatchChecks {
  private static final Calendar SERVICE = Emulator.serviceOf(Emulator.ADA);

  private BatchChecks() {}

  /** Notes what becomes of a call. */
  private static <V> JsonBatchCallback<V> into(List<String> outcomes, Function<V, String> show) {
    return new JsonBatchCallback<>() {
      @Override
      public void onSuccess(V value, HttpHeaders headers) {
        outcomes.add(show.apply(value));
      }

      @Override
      public void onFailure(GoogleJsonError error, HttpHeaders headers) {
        outcomes.add(error.getCode() + " " + Suite.reasonOf(error));
      }
    };
  }

  static void run() {
    Suite.check("batch: calls of all kinds, each with its own answer", () -> {
      String id = Emulator.newCalendar("Batch");
      Event kept = SERVICE.events().insert(id, Emulator.allDay("kept")).execute();
      Event removed = SERVICE.events().insert(id, Emulator.allDay("removed")).execute();
      List<String> outcomes = new ArrayList<>();
      BatchRequest batch = SERVICE.batch();
      SERVICE.events().insert(id, Emulator.allDay("Grüße 🎉")).queue(batch, into(outcomes, Event::getSummary));
      SERVICE.events().patch(id, kept.getId(), new Event().setSummary("changed"))
          .queue(batch, into(outcomes, Event::getSummary));
      SERVICE.events().delete(id, removed.getId()).queue(batch, into(outcomes, nothing -> "deleted"));
      SERVICE.events().get(id, "nothing").queue(batch, into(outcomes, Event::getSummary));
      Calendar.Events.Patch stale = SERVICE.events().patch(id, kept.getId(), new Event().setSummary("stale"));
      stale.getRequestHeaders().setIfMatch(kept.getEtag());
      stale.queue(batch, into(outcomes, Event::getSummary));
      Emulator.serviceOf(Emulator.BOB).calendarList().list().setMinAccessRole("owner")
          .queue(batch, into(outcomes, (CalendarList list) -> list.getItems().get(0).getId()));
      Suite.equal("size", batch.size(), 6);
      batch.execute();
      Suite.equal("outcomes", outcomes,
          List.of("Grüße 🎉", "changed", "deleted", "404 notFound", "412 conditionNotMet", Emulator.BOB));
    });

    Suite.check("batch: a hundred calls, answered in their order", () -> {
      String id = Emulator.newCalendar("Batch");
      List<String> outcomes = new ArrayList<>();
      List<String> wanted = new ArrayList<>();
      BatchRequest batch = SERVICE.batch();
      for (int index = 0; index < 100; index++) {
        wanted.add("event " + index);
        SERVICE.events().insert(id, Emulator.allDay("event " + index)).queue(batch, into(outcomes, Event::getSummary));
      }
      batch.execute();
      Suite.equal("outcomes", outcomes, wanted);
      Suite.equal("events", SERVICE.events().list(id).execute().getItems().size(), 100);
    });

    Suite.check("batch: a long query, and one call that fails among others", () -> {
      String id = Emulator.newCalendar("Batch");
      SERVICE.events().insert(id, Emulator.allDay("x".repeat(3000))).execute();
      Emulator.fault("calendar.colors.get", "{\"do\":\"hangUp\",\"when\":\"before\"}");
      List<String> outcomes = new ArrayList<>();
      BatchRequest batch = SERVICE.batch();
      SERVICE.events().list(id).setQ("x".repeat(3000))
          .queue(batch, into(outcomes, (Events events) -> "found " + events.getItems().size()));
      SERVICE.colors().get().queue(batch, into(outcomes, colors -> "colours"));
      SERVICE.settings().get("timezone").queue(batch, into(outcomes, setting -> setting.getId()));
      batch.execute();
      Suite.equal("outcomes", outcomes, List.of("found 1", "503 backendError", "timezone"));
    });

    Suite.check("batch: the credentials of the batch are those of calls without any", () -> {
      Calendar anonymous = Emulator.serviceWith(request -> {});
      List<String> outcomes = new ArrayList<>();
      BatchRequest batch = SERVICE.batch(SERVICE.getRequestFactory().getInitializer());
      anonymous.calendars().get("primary").queue(batch, into(outcomes, calendar -> calendar.getId()));
      Emulator.serviceOf(Emulator.BOB).calendars().get("primary")
          .queue(batch, into(outcomes, calendar -> calendar.getId()));
      batch.execute();
      Suite.equal("outcomes", outcomes, List.of(Emulator.ADA, Emulator.BOB));
    });

    Suite.check("batch: one that has too many calls is rejected as a whole", () -> {
      BatchRequest batch = SERVICE.batch();
      List<String> outcomes = new ArrayList<>();
      Collections.nCopies(1001, SERVICE.colors().get())
          .forEach(call -> queue(batch, call, outcomes));
      int status = 0;
      try {
        batch.execute();
      } catch (com.google.api.client.http.HttpResponseException rejected) {
        status = rejected.getStatusCode();
      }
      Suite.equal("status", status, 400);
      Suite.equal("outcomes", outcomes, List.of());
    });
  }

  private static void queue(BatchRequest batch, Calendar.Colors.Get call, List<String> outcomes) {
    try {
      call.queue(batch, into(outcomes, colors -> "colours"));
    } catch (java.io.IOException error) {
      throw new java.io.UncheckedIOException(error);
    }
  }
}

import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.googleapis.services.CommonGoogleClientRequestInitializer;
import com.google.api.client.http.HttpBackOffUnsuccessfulResponseHandler;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.GenericJson;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.util.ExponentialBackOff;
import com.google.api.services.calendar.Calendar;
import com.google.api.services.calendar.model.Event;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What this client does to requests on their way, and how it reads errors. */
final class TransportChecks {
  private static final Calendar SERVICE = Emulator.serviceOf(Emulator.ADA);

  private TransportChecks() {}

  static void run() {
    Suite.check("bodies: compressed or not, in any script", () -> {
      String summary = "Mittagessen 🍝 昼食 ".repeat(100).strip();
      Event made = SERVICE.events().insert("primary", Emulator.allDay(summary)).execute();
      Suite.equal("compressed", made.getSummary(), summary);
      Event plain = SERVICE.events().insert("primary", Emulator.allDay(summary)).setDisableGZipContent(true).execute();
      Suite.equal("not compressed", plain.getSummary(), summary);
    });

    Suite.check("queries: one that is too long for an address is sent as a form", () -> {
      String id = Emulator.newCalendar("Long");
      SERVICE.events().insert(id, Emulator.allDay("needle " + "x".repeat(3000))).execute();
      SERVICE.events().insert(id, Emulator.allDay("hay")).execute();
      List<Event> found = SERVICE.events().list(id).setQ("x".repeat(3000)).setSingleEvents(true)
          .setEventTypes(List.of("default", "focusTime")).execute().getItems();
      Suite.equal("events", found.size(), 1);
      Suite.truth("the right one", found.get(0).getSummary().startsWith("needle"));
    });

    Suite.check("methods: PATCH is sent as POST, and journaled as what it is", () -> {
      Event made = SERVICE.events().insert("primary", Emulator.allDay("Trip")).execute();
      SERVICE.events().patch("primary", made.getId(), new Event().setSummary("Holiday")).execute();
      GenericJson journal = Emulator.control("GET", "/journal?kind=request&method=calendar.events.patch", "");
      List<?> requests = (List<?>) journal.get("requests");
      Map<?, ?> last = (Map<?, ?>) requests.get(requests.size() - 1);
      Suite.equal("method", last.get("httpMethod"), "PATCH");
    });

    Suite.check("errors: their details are read", () -> {
      Suite.equal("message", Suite.rejected("an unknown event", 404, "notFound",
          () -> SERVICE.events().get("primary", "nothing").execute()).getMessage(), "Not Found");
      Event event = Emulator.allDay("Trip").setId("javachosen");
      SERVICE.events().insert("primary", event).execute();
      Suite.rejected("an id that is taken", 409, "duplicate",
          () -> SERVICE.events().insert("primary", event).execute());
      GoogleJsonError empty = Suite.rejected("an end before the start", 400, "timeRangeEmpty", () -> SERVICE.events()
          .insert("primary", Emulator.meeting("x", "2030-01-01T10:00:00Z", "2030-01-01T09:00:00Z")).execute());
      Suite.equal("domain", empty.getErrors().get(0).getDomain(), "calendar");
    });

    Suite.check("errors: a quota that is used up, and a connection that breaks", () -> {
      Emulator.fault("calendar.colors.get", "{\"do\":\"fail\",\"status\":429,\"retryAfterSeconds\":7}");
      String after = null;
      try {
        SERVICE.colors().get().execute();
      } catch (GoogleJsonResponseException error) {
        Suite.equal("status", error.getStatusCode(), 429);
        after = error.getHeaders().getRetryAfter();
      }
      Suite.equal("Retry-After", after, "7");
      Emulator.fault("calendar.events.insert", "{\"do\":\"hangUp\",\"when\":\"after\"}");
      boolean lost = false;
      try {
        SERVICE.events().insert("primary", Emulator.allDay("Trip").setId("javalost")).execute();
      } catch (GoogleJsonResponseException error) {
        Suite.equal("not an error of the API", error, null);
      } catch (IOException broken) {
        lost = true;
      }
      Suite.truth("the answer is lost", lost);
      Suite.equal("made all the same", SERVICE.events().get("primary", "javalost").execute().getStatus(), "confirmed");
    });

    Suite.check("errors: the client's own back-off repeats a call that may succeed", () -> {
      Emulator.control("POST", "/faults", "{\"on\":\"request\",\"match\":{\"method\":\"calendar.settings.get\"},"
          + "\"times\":2,\"effect\":{\"do\":\"fail\",\"status\":503}}");
      ExponentialBackOff quick = new ExponentialBackOff.Builder().setInitialIntervalMillis(1).build();
      Calendar patient = Emulator.serviceWith(request -> {
        request.getHeaders().setAuthorization("Bearer " + Emulator.ADA);
        request.setUnsuccessfulResponseHandler(new HttpBackOffUnsuccessfulResponseHandler(quick));
      });
      Suite.equal("setting", patient.settings().get("timezone").execute().getId(), "timezone");
      GenericJson journal = Emulator.control("GET", "/journal?kind=request&method=calendar.settings.get&status=503", "");
      Suite.equal("attempts that failed", ((List<?>) journal.get("requests")).size(), 2);
    });

    Suite.check("credentials: no token, a wrong token, an API key", () -> {
      HttpRequestInitializer none = request -> {};
      Suite.rejected("no token", 401, "required", () -> Emulator.serviceWith(none).settings().list().execute());
      Suite.rejected("a wrong token", 401, "authError",
          () -> Emulator.serviceWith(request -> request.getHeaders().setAuthorization("Bearer not-a-token"))
              .settings().list().execute());
      String id = Emulator.newCalendar("Public");
      SERVICE.acl().insert(id, Emulator.rule("reader", "default", null)).execute();
      SERVICE.events().insert(id, Emulator.allDay("Fair")).execute();
      Calendar keyed = new Calendar.Builder(new NetHttpTransport(), GsonFactory.getDefaultInstance(), none)
          .setRootUrl(SERVICE.getRootUrl()).setApplicationName("checks")
          .setGoogleClientRequestInitializer(CommonGoogleClientRequestInitializer.newBuilder().setKey("key").build())
          .build();
      Suite.equal("what is public", keyed.events().list(id).execute().getItems().get(0).getSummary(), "Fair");
      Suite.rejected("what is not", 404, "notFound", () -> keyed.events().list(Emulator.ADA).execute());
    });
  }
}

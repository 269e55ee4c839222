import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.GenericJson;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.util.DateTime;
import com.google.api.services.calendar.Calendar;
import com.google.api.services.calendar.model.AclRule;
import com.google.api.services.calendar.model.Event;
import com.google.api.services.calendar.model.EventDateTime;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The emulator that the checks run on, and what they share. */
final class Emulator {
  static final String ADA = "ada@example.com";
  static final String BOB = "bob@example.com";
  static final String ROOT = System.getenv("CALENDAR_EMULATOR_URL");
  private static final HttpClient CONTROL = HttpClient.newHttpClient();

  private Emulator() {}

  /** Returns the client as it comes, but for its root URL. The access token is the user's address. */
  static Calendar serviceOf(String user) {
    return serviceWith(new HttpCredentialsAdapter(GoogleCredentials.create(new AccessToken(user, null))));
  }

  static Calendar serviceWith(HttpRequestInitializer initializer) {
    return new Calendar.Builder(new NetHttpTransport(), GsonFactory.getDefaultInstance(), initializer)
        .setApplicationName("checks")
        .setRootUrl(ROOT + "/")
        .build();
  }

  /** Calls one of the emulator's control routes. */
  static GenericJson control(String method, String path, String body) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(ROOT + "/emulator" + path))
        .method(method, HttpRequest.BodyPublishers.ofString(body)).build();
    HttpResponse<String> response = CONTROL.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) throw new IllegalStateException(path + ": " + response.body());
    return GsonFactory.getDefaultInstance().createJsonParser(response.body()).parse(GenericJson.class);
  }

  /** Makes the next call of a method fail. */
  static void fault(String method, String effect) throws Exception {
    String rule = "{\"on\":\"request\",\"match\":{\"method\":\"%s\"},\"times\":1,\"effect\":%s}";
    control("POST", "/faults", rule.formatted(method, effect));
  }

  /** Creates a secondary calendar of Ada, so that checks do not depend on each other. */
  static String newCalendar(String summary) throws Exception {
    com.google.api.services.calendar.model.Calendar calendar =
        new com.google.api.services.calendar.model.Calendar().setSummary(summary).setTimeZone("Europe/Zurich");
    return serviceOf(ADA).calendars().insert(calendar).execute().getId();
  }

  static AclRule rule(String role, String type, String value) {
    return new AclRule().setRole(role).setScope(new AclRule.Scope().setType(type).setValue(value));
  }

  static Event allDay(String summary) {
    return new Event().setSummary(summary)
        .setStart(new EventDateTime().setDate(new DateTime("2030-01-01")))
        .setEnd(new EventDateTime().setDate(new DateTime("2030-01-02")));
  }

  static Event meeting(String summary, String start, String end) {
    return new Event().setSummary(summary)
        .setStart(new EventDateTime().setDateTime(new DateTime(start)))
        .setEnd(new EventDateTime().setDateTime(new DateTime(end)));
  }
}

import com.google.api.client.json.GenericJson;
import java.util.Map;

/**
 * The Calendar API in Java (com.google.apis:google-api-services-calendar) on the Calendar emulator: all of its methods, with the
 * client as it comes but for its root URL. It compresses bodies, sends PATCH and long queries as POST, and builds batches.
 */
final class Main {
  public static void main(String[] arguments) throws Exception {
    CalendarChecks.run();
    EventChecks.run();
    TransportChecks.run();
    BatchChecks.run();
    SyncChecks.run();
    ChannelChecks.run();
    SignInChecks.run();
    Suite.check("each of the 38 methods was called", () -> {
      GenericJson journal = Emulator.control("GET", "/journal", "");
      Map<?, ?> requests = (Map<?, ?>) ((Map<?, ?>) journal.get("counts")).get("requests");
      // The journal has the requests of signing in, too.
      long called = requests.keySet().stream().filter(each -> each.toString().startsWith("calendar.")).count();
      Suite.equal("methods", called, 38L);
      Suite.equal("unknown calls", requests.get("unknown"), null);
    });
    System.exit(Suite.end() ? 0 : 1);
  }
}

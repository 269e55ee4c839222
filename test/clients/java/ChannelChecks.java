import com.google.api.services.calendar.Calendar;
import com.google.api.services.calendar.model.CalendarListEntry;
import com.google.api.services.calendar.model.Channel;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Channels, with a receiver of notifications. */
final class ChannelChecks {
  private static final Calendar SERVICE = Emulator.serviceOf(Emulator.ADA);

  /** How long a notification may take. It is far more than one needs. */
  private static final long PATIENCE_SECONDS = 30;

  private static final BlockingQueue<Headers> RECEIVED = new LinkedBlockingQueue<>();

  private ChannelChecks() {}

  private static Headers next() throws InterruptedException {
    Headers headers = RECEIVED.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (headers == null) throw new AssertionError("no notification arrived");
    return headers;
  }

  static void run() throws Exception {
    HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/", exchange -> {
      RECEIVED.add(exchange.getRequestHeaders());
      exchange.sendResponseHeaders(204, -1);
      exchange.close();
    });
    receiver.start();
    String address = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/";

    Suite.check("channels: watch sends sync and then exists, until stop", () -> {
      String id = Emulator.newCalendar("Watched");
      Channel wanted = new Channel().setId("java-events").setType("web_hook").setAddress(address).setToken("secret");
      Channel opened = SERVICE.events().watch(id, wanted).execute();
      Suite.equal("kind", opened.getKind(), "api#channel");
      Suite.truth("it expires in the future", opened.getExpiration() > System.currentTimeMillis());
      Headers sync = next();
      Suite.equal("state", sync.getFirst("X-Goog-Resource-State"), "sync");
      Suite.equal("number", sync.getFirst("X-Goog-Message-Number"), "1");
      Suite.equal("token", sync.getFirst("X-Goog-Channel-Token"), "secret");
      Suite.equal("resource", sync.getFirst("X-Goog-Resource-ID"), opened.getResourceId());
      SERVICE.events().insert(id, Emulator.allDay("Trip")).execute();
      Suite.equal("state", next().getFirst("X-Goog-Resource-State"), "exists");
      Channel stop = new Channel().setId(opened.getId()).setResourceId(opened.getResourceId());
      SERVICE.channels().stop(stop).execute();
      SERVICE.events().insert(id, Emulator.allDay("Trip")).execute();
      Emulator.control("POST", "/settle", "");
      Suite.equal("notifications after stop", RECEIVED.size(), 0);
      Suite.rejected("an unknown channel", 404, "notFound",
          () -> SERVICE.channels().stop(stop.clone().setResourceId("another")).execute());
    });

    Suite.check("channels: rules, calendar lists and settings are watched too", () -> {
      String id = Emulator.newCalendar("Watched");
      Channel channel = new Channel().setType("web_hook").setAddress(address);
      List<Channel> opened = List.of(
          SERVICE.acl().watch(id, channel.clone().setId("java-acl")).execute(),
          SERVICE.calendarList().watch(channel.clone().setId("java-list")).execute(),
          SERVICE.settings().watch(channel.clone().setId("java-settings")).execute());
      for (Channel ignored : opened) Suite.equal("state", next().getFirst("X-Goog-Resource-State"), "sync");
      SERVICE.acl().insert(id, Emulator.rule("reader", "domain", "example.com")).execute();
      Suite.equal("rules", next().getFirst("X-Goog-Channel-ID"), "java-acl");
      SERVICE.calendarList().patch(id, new CalendarListEntry().setColorId("3")).execute();
      Suite.equal("calendar list", next().getFirst("X-Goog-Channel-ID"), "java-list");
      Emulator.control("POST", "/settings", "{\"user\":\"ada@example.com\",\"id\":\"weekStart\",\"value\":\"6\"}");
      Suite.equal("settings", next().getFirst("X-Goog-Channel-ID"), "java-settings");
      for (Channel one : opened) {
        SERVICE.channels().stop(new Channel().setId(one.getId()).setResourceId(one.getResourceId())).execute();
      }
      Suite.rejected("plain HTTP", 400, "push.webhookUrlNotHttps", () -> SERVICE.settings()
          .watch(channel.clone().setId("java-plain").setAddress("http://example.com/")).execute());
    });

    receiver.stop(0);
  }
}

import com.google.api.client.googleapis.auth.oauth2.GoogleAuthorizationCodeTokenRequest;
import com.google.api.client.googleapis.auth.oauth2.GoogleTokenResponse;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.GenericJson;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.calendar.Calendar;
import com.google.api.services.calendar.CalendarScopes;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.UserCredentials;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** Google's library for credentials, which this client comes with. */
final class SignInChecks {
  private SignInChecks() {}

  private static String idOf(GoogleCredentials credentials) throws Exception {
    return serviceOf(credentials).calendars().get("primary").execute().getId();
  }

  private static Calendar serviceOf(GoogleCredentials credentials) {
    return Emulator.serviceWith(new HttpCredentialsAdapter(credentials));
  }

  /** Opens the address of the consent page as a browser does, and returns the code that is sent back. */
  private static String codeOf(String address) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(address)).build();
    HttpResponse<Void> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
    URI target = URI.create(answer.headers().firstValue("Location").orElseThrow());
    return List.of(target.getQuery().split("&")).stream()
        .filter(pair -> pair.startsWith("code=")).findFirst().orElseThrow().substring("code=".length());
  }

  static void run() {
    Suite.check("sign-in: an authorization code, a refresh token, scopes", () -> {
      Emulator.control("POST", "/oauth/consent", "{\"mode\":\"allow\"}");
      String redirect = "http://127.0.0.1:8080/";
      String code = codeOf(Emulator.ROOT + "/o/oauth2/v2/auth?response_type=code&access_type=offline&client_id=java"
          + "&login_hint=" + Emulator.ADA + "&redirect_uri=" + redirect
          + "&scope=" + CalendarScopes.CALENDAR_READONLY);
      GoogleTokenResponse token = new GoogleAuthorizationCodeTokenRequest(new NetHttpTransport(),
          GsonFactory.getDefaultInstance(), Emulator.ROOT + "/token", "java", "secret", code, redirect).execute();
      UserCredentials user = UserCredentials.newBuilder().setClientId("java").setClientSecret("secret")
          .setRefreshToken(token.getRefreshToken()).setTokenServerUri(URI.create(Emulator.ROOT + "/token")).build();
      Suite.equal("calendar", idOf(user), Emulator.ADA);
      Suite.rejected("what the scope does not allow", 403, "insufficientPermissions",
          () -> serviceOf(user).events().insert("primary", Emulator.allDay("Trip")).execute());
      String before = user.getAccessToken().getTokenValue();
      Emulator.control("POST", "/oauth/expire-tokens", "{\"user\":\"ada@example.com\"}");
      Suite.equal("the client refreshes an expired token by itself", idOf(user), Emulator.ADA);
      Suite.truth("to another one", !user.getAccessToken().getTokenValue().equals(before));
    });

    Suite.check("sign-in: a service account's key file, for itself and for a user", () -> {
      String email = "java@demo-project.iam.gserviceaccount.com";
      String account = "{\"email\":\"%s\",\"delegation\":{\"example.com\":[\"%s\"]}}";
      GenericJson key = Emulator.control("POST", "/oauth/service-accounts",
          account.formatted(email, CalendarScopes.CALENDAR));
      byte[] file = GsonFactory.getDefaultInstance().toByteArray(key);
      GoogleCredentials robot = GoogleCredentials.fromStream(new ByteArrayInputStream(file))
          .createScoped(List.of(CalendarScopes.CALENDAR));
      // Before the account has a token of its own, which the library would copy.
      GoogleCredentials delegated = robot.createDelegated(Emulator.ADA);
      GoogleCredentials elsewhere = robot.createDelegated("eve@elsewhere.example");
      Suite.equal("itself", idOf(robot), email);
      Suite.equal("a user", idOf(delegated), Emulator.ADA);
      String refusal = "";
      try {
        idOf(elsewhere);
      } catch (java.io.IOException rejected) {
        refusal = String.valueOf(rejected.getCause());
      }
      Suite.truth("a user of another domain: " + refusal, refusal.contains("401 Unauthorized"));
    });
  }
}

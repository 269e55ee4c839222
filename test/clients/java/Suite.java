import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Runs checks in order and prints their results as TAP (https://testanything.org). */
final class Suite {
  interface Check {
    void run() throws Exception;
  }

  interface Call<V> {
    V run() throws Exception;
  }

  private static int checks;
  private static int assertions;
  private static int failed;
  private static List<String> problems = new ArrayList<>();

  private Suite() {}

  /** Runs one check. An exception fails it, and the checks after it still run. */
  static void check(String name, Check check) {
    problems = new ArrayList<>();
    try {
      check.run();
    } catch (Exception | AssertionError stopped) {
      problems.add("stopped: " + stopped + "\n" + List.of(stopped.getStackTrace()).stream()
          .filter(frame -> frame.getFileName() != null && frame.getFileName().endsWith("Checks.java"))
          .findFirst().map(Object::toString).orElse(""));
    }
    checks++;
    System.out.println((problems.isEmpty() ? "ok " : "not ok ") + checks + " - " + name);
    if (!problems.isEmpty()) failed++;
    problems.stream().flatMap(String::lines).forEach(line -> System.out.println("# " + line));
  }

  static void equal(String what, Object got, Object want) {
    assertions++;
    if (!Objects.equals(got, want)) problems.add(what + ": got " + got + ", want " + want);
  }

  static void truth(String what, boolean holds) {
    assertions++;
    if (!holds) problems.add(what + ": does not hold");
  }

  /** Asserts that a call fails with one of Google's errors, and returns its details. */
  static GoogleJsonError rejected(String what, int status, String reason, Call<?> call) throws Exception {
    assertions++;
    try {
      call.run();
    } catch (GoogleJsonResponseException error) {
      GoogleJsonError details = error.getDetails();
      String got = error.getStatusCode() + " " + reasonOf(details);
      if (!got.equals(status + " " + reason)) {
        problems.add(what + ": got " + got + ", want " + status + " " + reason);
      }
      return details;
    }
    throw new AssertionError(what + ": is not rejected");
  }

  static String reasonOf(GoogleJsonError details) {
    return details == null || details.getErrors() == null ? "without details" : details.getErrors().get(0).getReason();
  }

  /** Prints the totals. Returns whether all checks passed. */
  static boolean end() {
    System.out.println("1.." + checks + "\n# assertions " + assertions);
    return failed == 0;
  }
}

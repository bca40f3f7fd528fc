package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packed jar in a process of its own: trained at the first start, opened from the file at the second. */
class TicketServiceIT {

  private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");

  @TempDir Path folder;

  @Test
  void theJarAnswersTheSameAfterItStartsAgain() throws Exception {
    String first = ask();
    assertTrue(first.startsWith("[{\"queue\":\"delivery\""), first);
    assertEquals(first, ask());
  }

  private String ask() throws IOException, InterruptedException {
    var service =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-jar",
                System.getProperty("jar"),
                "--server.port=0")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    try (var log = service.inputReader();
        var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://localhost:" + port(log) + "/queues"))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("[\"The parcel was sent to the wrong address\"]"))
              .build();
      return http.send(request, BodyHandlers.ofString()).body();
    } finally {
      service.destroy();
      service.waitFor();
    }
  }

  private static int port(BufferedReader log) throws IOException {
    var said = new StringBuilder();
    for (String line; (line = log.readLine()) != null; ) {
      said.append(line).append('\n');
      var found = STARTED.matcher(line);
      if (found.find()) {
        return Integer.parseInt(found.group(1));
      }
    }
    throw new IOException("the service did not start:\n" + said);
  }
}

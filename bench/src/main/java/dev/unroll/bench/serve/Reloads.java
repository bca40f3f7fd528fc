package dev.unroll.bench.serve;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Replaces the served models every few seconds, by the other one of two each time; half of the
 * times the server is told, half of the times it has to find out.
 */
final class Reloads {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PERIOD_MS = 10_000;
  private static final long REST_MS = 7_000;
  private static final long MOST_REST_MS = 30_000;
  private static final long MOST_WAIT_MS = 9_000;

  private final Soak soak;
  private final Path served;
  private final List<Path> others;
  private volatile int turn;
  private volatile long last = System.nanoTime();

  /**
   * Creates what replaces.
   *
   * @param served the folder of the models that are served
   * @param others folders from which they are taken by turns
   */
  Reloads(Soak soak, Path served, List<Path> others) {
    this.soak = soak;
    this.served = served;
    this.others = others;
  }

  /**
   * Returns whether the server may be looked at: the models with which sessions were opened are in
   * their places again, for as long as at any other look. A new one has not yet the buffers of its
   * batches, and beside another one those of the sessions stay.
   */
  boolean areAtRest() {
    long age = age();
    if (soak.isOver() || age > MOST_REST_MS) {
      return true; // what is wrong with a reload has been counted
    }
    return turn % 2 == 0 && age >= REST_MS && age < PERIOD_MS - 1000;
  }

  private long age() {
    return (System.nanoTime() - last) / 1_000_000;
  }

  void start() {
    Tally tally = soak.tally("reloads");
    soak.start(tally, () -> replace(tally));
  }

  private void replace(Tally tally) throws IOException {
    soak.sleep(PERIOD_MS);
    if (soak.isOver()) {
      return;
    }
    soak.whole(() -> replaceBoth(tally));
  }

  /** Returns how many times they have been replaced. */
  private int replaceBoth(Tally tally) throws IOException {
    int now = turn + 1;
    turn = now;
    boolean told = now / 2 % 2 == 0;
    try (var client = new HttpClient(soak.port())) {
      for (String name : List.of(LoadModels.CLASSIFIER, LoadModels.LANGUAGE_MODEL)) {
        String before = hash(client, name);
        String file = name + ".safetensors";
        Path part = served.resolve(file + ".part");
        Files.copy(others.get(now % others.size()).resolve(file), part);
        Files.move(part, served.resolve(file), StandardCopyOption.ATOMIC_MOVE);
        if (told) {
          var reload = HttpClient.request("POST", "/v1/models/" + name + "/reload", "");
          tally.answer(client.ask(reload), true);
        }
        long end = System.nanoTime() + MOST_WAIT_MS * 1_000_000;
        while (hash(client, name).equals(before)) {
          if (System.nanoTime() > end) {
            throw new IOException(name + " is still the old one");
          }
          soak.sleep(100);
        }
        if (!told) {
          tally.right();
        }
      }
    }
    last = System.nanoTime();
    return now;
  }

  private static String hash(HttpClient client, String name) throws IOException {
    HttpClient.Answer answer = client.ask(HttpClient.request("GET", "/v1/models/" + name, ""));
    return JSON.readTree(answer.body()).path("hash").asText();
  }
}

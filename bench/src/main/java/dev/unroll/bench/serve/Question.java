package dev.unroll.bench.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * A request, and which answers are right. An answer is compared number by number with what the
 * library says; from then on the same bytes are known to be right, so that checking all of them
 * takes no time from the server.
 */
final class Question {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_KNOWN = 8;

  private final byte[] request;
  private final byte[] marker;
  private final Predicate<JsonNode> check;
  private final List<byte[]> known = new CopyOnWriteArrayList<>();

  /**
   * Creates a question.
   *
   * @param marker where the part of an answer begins that does not change from time to time
   * @param check whether an answer is right
   */
  Question(byte[] request, String marker, Predicate<JsonNode> check) {
    this.request = request;
    this.marker = marker.getBytes(StandardCharsets.UTF_8);
    this.check = check;
  }

  byte[] request() {
    return request;
  }

  /** Returns whether an answer says what the library says. */
  boolean isRight(byte[] body) {
    int from = start(body);
    for (byte[] each : known) {
      if (Arrays.equals(each, 0, each.length, body, from, body.length)) {
        return true;
      }
    }
    try {
      boolean right = check.test(JSON.readTree(body));
      if (right && known.size() < MOST_KNOWN) {
        known.add(Arrays.copyOfRange(body, from, body.length));
      }
      return right;
    } catch (IOException e) {
      return false;
    }
  }

  private int start(byte[] body) {
    for (int from = 0; from + marker.length <= body.length; from++) {
      if (Arrays.equals(marker, 0, marker.length, body, from, from + marker.length)) {
        return from;
      }
    }
    return 0;
  }
}

package dev.unroll.learn;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What changed from version to version so that the same training gives other bits: models of an
 * older version can be used, but not be trained again to the same bits.
 */
public final class BitChanges {

  /** By the version that brought the change, the oldest first. */
  private static final Map<String, String> CHANGES = new LinkedHashMap<>();

  static {
    CHANGES.put(
        "0.3.0",
        "Adam and RMSProp no longer round 1 - β, and the cosine and one-cycle schedules reach their"
            + " final share at the last step; sources of numbers are measured in double precision, series"
            + " with gaps that are skipped have the calendar of their own times, and windows of a series"
            + " that hardly differ from their level are taken relative to it in double precision; what no"
            + " option says is found from the data, and of parameters that differ by less than the error of"
            + " their measure those of the lower loss are kept");
  }

  private BitChanges() {}

  /** Returns the changes since a version, in words; an empty text for none. */
  public static String since(String version) {
    return CHANGES.entrySet().stream()
        .filter(change -> isLater(change.getKey(), version))
        .map(
            change -> String.format(Locale.ROOT, "since %s %s", change.getKey(), change.getValue()))
        .collect(Collectors.joining("; "));
  }

  private static boolean isLater(String one, String other) {
    int[] a = numbers(one);
    int[] b = numbers(other);
    for (int i = 0; i < a.length; i++) {
      if (a[i] != b[i]) {
        return a[i] > b[i];
      }
    }
    return false;
  }

  /** Returns the three numbers of a version; zeros for what is not there. */
  private static int[] numbers(String version) {
    int[] numbers = new int[3];
    String[] parts = version.split("[^0-9]+", -1);
    for (int i = 0; i < Math.min(3, parts.length); i++) {
      numbers[i] = parts[i].isEmpty() || parts[i].length() > 6 ? 0 : Integer.parseInt(parts[i]);
    }
    return numbers;
  }
}

package dev.unroll.fuzz;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;

/**
 * Something that must not be.
 *
 * @param trial which file, used how
 * @param bytes the file
 * @param fault what happened
 */
record Finding(Trial trial, byte[] bytes, Throwable fault) {

  /** Returns what went wrong and in which line of Unroll: findings of one cause are the same. */
  String cause() {
    Throwable root = fault;
    String where =
        Arrays.stream(root.getStackTrace())
            .filter(each -> each.getClassName().startsWith("dev.unroll."))
            .filter(each -> !each.getClassName().startsWith("dev.unroll.fuzz."))
            .findFirst()
            .map(each -> each.getFileName() + ":" + each.getLineNumber())
            .orElse("");
    String name = root.getClass().getSimpleName();
    boolean own = root instanceof WrongAnswerException || root instanceof TooMuchException;
    String what = own ? String.valueOf(root.getMessage()).replaceAll("[0-9]+", "N") : name;
    return where.isEmpty() || own ? cut(what) + " " + where : name + " " + where;
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(80, text.length()));
  }

  /** Returns all that helps to repeat and to understand it. */
  String describe() {
    var trace = new StringWriter();
    fault.printStackTrace(new PrintWriter(trace));
    return "%s%n%s%n"
        .formatted(trial, trace.toString().lines().limit(30).reduce("", (a, b) -> a + b + "\n"));
  }
}

package dev.unroll.text.table;

import dev.unroll.file.Held;
import dev.unroll.text.Lines;
import java.io.Reader;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lines as text that is read no further than it is asked for; a row must fit into memory. */
final class LinesReader extends Reader {

  private static final Pattern SEPARATOR = Pattern.compile("(?i)\"?sep=(.)\"?");

  private final String name;
  private final Lines lines;
  private final Queue<String> peeked = new ArrayDeque<>();
  private Held held;
  private String line = "";
  private int at;

  LinesReader(String name, Lines lines) {
    this.name = name;
    this.lines = lines;
    this.held = none();
  }

  /** Returns the next lines, which are still to be read: one that is empty where there is none. */
  List<String> peek(int count) {
    while (peeked.size() < count) {
      String next = lines.next();
      if (next == null) {
        break;
      }
      peeked.add(next);
    }
    return peeked.isEmpty() ? List.of("") : List.copyOf(peeked);
  }

  /**
   * Returns what a line says that stands between fields, {@code sep=;}, as it may stand above the
   * header for Excel; null for another line.
   */
  static @Nullable Character separator(String line) {
    Matcher found = SEPARATOR.matcher(line);
    return found.matches() ? (Character) found.group(1).charAt(0) : null;
  }

  /** Goes past a line above the header that says what stands between fields; else null. */
  @Nullable Character separator() {
    Character separator = separator(peek(1).getFirst());
    if (separator != null) {
      peeked.clear();
      peeked.add(""); // the others keep their numbers
    }
    return separator;
  }

  private void take(String next) {
    held.add(2L * next.length() + 2);
    line = next.replace('\r', ' ') + "\n";
    at = 0;
  }

  private Held none() {
    return new Held(name, "A quote may not be closed.");
  }

  /** Returns the name of the file, for messages. */
  String name() {
    return name;
  }

  /** The rows before were read. */
  void beginRow() {
    held = none();
  }

  @Override
  public int read(char[] target, int from, int count) {
    if (at == line.length()) {
      String next = peeked.isEmpty() ? lines.next() : peeked.remove();
      if (next == null) {
        return -1;
      }
      take(next);
    }
    int some = Math.min(count, line.length() - at);
    line.getChars(at, at + some, target, from);
    at += some;
    return some;
  }

  @Override
  public void close() {} // whoever opened the lines closes them
}

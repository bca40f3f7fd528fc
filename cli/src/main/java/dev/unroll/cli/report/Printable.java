package dev.unroll.cli.report;

import java.io.Console;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Text that a terminal shows and does not obey. What comes from a file may hold escape sequences,
 * which move the cursor, change the title or the keyboard, or marks that turn the direction of
 * writing; these are shown as {@code \u001b} is written in Java and JSON. Tabs and ends of lines
 * stay.
 */
public final class Printable extends FilterWriter {

  private Printable(Writer out) {
    super(out);
  }

  /** Returns a writer to {@code out} that makes everything printable. */
  public static PrintWriter over(Writer out) {
    return new PrintWriter(new Printable(out), true);
  }

  /** Returns text that stays in its line. */
  public static String line(String text) {
    var printable = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      append(printable, c, c < ' ' || isUnprintable(c));
    }
    return printable.toString();
  }

  private static void append(StringBuilder printable, char c, boolean escaped) {
    if (escaped) {
      printable.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
    } else {
      printable.append(c);
    }
  }

  /** Controls (C0, DEL, C1), further ends of lines, and marks of direction that reach beyond. */
  private static boolean isUnprintable(char c) {
    return (c < ' ' && c != '\n' && c != '\t')
        || (c >= 0x7F && c < 0xA0)
        || (c >= 0x2028 && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069);
  }

  @Override
  public void write(int c) throws IOException {
    write(String.valueOf((char) c), 0, 1);
  }

  @Override
  public void write(char[] text, int from, int count) throws IOException {
    write(new String(text, from, count), 0, count);
  }

  @Override
  public void write(String text, int from, int count) throws IOException {
    var printable = new StringBuilder(count + 16);
    int end = from + count;
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      boolean endOfLine = c == '\r' && i + 1 < end && text.charAt(i + 1) == '\n';
      append(printable, c, isUnprintable(c) && !endOfLine);
    }
    out.write(printable.toString());
  }

  /** Returns whether standard output is shown by a terminal, and not kept in a file or read on. */
  public static boolean isTerminal() {
    Path output = Path.of("/dev/stdout");
    if (!Files.isSymbolicLink(output)) { // as on Linux
      return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }
    try {
      String device = output.toRealPath().toString();
      return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
    } catch (IOException e) {
      return false; // a pipe, which has no name
    }
  }
}

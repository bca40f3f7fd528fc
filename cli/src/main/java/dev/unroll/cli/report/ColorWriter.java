package dev.unroll.cli.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * Where notes, progress and errors go. Everything is made {@link Printable}; on a terminal the few
 * words that matter stand out: what is wrong, what to look at, the best epochs and the verdict.
 */
public final class ColorWriter extends PrintWriter {

  /** When there is color. */
  public enum When {
    /** On a terminal, unless {@code NO_COLOR} is set or {@code TERM} says that it has none. */
    AUTO,
    ALWAYS,
    NEVER;

    /** Returns whether there is color. */
    boolean colors(boolean terminal, Map<String, String> environment) {
      String kind = environment.getOrDefault("TERM", "");
      return switch (this) {
        case ALWAYS -> true;
        case NEVER -> false;
        case AUTO ->
            terminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !kind.isEmpty()
                && !kind.equals("dumb");
      };
    }

    /** As {@code --color} takes it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Why a word stands out; the colors are those that terminals let their users choose. */
  public enum Tone {
    ERROR("1;31"),
    WARNING("33"),
    GOOD("32"),
    HEADING("1");

    private final String code;

    Tone(String code) {
      this.code = code;
    }
  }

  /** Words at the beginning of a line that say what it is. */
  private static final Map<String, Tone> LABELS =
      Map.of(
          "unroll:", Tone.ERROR,
          "warning:", Tone.WARNING,
          "note:", Tone.WARNING,
          "Try:", Tone.HEADING,
          "Next:", Tone.HEADING);

  private final Writer terminal;
  private boolean colored;

  /** Writes to {@code out}, in color where standard error is a terminal that has it. */
  public ColorWriter(Writer out) {
    super(Printable.over(out), true);
    terminal = out;
    setColored(When.AUTO);
  }

  /** Returns whether help, which standard output shows, has styles. */
  public static Ansi ofHelp() {
    boolean has = When.AUTO.colors(Printable.isTerminal(), System.getenv());
    return has ? Ansi.ON : Ansi.OFF;
  }

  /** Chooses whether there is color from now on. */
  public void setColored(When when) {
    colored = when.colors(Boolean.getBoolean("unroll.terminal"), System.getenv());
  }

  /** Prints a line of which a part stands out, if {@code out} has color. */
  public static void println(PrintWriter out, String before, Tone tone, String part) {
    if (out instanceof ColorWriter own) {
      own.println(before, tone, part);
    } else {
      out.println(before + part);
    }
  }

  private void println(String before, Tone tone, String part) {
    super.print(before);
    print(tone, part);
    super.println();
  }

  private void print(Tone tone, String part) {
    escape(part.isEmpty() ? "" : tone.code);
    super.print(part);
    escape(part.isEmpty() ? "" : "0");
  }

  private void escape(String code) {
    if (colored && !code.isEmpty()) {
      try {
        terminal.write("\u001b[" + code + "m");
      } catch (IOException e) {
        throw new UncheckedIOException(e); // a PrintWriter throws none
      }
    }
  }

  /** Prints a line whose label stands out, if it begins with one. */
  @Override
  public void println(@Nullable String line) {
    String text = String.valueOf(line);
    int end = text.indexOf(':') + 1;
    Tone tone = colored ? LABELS.get(text.substring(0, end)) : null;
    if (tone != null) {
      print(tone, text.substring(0, end));
    }
    super.println(tone == null ? text : text.substring(end));
  }
}

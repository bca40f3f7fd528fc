package dev.unroll.cli.report;

import dev.unroll.cli.report.ColorWriter.Tone;
import dev.unroll.result.Verdict;
import java.io.PrintWriter;
import java.util.List;

/** Says how a model stands next to the simplest ones of its task. */
public final class Verdicts {

  private Verdicts() {}

  /** Prints the verdict, which stands out, and what to try. */
  public static void print(PrintWriter err, Verdict verdict) {
    List<String> lines = verdict.lines(option -> "--" + option);
    if (!lines.isEmpty()) {
      Tone tone = verdict.beats() ? Tone.GOOD : Tone.WARNING;
      ColorWriter.println(err, "", tone, lines.getFirst());
      lines.stream().skip(1).forEach(err::println);
    }
  }
}

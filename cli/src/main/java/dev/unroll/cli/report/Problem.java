package dev.unroll.cli.report;

import dev.unroll.base.InputException;
import java.io.PrintWriter;

/** Tells what is wrong with an input, in the words of the command line. */
public final class Problem {

  private Problem() {}

  /** Prints the problem and its fix, which names options as they are given: {@code --context}. */
  public static void print(PrintWriter err, InputException problem) {
    err.println("unroll: " + problem.message(key -> "--" + key));
  }
}

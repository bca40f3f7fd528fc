package dev.unroll.file;

import java.nio.file.Path;

/**
 * Input that cannot be used: a file, a line or an option. The message says where, what is wrong and
 * how to fix it; the command line prints it and exits with status 2.
 */
public final class InputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String problem;
  private final String fix;

  /** Creates the exception from what is wrong and how to fix it. */
  public InputException(String problem, String fix) {
    super(problem + "\n  " + fix);
    this.problem = problem;
    this.fix = fix;
  }

  /** Returns how to fix it. */
  public String fix() {
    return fix;
  }

  /** Returns where and what is wrong, without how to fix it. */
  public String problem() {
    return problem;
  }

  /** Input of a file as a whole. */
  public static InputException in(Path file, String problem, String fix) {
    return new InputException(file + ": " + problem, fix);
  }

  /** Input at a line (counted from 1) of a file. */
  public static InputException at(String file, long line, String problem, String fix) {
    return new InputException(file + ":" + line + ": " + problem, fix);
  }
}

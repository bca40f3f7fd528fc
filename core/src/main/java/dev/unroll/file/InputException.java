package dev.unroll.file;

import java.nio.file.Path;

/**
 * Input that cannot be used: a file, a line or an option. The message says where, what is wrong and
 * how to mend it; the command line prints it and exits with status 2.
 */
public final class InputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String problem;
  private final String mend;

  /** Creates the exception from what is wrong and how to mend it. */
  public InputException(String problem, String mend) {
    super(problem + "\n  " + mend);
    this.problem = problem;
    this.mend = mend;
  }

  /** Returns how to mend it. */
  public String mend() {
    return mend;
  }

  /** Returns where and what is wrong, without the mend. */
  public String problem() {
    return problem;
  }

  /** Input of a file as a whole. */
  public static InputException in(Path file, String problem, String mend) {
    return new InputException(file + ": " + problem, mend);
  }

  /** Input at a line (counted from 1) of a file. */
  public static InputException at(String file, long line, String problem, String mend) {
    return new InputException(file + ":" + line + ": " + problem, mend);
  }
}

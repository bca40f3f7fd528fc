package dev.unroll.cli;

import dev.unroll.file.SafeFiles;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine;

/**
 * Standard output, which ends the command as soon as nothing more can be written: a {@link
 * PrintWriter} alone would swallow that, and the command would compute for nobody.
 */
final class StandardOutput extends OutputStream {

  private final OutputStream out = new FileOutputStream(FileDescriptor.out);

  /** Nothing more can be written. */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final IOException problem;

    Failure(IOException problem) {
      super(problem);
      this.problem = problem;
    }

    /** A reader that has seen enough, such as {@code head}, is no fault: nothing is printed. */
    private boolean readerLeft() {
      return String.valueOf(problem.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
    }

    /** Says what is wrong, if anything, and returns the exit status. */
    int report(PrintWriter err) {
      if (readerLeft()) {
        return CommandLine.ExitCode.OK;
      }
      err.println("unroll: the output cannot be written: " + SafeFiles.reason(problem));
      err.println("  Check the free space, and where standard output goes.");
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) {
    try {
      out.write(bytes, from, count);
    } catch (IOException e) {
      throw new Failure(e);
    }
  }
}

package dev.unroll.file;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Input that cannot be used: a file, a line or an option. The message says where, what is wrong and
 * how to fix it.
 *
 * <p>Whoever throws this does not know how options are set: from Java, on a command line, in a
 * form. So the fix names an option by its key in braces, {@code "Make {context} smaller."}, and
 * whoever prints the message {@linkplain #message words} the key.
 */
public final class InputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final Pattern OPTION = Pattern.compile("\\{([a-z][a-z-]*)}");

  /** What is quoted from the input may be as long as the input. */
  private static final int LONGEST = 2000;

  private final String problem;
  private final String fix;

  /**
   * Creates the exception.
   *
   * @param problem what is wrong, and where; printed as it is, without its middle if it is very
   *     long
   * @param fix how to fix it; keys of options stand in braces
   */
  public InputException(String problem, String fix) {
    super(message(shortened(problem), fix, key -> key.replace('-', ' ')));
    this.problem = shortened(problem);
    this.fix = fix;
  }

  private static String shortened(String problem) {
    int rest = LONGEST / 4;
    return problem.length() <= LONGEST
        ? problem
        : problem.substring(0, LONGEST - rest) + " … " + problem.substring(problem.length() - rest);
  }

  /** Returns how to fix it, with the keys of options in braces. */
  public String fix() {
    return fix;
  }

  /** Returns where and what is wrong, without the fix. */
  public String problem() {
    return problem;
  }

  /** Returns the whole message, with each key of an option as {@code option} words it. */
  public String message(UnaryOperator<String> option) {
    return message(problem, fix, option);
  }

  private static String message(String problem, String fix, UnaryOperator<String> option) {
    return problem + "\n  " + worded(fix, option);
  }

  /** Returns a text whose keys of options, in braces, are as {@code option} words them. */
  public static String worded(String text, UnaryOperator<String> option) {
    return OPTION
        .matcher(text)
        .replaceAll(key -> Matcher.quoteReplacement(option.apply(key.group(1))));
  }

  /** Input of a file as a whole. */
  public static InputException in(Path file, String problem, String fix) {
    return new InputException(file + ": " + problem, fix);
  }

  /** Input at a line (counted from 1) of a file. */
  public static InputException at(String file, long line, String problem, String fix) {
    return new InputException(file + ":" + line + ": " + problem, fix);
  }

  /** Returns the same problem and fix, found at a line (counted from 1) of a file. */
  public InputException at(String file, long line) {
    return at(file, line, problem, fix);
  }
}

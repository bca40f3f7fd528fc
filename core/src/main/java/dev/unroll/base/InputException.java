package dev.unroll.base;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Input that cannot be used: a file, a line or an option. The message says where, what is wrong and
 * how to fix it.
 *
 * <p>Whoever throws this does not know how options are set: from Java, on a command line, in a
 * form. So the fix names an option by its key in braces, {@code "Make {context} smaller."}, with
 * the value that it should have where that is known: {@code "Take {gaps skip}."} {@link
 * #getMessage} says it in Java, {@code gaps(Gaps.SKIP)}; others {@linkplain #message word} the key
 * as they like, {@code --gaps skip}.
 */
public final class InputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final Pattern OPTION = Pattern.compile("\\{([a-z][a-z-]*)(?: ([^{}]+))?}");

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
    super(message(shortened(problem), fix, OptionNames::java));
    this.problem = shortened(problem);
    this.fix = fix;
  }

  /** Leaves the middle out of what is very long. */
  private static String shortened(String problem) {
    if (problem.length() <= LONGEST) {
      return problem;
    }
    int rest = LONGEST / 4;
    int end = border(problem, LONGEST - rest);
    int begin = border(problem, problem.length() - rest);
    return problem.substring(0, end) + " … " + problem.substring(begin);
  }

  /**
   * Returns a text as a message quotes it: its beginning, if it has more than {@code most} UTF-16
   * units.
   */
  public static String quoted(String text, int most) {
    return text.length() <= most ? text : text.substring(0, border(text, most)) + "…";
  }

  /** Returns a place where no character is cut in two: this one, or the one before. */
  private static int border(String text, int place) {
    boolean inside =
        Character.isHighSurrogate(text.charAt(place - 1))
            && Character.isLowSurrogate(text.charAt(place));
    return inside ? place - 1 : place;
  }

  /** Returns how to fix it, with the keys of options in braces. */
  public String fix() {
    return fix;
  }

  /** Returns where and what is wrong, without the fix. */
  public String problem() {
    return problem;
  }

  /**
   * Returns the whole message, with each option as {@code option} words it.
   *
   * @param option is given the key, and after a blank the value, if there is one
   */
  public String message(UnaryOperator<String> option) {
    return problem + "\n  " + worded(fix, option);
  }

  /** Returns a text with each option, in braces, as Java says it. */
  public static String worded(String text) {
    return worded(text, OptionNames::java);
  }

  /** Returns a text whose options, in braces, are worded by {@code option}, as in a message. */
  public static String worded(String text, UnaryOperator<String> option) {
    return worded(text, (key, value) -> option.apply(value == null ? key : key + " " + value));
  }

  /** Says an option, by its key and the value that it should have. */
  private interface Wording {
    String of(String key, @Nullable String value);
  }

  private static String message(String problem, String fix, Wording wording) {
    return problem + "\n  " + worded(fix, wording);
  }

  private static String worded(String text, Wording wording) {
    return OPTION.matcher(text).replaceAll(found -> worded(found, wording));
  }

  /** What is no option was written by the user, and stays. */
  private static String worded(MatchResult found, Wording wording) {
    String key = found.group(1);
    return Matcher.quoteReplacement(
        OptionNames.has(key) ? wording.of(key, found.group(2)) : found.group());
  }

  /** Input of a file as a whole. */
  public static InputException in(Path file, String problem, String fix) {
    return in(file.toString(), problem, fix);
  }

  /** Input of a file or a stream as a whole, by what messages call it. */
  public static InputException in(String name, String problem, String fix) {
    return new InputException(name + ": " + problem, fix);
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

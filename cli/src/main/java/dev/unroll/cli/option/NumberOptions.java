package dev.unroll.cli.option;

import dev.unroll.file.Numbers;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** How the numbers of options are read: as those of files, and not as Java's parsers read them. */
public final class NumberOptions {

  private NumberOptions() {}

  /** Makes a command and those below it read numbers so. */
  public static void register(CommandLine line) {
    line.registerConverter(Double.class, NumberOptions::decimal);
    line.registerConverter(double.class, NumberOptions::decimal);
    line.registerConverter(Integer.class, NumberOptions::integer);
    line.registerConverter(int.class, NumberOptions::integer);
    line.registerConverter(Long.class, text -> whole(text, Function.identity()));
    line.registerConverter(long.class, text -> whole(text, Function.identity()));
  }

  private static Double decimal(String text) {
    double value = Numbers.parse(text);
    if (Double.isNaN(value)) {
      throw new TypeConversionException(
          "«%s» is not a finite number; write numbers as 0.25 or 1e-3".formatted(text));
    }
    return value;
  }

  private static Integer integer(String text) {
    return whole(text, Math::toIntExact);
  }

  private static <N> N whole(String text, Function<Long, N> narrowed) {
    try {
      return narrowed.apply(Numbers.parseWhole(text));
    } catch (NumberFormatException | ArithmeticException e) {
      throw new TypeConversionException(
          "«%s» is not a whole number%s"
              .formatted(text, e instanceof ArithmeticException ? " of up to 2147483647" : ""));
    }
  }
}

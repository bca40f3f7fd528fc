package dev.unroll.bench;

import dev.unroll.kernel.CounterRandom;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code unroll-bench dates}: dates in the formats of many languages, with their ISO form. */
@Command(
    name = "dates",
    mixinStandardHelpOptions = true,
    description =
        "Prints dates from 1900 to 2099 in the formats of 21 languages (from the JDK's locale data), a tab,"
            + " and the date in ISO 8601. Ambiguous forms, such as 3/4/2005, are left out.")
final class DatesCommand implements Callable<Integer> {

  private static final List<String> LANGUAGES =
      List.of(
          "en-US", "en-GB", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "pl", "cs", "fi", "hu",
          "ro", "ru", "uk", "el", "tr", "ja", "zh", "ko");

  /** Formats in addition to each language's own. */
  private static final List<String> PATTERNS =
      List.of("d MMMM yyyy", "d MMM yyyy", "EEE, d MMM yyyy", "EEEE d MMMM yyyy", "yyyy MMMM d");

  private static final LocalDate FIRST = LocalDate.of(1900, 1, 1);
  private static final int DAYS = 73_049;

  @Option(names = "--count", paramLabel = "N", description = "Lines to print. Default: 20000.")
  int count = 20_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the random choices. Default: 1.")
  long seed = 1;

  /** Created by picocli. */
  DatesCommand() {}

  @Override
  public Integer call() {
    var formatters = formatters();
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 0);
    var written = new LinkedHashMap<String, LocalDate>();
    for (long i = 0; written.size() < count; i++) {
      LocalDate date = FIRST.plusDays(random.below(2 * i, DAYS));
      int form = (int) random.below(2 * i + 1, formatters.size());
      written.putIfAbsent(formatters.get(form).format(date), date);
    }
    var out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    written.entrySet().stream()
        .filter(each -> isOneDate(each, formatters))
        .forEach(each -> out.println(each.getKey() + "\t" + each.getValue()));
    out.flush();
    return 0;
  }

  private static List<DateTimeFormatter> formatters() {
    var formatters = new ArrayList<DateTimeFormatter>();
    for (String language : LANGUAGES) {
      Locale locale = Locale.forLanguageTag(language);
      for (FormatStyle style : List.of(FormatStyle.FULL, FormatStyle.LONG, FormatStyle.MEDIUM)) {
        formatters.add(DateTimeFormatter.ofLocalizedDate(style).withLocale(locale));
      }
      PATTERNS.forEach(each -> formatters.add(DateTimeFormatter.ofPattern(each, locale)));
    }
    return formatters;
  }

  /** Whether no language would write another date, with day and month swapped, in the same way. */
  private static boolean isOneDate(
      Map.Entry<String, LocalDate> each, List<DateTimeFormatter> formatters) {
    LocalDate date = each.getValue();
    if (date.getDayOfMonth() > 12) {
      return true;
    }
    LocalDate other = LocalDate.of(date.getYear(), date.getDayOfMonth(), date.getMonthValue());
    return date.equals(other)
        || formatters.stream().noneMatch(form -> form.format(other).equals(each.getKey()));
  }
}

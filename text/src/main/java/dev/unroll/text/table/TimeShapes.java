package dev.unroll.text.table;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which patterns a text may be a time of: two or more where day and month cannot be told apart. */
final class TimeShapes {

  private static final String NAME = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)([a-z]*)";
  private static final String GAP = "([-/., ]{1,2})";

  private static final Pattern ZONE =
      Pattern.compile("(.*\\d.*?)( ?)(Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)(\\[[\\w/+-]+])?");
  private static final Pattern CLOCK =
      Pattern.compile(
          "(.*?)(T| |, )(\\d{1,2})(:\\d{2})?(:\\d{2})?(?:([.,])(\\d{1,9}))?(?:( ?)([AaPp][Mm]))?");

  private static final Pattern DIGITS = Pattern.compile("\\d+");
  private static final Pattern YEAR_FIRST =
      Pattern.compile("\\d{4}([-/. ])\\d{1,2}(?:\\1(\\d{1,2}))?");
  private static final Pattern YEAR_LAST =
      Pattern.compile("\\d{1,2}([-/. ])\\d{1,2}\\1(\\d{4}|\\d{2})");
  private static final Pattern MONTH_YEAR = Pattern.compile("\\d{1,2}([-/.])\\d{4}");
  private static final Pattern QUARTER = Pattern.compile("\\d{4}([- /]?)([Qq])[1-4]");
  private static final Pattern QUARTER_FIRST =
      Pattern.compile("([Qq])[1-4]([- /]?)(\\d{4}|\\d{2})");
  private static final Pattern WEEK = Pattern.compile("\\d{4}(-?)([Ww])\\d{2}(?:(-?)[1-7])?");
  private static final Pattern DAY_NAME =
      Pattern.compile("(?i)((?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)(,? )(.*)");
  private static final Pattern DAY_MONTH =
      Pattern.compile("(?i)\\d{1,2}" + GAP + NAME + GAP + "(\\d{4}|\\d{2})");
  private static final Pattern MONTH_DAY =
      Pattern.compile("(?i)" + NAME + GAP + "\\d{1,2}(,? )\\d{4}");
  private static final Pattern NAMED_MONTH =
      Pattern.compile("(?i)" + NAME + GAP + "(\\d{4}|\\d{2})");
  private static final Pattern YEAR_NAMED =
      Pattern.compile("(?i)\\d{4}" + GAP + NAME + "(?:" + GAP + "\\d{1,2})?");

  /** No time is written in more letters. */
  private static final int LONGEST = 80;

  private TimeShapes() {}

  /** Returns the patterns, or nothing where the text is no time. */
  static List<String> of(String text) {
    if (text.length() > LONGEST) {
      return List.of();
    }
    List<String> dates = dates(text);
    if (!dates.isEmpty()) {
      return dates;
    }
    String rest = text;
    String end = "";
    Matcher zone = ZONE.matcher(text);
    if (zone.matches() && zone.group(1).indexOf(':') >= 0) {
      rest = zone.group(1);
      end = TimePattern.quoted(zone.group(2)) + zoneLetters(zone.group(3));
      end += zone.group(4) == null ? "" : "'['VV']'";
    }
    Matcher clock = CLOCK.matcher(rest);
    if (!clock.matches()) {
      return List.of();
    }
    String time = TimePattern.quoted(clock.group(2)) + clock(clock) + end;
    return dates(clock.group(1)).stream()
        .filter(date -> date.indexOf('d') >= 0)
        .map(date -> date + time)
        .toList();
  }

  private static String zoneLetters(String zone) {
    if (zone.equals("UTC") || zone.equals("GMT")) {
      return "VV";
    }
    return zone.indexOf(':') >= 0 || zone.equals("Z") ? "XXX" : zone.length() > 3 ? "XX" : "X";
  }

  private static String clock(Matcher clock) {
    String half = clock.group(9);
    var pattern = new StringBuilder(half == null ? "H" : "h");
    pattern.append(clock.group(4) == null ? "" : ":mm");
    pattern.append(clock.group(5) == null ? "" : ":ss");
    if (clock.group(7) != null) {
      pattern.append(clock.group(6)).append("S".repeat(clock.group(7).length()));
    }
    if (half != null) {
      boolean lower = Character.isLowerCase(half.charAt(0));
      pattern.append(clock.group(8)).append(lower ? "aa" : "a");
    }
    return pattern.toString();
  }

  private static List<String> dates(String text) {
    if (DIGITS.matcher(text).matches()) {
      return digits(text);
    }
    Matcher day = DAY_NAME.matcher(text);
    if (day.matches()) {
      String name = day.group(1).length() == 3 ? "EEE" : "EEEE";
      return named(day.group(3)).stream().map(each -> name + day.group(2) + each).toList();
    }
    List<String> numbers = numbers(text);
    return numbers.isEmpty() ? named(text) : numbers;
  }

  private static List<String> digits(String text) {
    return switch (text.length()) {
      case 4 -> List.of("uuuu");
      case 6 -> List.of("uuuuMM");
      case 8 -> List.of("uuuuMMdd");
      case 9, 10 -> List.of(TimePattern.SECONDS);
      case 12, 13 -> List.of(TimePattern.MILLISECONDS);
      default -> List.of();
    };
  }

  private static List<String> numbers(String text) {
    Matcher m = YEAR_FIRST.matcher(text);
    if (m.matches()) {
      return List.of("uuuu" + m.group(1) + "M" + (m.group(2) == null ? "" : m.group(1) + "d"));
    }
    m = YEAR_LAST.matcher(text);
    if (m.matches()) {
      String gap = m.group(1);
      String year = "u".repeat(m.group(2).length());
      var all = new ArrayList<>(List.of("d" + gap + "M" + gap + year));
      if (!gap.equals(".")) {
        all.add("M" + gap + "d" + gap + year);
      }
      if (year.length() == 2 && !gap.equals(".")) {
        all.add("uu" + gap + "M" + gap + "d");
      }
      return all;
    }
    m = MONTH_YEAR.matcher(text);
    if (m.matches()) {
      return List.of("M" + m.group(1) + "uuuu");
    }
    m = QUARTER.matcher(text);
    if (m.matches()) {
      return List.of("uuuu" + m.group(1) + "'" + m.group(2) + "'q");
    }
    m = QUARTER_FIRST.matcher(text);
    if (m.matches()) {
      return List.of("'" + m.group(1) + "'q" + m.group(2) + "u".repeat(m.group(3).length()));
    }
    m = WEEK.matcher(text);
    if (m.matches()) {
      String end = m.group(3) == null ? "" : m.group(3) + "e";
      return List.of("YYYY" + m.group(1) + "'" + m.group(2) + "'ww" + end);
    }
    return List.of();
  }

  private static List<String> named(String text) {
    Matcher m = DAY_MONTH.matcher(text);
    if (m.matches()) {
      return months(m, 2, "d" + m.group(1), m.group(4) + "u".repeat(m.group(5).length()));
    }
    m = MONTH_DAY.matcher(text);
    if (m.matches()) {
      return months(m, 1, "", m.group(3) + "d" + m.group(4) + "uuuu");
    }
    m = NAMED_MONTH.matcher(text);
    if (m.matches()) {
      return months(m, 1, "", m.group(3) + "u".repeat(m.group(4).length()));
    }
    m = YEAR_NAMED.matcher(text);
    if (m.matches()) {
      return months(m, 2, "uuuu" + m.group(1), m.group(4) == null ? "" : m.group(4) + "d");
    }
    return List.of();
  }

  /** A month of three letters may be the whole name: May. */
  private static List<String> months(Matcher m, int group, String before, String after) {
    String name = m.group(group) + m.group(group + 1);
    String letter = name.length() > 1 && Character.isUpperCase(name.charAt(1)) ? "L" : "M";
    var all = new ArrayList<String>();
    if (name.length() == 3) {
      all.add(before + letter.repeat(3) + after);
    }
    if (name.length() != 3 || name.equalsIgnoreCase("may")) {
      all.add(before + letter.repeat(4) + after);
    }
    return all;
  }
}

package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.data.LabeledSequence;
import dev.unroll.file.Plural;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a {@link ConllFile} are read. A column is a number from 1, {@code last}, or a
 * name of CoNLL-U: id, form, lemma, upos, xpos, feats, head, deprel, deps, misc; {@code
 * feats:Number} is one of the features, {@code _} if a word does not have it.
 *
 * @param words the column of the words
 * @param tags the column of the tags
 * @param further further columns that are read
 */
public record ConllColumns(String words, String tags, List<String> further) {

  private static final List<String> NAMES =
      List.of("id", "form", "lemma", "upos", "xpos", "feats", "head", "deprel", "deps", "misc");

  private static final String LAST = "last";

  private static final String NOTHING = "_";

  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,3}");

  /** Copies the list, and checks the names. */
  public ConllColumns {
    further = List.copyOf(further);
    check(words);
    check(tags);
    further.forEach(ConllColumns::check);
  }

  private static void check(String column) {
    String name = baseOf(column);
    boolean known = name.equals(LAST) || NUMBER.matcher(name).matches() || NAMES.contains(name);
    if (!known || (!name.equals(column) && !name.equals("feats"))) {
      throw new InputException(
          "no column is called " + column,
          "Give a number from 1, last, or a name of CoNLL-U: "
              + String.join(", ", NAMES)
              + ", feats:Number.");
    }
  }

  private static String baseOf(String column) {
    int colon = column.indexOf(':');
    return (colon < 0 ? column : column.substring(0, colon)).toLowerCase(Locale.ROOT);
  }

  /**
   * The columns that files like these have: of CoNLL-U form and upos, else the first and the last.
   *
   * @param words another column of the words, or null
   * @param tags another column of the tags, or null
   */
  public static ConllColumns of(
      List<ConllSentence> sentences,
      @Nullable String words,
      @Nullable String tags,
      List<String> further) {
    boolean universal = sentences.getFirst().isUniversal();
    return new ConllColumns(
        words == null ? (universal ? "form" : "1") : words,
        tags == null ? (universal ? "upos" : LAST) : tags,
        further);
  }

  /** Returns the columns, as a model remembers them. */
  public Map<String, String> source() {
    var source = new LinkedHashMap<String, String>();
    source.put("words", words);
    source.put("tags", tags);
    source.put("columns", String.join(" ", further));
    return source;
  }

  /**
   * Returns a sentence as a network reads it.
   *
   * @param labeled whether its tags are wanted
   */
  public LabeledSequence labeled(ConllSentence sentence, boolean labeled) {
    return new LabeledSequence(
        filled(sentence, words, String::isEmpty),
        further.stream().map(each -> column(sentence, each)).toList(),
        labeled ? filled(sentence, tags, ConllLine::isBlank) : List.of());
  }

  /** A column that has something in each line. */
  private static List<String> filled(
      ConllSentence sentence, String column, Predicate<String> isEmpty) {
    List<String> values = column(sentence, column);
    for (int t = 0; t < values.size(); t++) {
      if (isEmpty.test(values.get(t))) {
        throw InputException.at(
            sentence.file(),
            sentence.tokens().get(t).number(),
            "column " + column + " is empty",
            "Give each token its word and its tag, or name the columns with {words} and {tags}.");
      }
    }
    return values;
  }

  /**
   * Checks that the tags are not read as words or as further columns.
   *
   * @param sentence one of the file's sentences
   */
  public void checkTagsAreNotRead(ConllSentence sentence) {
    ConllLine line = sentence.tokens().getFirst();
    if (line.fields().size() == 1) {
      throw InputException.at(
          sentence.file(),
          line.number(),
          "there is one column only: words, but no tags",
          "Put a tab or blanks between the columns; commas, and other white space such as U+00A0, separate none.");
    }
    for (String column : Stream.concat(Stream.of(words), further.stream()).toList()) {
      boolean same = index(sentence.file(), line, column) == index(sentence.file(), line, tags);
      boolean parts = column.contains(":") && tags.contains(":") && !column.equals(tags);
      if (same && !parts) {
        throw InputException.at(
            sentence.file(),
            line.number(),
            String.format(
                Locale.ROOT,
                "the tags are in column %s, which is also read: there would be nothing to find",
                column),
            "Name the columns with {words}, {tags} and {columns}.");
      }
    }
  }

  /** Reads the tagged sentences of files. */
  public List<LabeledSequence> labeled(List<Path> files) {
    return files.stream()
        .flatMap(file -> ConllFile.read(file).stream())
        .map(sentence -> labeled(sentence, true))
        .toList();
  }

  static List<String> column(ConllSentence sentence, String column) {
    return sentence.tokens().stream().map(line -> value(sentence.file(), line, column)).toList();
  }

  private static String value(String file, ConllLine line, String column) {
    String value = line.fields().get(index(file, line, column));
    int colon = column.indexOf(':');
    if (colon < 0) {
      return value;
    }
    String feature = column.substring(colon + 1) + "=";
    for (String each : value.split("\\|", -1)) {
      if (each.startsWith(feature)) {
        return each.substring(feature.length());
      }
    }
    return NOTHING;
  }

  /**
   * Returns a line with another tag in the place of its own; where that is one of several features,
   * the others stay.
   */
  public String withTag(String file, ConllLine line, String tag) {
    int index = index(file, line, tags);
    int colon = tags.indexOf(':');
    return line.withField(
        index,
        colon < 0 ? tag : withFeature(line.fields().get(index), tags.substring(colon + 1), tag));
  }

  /** CoNLL-U has features in the order of their names, whatever their case; none is «_». */
  private static String withFeature(String features, String name, String value) {
    var all = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    for (String each : features.split("\\|", -1)) {
      int equals = each.indexOf('=');
      if (equals > 0) {
        all.put(each.substring(0, equals), each.substring(equals + 1));
      }
    }
    if (value.equals(NOTHING)) {
      all.remove(name);
    } else {
      all.put(name, value);
    }
    return all.isEmpty()
        ? NOTHING
        : all.entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining("|"));
  }

  /** Returns the place of a column in a line, from 0. */
  public static int index(String file, ConllLine line, String column) {
    int fields = line.fields().size();
    String name = baseOf(column);
    int index = NAMES.indexOf(name);
    if (index < 0) {
      index = name.equals(LAST) ? fields - 1 : Integer.parseInt(name) - 1;
    } else if (fields != NAMES.size() || line.separator() != ConllLine.Separator.TABS) {
      boolean ten = fields == NAMES.size();
      throw InputException.at(
          file,
          line.number(),
          String.format(
              Locale.ROOT,
              "%s%s, but %s is a column of CoNLL-U, which has ten between tabs",
              Plural.of(fields, "column"),
              ten ? " between blanks" : "",
              column),
          String.format(
              Locale.ROOT, "Name the columns by number, from 1, such as {words %d}.", ten ? 2 : 1));
    }
    if (index >= fields) {
      throw InputException.at(
          file,
          line.number(),
          String.format(Locale.ROOT, "there is no column %s, only %d", column, fields),
          "Name others with {words}, {tags} and {columns}; a model reads all columns that it was trained with.");
    }
    return index;
  }
}

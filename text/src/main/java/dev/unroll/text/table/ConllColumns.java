package dev.unroll.text.table;

import dev.unroll.data.LabeledSequence;
import dev.unroll.file.InputException;
import dev.unroll.file.Plural;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
   * Returns a sentence as a network reads it.
   *
   * @param labeled whether its tags are wanted
   */
  public LabeledSequence labeled(ConllFile.Sentence sentence, boolean labeled) {
    return new LabeledSequence(
        column(sentence, words),
        further.stream().map(each -> column(sentence, each)).toList(),
        labeled ? column(sentence, tags) : List.of());
  }

  /**
   * Checks that the tags are not read as words or as further columns.
   *
   * @param sentence one of the file's sentences
   */
  public void checkTagsAreNotRead(ConllFile.Sentence sentence) {
    ConllFile.Line line = sentence.tokens().getFirst();
    for (String column : Stream.concat(Stream.of(words), further.stream()).toList()) {
      boolean same = index(sentence.file(), line, column) == index(sentence.file(), line, tags);
      boolean parts = column.contains(":") && tags.contains(":") && !column.equals(tags);
      if (same && !parts) {
        throw InputException.at(
            sentence.file(),
            line.number(),
            "the tags are in column %s, which is also read: there would be nothing to find"
                .formatted(column),
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

  private static List<String> column(ConllFile.Sentence sentence, String column) {
    return sentence.tokens().stream().map(line -> value(sentence.file(), line, column)).toList();
  }

  private static String value(String file, ConllFile.Line line, String column) {
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
   * Returns the fields of a line with another tag in the place of its own; where that is one of
   * several features, the others stay.
   */
  public List<String> withTag(String file, ConllFile.Line line, String tag) {
    int index = index(file, line, tags);
    var fields = new ArrayList<>(line.fields());
    int colon = tags.indexOf(':');
    fields.set(
        index, colon < 0 ? tag : withFeature(fields.get(index), tags.substring(colon + 1), tag));
    return fields;
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
  public static int index(String file, ConllFile.Line line, String column) {
    int fields = line.fields().size();
    String name = baseOf(column);
    int index = NAMES.indexOf(name);
    if (index < 0) {
      index = name.equals(LAST) ? fields - 1 : Integer.parseInt(name) - 1;
    } else if (fields != NAMES.size()) {
      throw InputException.at(
          file,
          line.number(),
          "%s, but %s is a column of CoNLL-U, which has ten between tabs"
              .formatted(Plural.of(fields, "column"), column),
          "Name the columns by number, from 1, such as {words} 1.");
    }
    if (index >= fields) {
      throw InputException.at(
          file,
          line.number(),
          "there is no column %s, only %d".formatted(column, fields),
          "Name others with {words}, {tags} and {columns}; a model reads all columns that it was trained with.");
    }
    return index;
  }
}

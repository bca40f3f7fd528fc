package dev.unroll.text.table;

import dev.unroll.base.InputException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Tells columns that can hardly be what they are read as: numbers of tokens read as words, ids read
 * as tags. Short files may have such words and tags by chance, and are let through.
 */
public final class ColumnCheck {

  private static final Pattern PUNCTUATION = Pattern.compile("\\p{P}+");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
  private static final Pattern NODE = Pattern.compile("\\d+-\\d+|\\d+\\.\\d+");

  /** Fewer tokens say nothing. */
  private static final int FEW = 10;

  /** Fewer tokens may well have a tag each. */
  private static final int SOME = 30;

  private final List<ConllSentence> sentences;
  private final ConllColumns columns;
  private final int tokens;

  /** Looks at sentences, of which there must be one at least. */
  public ColumnCheck(List<ConllSentence> sentences, ConllColumns columns) {
    this.sentences = sentences;
    this.columns = columns;
    this.tokens = sentences.stream().mapToInt(each -> each.tokens().size()).sum();
  }

  /**
   * Refuses columns that can hardly be words and tags, unless somebody asked for them: then that is
   * noted, as is what looks like a comment or is read as one.
   *
   * @param askedForWords whether somebody named the column of the words
   * @param askedForTags whether somebody named the column of the tags
   * @param notes receives each note
   */
  public void report(boolean askedForWords, boolean askedForTags, Consumer<String> notes) {
    report(words(), askedForWords, notes);
    report(tags(), askedForTags, notes);
    comments()
        .ifPresent(
            each ->
                notes.accept("note: " + each.problem() + "; comments are written # name = value"));
    noteComments(notes);
  }

  /** Refuses words that can hardly be words, or notes them where somebody asked for them. */
  public void reportWords(boolean asked, Consumer<String> notes) {
    report(words(), asked, notes);
  }

  private static void report(
      Optional<InputException> problem, boolean noted, Consumer<String> notes) {
    if (problem.isPresent()) {
      if (!noted) {
        throw problem.get();
      }
      notes.accept("note: " + problem.get().problem());
    }
  }

  /** Notes which lines that begin with # are read as comments. */
  private void noteComments(Consumer<String> notes) {
    long count = 0;
    String first = "";
    for (ConllSentence sentence : sentences) {
      for (ConllLine line : sentence.lines()) {
        if (line.kind() == ConllLine.Kind.COMMENT && !sentence.isUniversal()) {
          first = count == 0 ? sentence.file() + ":" + line.number() : first;
          count++;
        }
      }
    }
    if (count > 0) {
      notes.accept(
          String.format(Locale.ROOT, "note: %s is read as a comment; %,d such", first, count));
    }
  }

  /** Returns why the words are not words, if they do not look so. */
  public Optional<InputException> words() {
    List<List<String>> words = values(columns.words());
    String why = "";
    if (areCounted(words)) {
      why = "count the tokens, such as 1, 2, 3" + lostTabs();
    } else if (tokens >= FEW
        && tokens > words.size()
        && words.stream().allMatch(each -> each.stream().distinct().count() <= 1)) {
      why =
          String.format(
              Locale.ROOT,
              "are all the same in a sentence, such as «%s»",
              words.getFirst().getFirst());
    } else if (tokens >= FEW
        && words.stream().flatMap(List::stream).allMatch(PUNCTUATION.asMatchPredicate())) {
      why =
          String.format(
              Locale.ROOT, "are punctuation only, such as «%s»", words.getFirst().getFirst());
    }
    return error(
        "words",
        columns.words(),
        why,
        "Name the column of the words, such as {words %s}; {words %s} if these are meant.");
  }

  /** Returns why the tags are not tags, if they do not look so. */
  public Optional<InputException> tags() {
    List<List<String>> tags = values(columns.tags());
    long different = different(tags);
    String why = "";
    if (areCounted(tags)) {
      why = "count the tokens, such as 1, 2, 3" + lostTabs();
    } else if (tokens >= FEW && different == 1) {
      why = String.format(Locale.ROOT, "are all «%s»", tags.getFirst().getFirst());
    } else if (tokens >= SOME
        && (different * 10 > tokens * 6L
            || (different > 50 && different > different(values(columns.words()))))) {
      why =
          String.format(Locale.ROOT, "have %,d different values in %,d tokens", different, tokens);
    }
    return error(
        "tags",
        columns.tags(),
        why,
        "Name the column of the tags, such as {tags %s}; {tags %s} if these are meant.");
  }

  /**
   * Returns which token looks like a comment, if one does: it is «#» at the beginning of a
   * sentence, and what would be its tag is found nowhere else.
   */
  public Optional<InputException> comments() {
    List<List<String>> words = values(columns.words());
    List<List<String>> tags = values(columns.tags());
    var elsewhere = new HashSet<String>();
    for (int s = 0; s < tags.size(); s++) {
      boolean sign = words.get(s).getFirst().equals("#");
      elsewhere.addAll(tags.get(s).subList(sign ? 1 : 0, tags.get(s).size()));
    }
    for (int s = 0; s < tags.size(); s++) {
      String tag = tags.get(s).getFirst();
      if (words.get(s).getFirst().equals("#")
          && !elsewhere.contains(tag)
          && !PUNCTUATION.matcher(tag).matches()) {
        return Optional.of(
            InputException.at(
                sentences.get(s).file(),
                sentences.get(s).tokens().getFirst().number(),
                String.format(
                    Locale.ROOT,
                    "this looks like a comment, but has the columns of a token: «#» with the tag «%s»",
                    tag),
                "Write comments as: # name = value"));
      }
    }
    return Optional.empty();
  }

  private List<List<String>> values(String column) {
    return sentences.stream().map(each -> ConllColumns.column(each, column)).toList();
  }

  private static long different(List<List<String>> values) {
    var all = new HashSet<String>();
    values.forEach(all::addAll);
    return all.size();
  }

  /** Whether numbers go up by one, but for slips, in each sentence or from one to the next. */
  private boolean areCounted(List<List<String>> values) {
    long counted = 0;
    long before = -1;
    for (List<String> sentence : values) {
      boolean begins = true;
      for (String value : sentence) {
        long own = NUMBER.matcher(value).matches() ? Long.parseLong(value) : -1;
        boolean starts = begins && (own == 0 || own == 1);
        boolean goesOn = own >= 0 && own == before + 1;
        counted += starts || goesOn || NODE.matcher(value).matches() ? 1 : 0;
        before = own < 0 ? before : own;
        begins &= own < 0;
      }
    }
    return values.stream().anyMatch(each -> each.size() > 2) && counted * 100 >= tokens * 95L;
  }

  /** Said where ten columns begin with numbers, but have no tabs between them. */
  private String lostTabs() {
    ConllLine line = sentences.getFirst().tokens().getFirst();
    boolean ten = line.fields().size() == 10 && line.separator() == ConllLine.Separator.BLANKS;
    return ten ? ": this looks like CoNLL-U whose tabs became blanks" : "";
  }

  private Optional<InputException> error(String what, String column, String why, String fix) {
    if (why.isEmpty()) {
      return Optional.empty();
    }
    ConllSentence first = sentences.getFirst();
    String other = column.equals("2") ? "3" : "2";
    return Optional.of(
        InputException.at(
            first.file(),
            first.tokens().getFirst().number(),
            String.format(Locale.ROOT, "the %s, in column %s, %s", what, column, why),
            String.format(Locale.ROOT, fix, other, column)));
  }
}

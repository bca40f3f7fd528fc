package dev.unroll.text.inspect;

import dev.unroll.data.Reading;
import dev.unroll.text.Lines;
import dev.unroll.text.Passages;
import dev.unroll.text.Segmentation.Unit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What texts look like, and so what a token of them should be where nobody says: found from the
 * first million characters of the training data.
 */
public final class TextForm {

  private static final int SAMPLE = 1_000_000;

  /** Names have at most this many words on average, and this many characters. */
  private static final double WORDS_OF_A_NAME = 2.5;

  private static final int LENGTH_OF_A_NAME = 40;

  /** Where more of all words occur once only, too many of new texts would be unknown. */
  private static final double RARE = 0.1;

  /** The same of short texts that are read: words that come again are known by themselves. */
  private static final double RARE_OF_NAMES = 0.3;

  /** The same of longer ones. */
  private static final double RARE_TO_READ = 0.6;

  /** Signs between blanks that show that text was tokenized before. */
  private static final int SIGNS = 20;

  /** Words in all, from which on parts of words can be learned. */
  private static final int BYTE_PAIRS_FROM = 50_000;

  private int texts;
  private long characters;
  private long words;
  private long lengths;
  private long unspaced;
  private long letters;
  private long signs;
  private long signsApart;
  private boolean complete = true;
  private final Map<String, Integer> counts = new HashMap<>();
  private boolean wrapped;

  /**
   * What was found.
   *
   * @param unit what a token should be
   * @param reading how a language model should read the text
   * @param reason what was found and why: {@code unit characters: …}
   */
  public record Found(Unit unit, Reading reading, String reason) {}

  private TextForm() {}

  /** Looks at texts. */
  public static TextForm of(Iterable<String> texts) {
    var form = new TextForm();
    for (String text : texts) {
      if (!form.add(text)) {
        break;
      }
    }
    return form;
  }

  /** Looks at the lines of files and folders, which are read from their beginning again later. */
  public static TextForm ofLines(List<Path> files) {
    var form = new TextForm();
    for (Path file : Lines.files(files)) {
      if (!Files.isRegularFile(file)) {
        continue; // what is piped can be read once
      }
      int before = form.texts;
      Lines.readWhile(file, form::add);
      form.wrapped |= before == 0 && Passages.wrappedAt(file).isPresent();
    }
    return form;
  }

  /** Returns whether there is room for more. */
  private boolean add(String text) {
    if (characters > SAMPLE) {
      complete = false;
      return false;
    }
    String own = text.strip();
    if (own.isEmpty()) {
      return true;
    }
    texts++;
    characters += own.codePointCount(0, own.length());
    own.codePoints().filter(Character::isLetter).forEach(this::letter);
    for (String word : own.split("\\s+", -1)) {
      words++;
      lengths += word.codePointCount(0, word.length());
      counts.merge(core(word), 1, Integer::sum);
      boolean sign = isSign(word.codePointBefore(word.length()));
      signs += sign ? 1 : 0;
      signsApart += sign && word.length() == 1 ? 1 : 0;
    }
    return true;
  }

  private void letter(int character) {
    letters++;
    switch (Character.UnicodeScript.of(character)) {
      case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR, TIBETAN -> unspaced++;
      default -> {}
    }
  }

  private static boolean isSign(int character) {
    return ".,;:!?".indexOf(character) >= 0;
  }

  /** A word without the signs around it, which would make every end of a sentence a word. */
  private static String core(String word) {
    int from = 0;
    int to = word.length();
    while (from < to && !Character.isLetterOrDigit(word.charAt(from))) {
      from++;
    }
    while (to > from && !Character.isLetterOrDigit(word.charAt(to - 1))) {
      to--;
    }
    return from == to ? word : word.substring(from, to);
  }

  /** Returns what was found for a network that reads texts and says one thing of each. */
  public Found toRead() {
    if (areNames() && rare() > RARE_OF_NAMES) {
      return found(Unit.CHARACTERS, names());
    }
    return rare() > RARE_TO_READ && !isUnspaced()
        ? found(Unit.CHARACTERS, rareWords())
        : found(Unit.WORDS, "the texts are of several words");
  }

  /** Returns what was found for a language model, which reads lines. */
  public Found toModel() {
    if (areNames()) {
      return new Found(Unit.CHARACTERS, Reading.SENTENCES, reason(Unit.CHARACTERS, names()));
    }
    if (isUnspaced()) {
      String why = "the text has no blanks between words";
      Reading reading = wrapped || texts < 2 ? Reading.STREAM : Reading.SENTENCES;
      return new Found(Unit.CHARACTERS, reading, reason(Unit.CHARACTERS, why));
    }
    if (rare() > RARE) {
      return found(Unit.CHARACTERS, rareWords());
    }
    if (isTokenized()) {
      return found(Unit.TOKENS, "the text has blanks before its punctuation, or <unk>");
    }
    if (wrapped) {
      return new Found(
          Unit.WORDS, Reading.STREAM, reason(Unit.WORDS, "read as a stream: lines are wrapped"));
    }
    return found(Unit.WORDS, "few words occur only once");
  }

  /** Returns what was found for one side of pairs. */
  public Found toTransduce() {
    double each = (double) words / Math.max(1, counts.size());
    double length = (double) lengths / Math.max(1, words);
    boolean several = words >= 2L * texts;
    if (several
        && ((counts.size() <= 500 && each >= 5 && length <= 4)
            || (counts.size() <= 100 && each >= 20))) {
      String symbols =
          String.format(Locale.ROOT, "they are of %,d symbols between blanks", counts.size());
      return found(Unit.TOKENS, symbols);
    }
    if (words >= 4L * texts && (words >= BYTE_PAIRS_FROM || !complete) && !isUnspaced()) {
      return found(Unit.BYTE_PAIRS, "they are sentences, and many");
    }
    return found(Unit.CHARACTERS, several ? "they are few or short" : "they are words or names");
  }

  /** Returns how many parts of words can be learned from texts, at most the usual number. */
  public int bytePairs() {
    return complete ? Math.clamp(words / 70, 500, 8_000) : 8_000;
  }

  /** Returns how lines are read whose unit is chosen: names one by one. */
  public Reading reading(Unit unit) {
    return areNames() || !unit.isSmall() ? Reading.SENTENCES : Reading.STREAM;
  }

  private Found found(Unit unit, String why) {
    Reading reading = unit.isSmall() ? Reading.STREAM : Reading.SENTENCES;
    return new Found(unit, reading, reason(unit, why));
  }

  private static String reason(Unit unit, String why) {
    return "unit " + unit.label() + ": " + why;
  }

  private boolean areNames() {
    return texts > 1
        && words <= WORDS_OF_A_NAME * texts
        && characters <= (long) LENGTH_OF_A_NAME * texts
        && (!isUnspaced() || characters <= 8L * texts);
  }

  private boolean isUnspaced() {
    return 2 * unspaced > letters;
  }

  private boolean isTokenized() {
    return (signs >= SIGNS && signsApart >= 0.9 * signs) || counts.containsKey("unk");
  }

  /** The share of words that occur once: about that of new words in new text (Good 1953). */
  private double rare() {
    long once = counts.values().stream().filter(count -> count == 1).count();
    return (double) once / Math.max(1, words);
  }

  private String rareWords() {
    return String.format(Locale.ROOT, "%.0f%% of the words occur only once", 100 * rare());
  }

  private String names() {
    return String.format(
        Locale.ROOT,
        "the texts are names or short, %.1f words in the mean",
        (double) words / texts);
  }
}

package dev.unroll.text;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import dev.unroll.base.Labeled;
import dev.unroll.data.Reading;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a line is split into tokens, and tokens are joined again.
 *
 * @param unit what a token is
 * @param lowerCase whether text is put into lower case first
 * @param punctuation what becomes of punctuation (words only)
 */
public record Segmentation(Unit unit, boolean lowerCase, Punctuation punctuation) {

  /** What a token is. */
  public enum Unit implements Labeled {
    /** A character: a Unicode code point. */
    CHARACTERS,
    /** A byte of the text in UTF-8. */
    BYTES,
    /** A word by Unicode segmentation (UAX 29, with ICU's dictionaries for Chinese, Thai, …). */
    WORDS,
    /** What is separated by whitespace: the text is tokenized already. */
    TOKENS,
    /** What is separated by whitespace, which {@link BytePairTokenizer} then splits further. */
    BYTE_PAIRS;

    /** Returns whether a token is a character or a byte. */
    public boolean isSmall() {
      return this == CHARACTERS || this == BYTES;
    }

    /** Returns whether blank lines are read, which is the case in one stream of characters. */
    public boolean keepsBlankLines(Reading reading) {
      return isSmall() && reading == Reading.STREAM;
    }

    /** Returns the unit with a label. */
    public static Unit of(String label) {
      return Labeled.of(
          values(),
          label,
          "no unit of text is called ",
          "Use characters, bytes, words, tokens or byte-pairs.");
    }
  }

  /** How punctuation is treated if tokens are words. */
  public enum Punctuation {
    /** It is a token. */
    KEPT,
    /** It is dropped; emoji and symbols such as € + = § ° are tokens. */
    DROPPED,
    /** It is dropped, and so are emoji and symbols: as versions before 0.3.0 did. */
    DROPPED_WITH_SYMBOLS;

    private boolean keeps(String token) {
      return switch (this) {
        case KEPT -> true;
        case DROPPED -> Symbols.has(token);
        case DROPPED_WITH_SYMBOLS -> false;
      };
    }
  }

  /** ICU's iterators are slow to create and serve one thread; clones are cheap. */
  private static final BreakIterator WORDS = BreakIterator.getWordInstance(ULocale.ROOT);

  /** The most frequent characters as strings, so that a long text does not create one for each. */
  private static final String[] LATIN = new String[256];

  static {
    for (int character = 0; character < LATIN.length; character++) {
      LATIN[character] = String.valueOf((char) character);
    }
  }

  /** The field of files that says that symbols are kept where punctuation is not. */
  private static final String SYMBOLS = "symbols";

  /** Cuts with punctuation kept, or with all but emoji and symbols of it dropped. */
  public Segmentation(Unit unit, boolean lowerCase, boolean punctuation) {
    this(unit, lowerCase, punctuation ? Punctuation.KEPT : Punctuation.DROPPED);
  }

  /** Cuts as it is: case and punctuation kept. */
  public static Segmentation of(Unit unit) {
    return new Segmentation(unit, false, true);
  }

  /** Returns the same with or without text put into lower case. */
  public Segmentation withLowerCase(boolean lower) {
    return new Segmentation(unit, lower, punctuation);
  }

  /** Returns the fields that describe it in files. */
  Map<String, Object> describe() {
    Map<String, Object> json =
        Json.object(
            "unit",
            unit.label(),
            "lowerCase",
            lowerCase,
            "punctuation",
            punctuation == Punctuation.KEPT);
    if (punctuation == Punctuation.DROPPED) {
      json.put(SYMBOLS, true);
    }
    return json;
  }

  /** Reads what {@link #describe} wrote, or a version before 0.3.0. */
  static Segmentation restore(Json.Reader json) {
    var dropped = json.flagIfAny(SYMBOLS) ? Punctuation.DROPPED : Punctuation.DROPPED_WITH_SYMBOLS;
    return new Segmentation(
        json.part("unit", label -> Unit.of(label.asText())),
        json.flag("lowerCase"),
        json.flag("punctuation") ? Punctuation.KEPT : dropped);
  }

  /**
   * Returns a line in lower case, if text is put into it. İ is the only character that grows; the
   * JDK copies the whole line for each, so that a line of them would take a time that grows with
   * its square.
   */
  String spelled(String line) {
    return lowerCase ? line.replace("İ", "i\u0307").toLowerCase(Locale.ROOT) : line;
  }

  /** Cuts a line into tokens. */
  public List<String> cut(String line) {
    String text = spelled(line);
    return switch (unit) {
      case CHARACTERS -> characters(text);
      case BYTES -> bytes(text);
      case WORDS -> words(text);
      case TOKENS -> tokens(text);
      case BYTE_PAIRS -> tokens(text).stream().map(Joiner.WORD_BEGINS::concat).toList();
    };
  }

  /** Returns what puts tokens together that follow a text. */
  Joiner joiner(String before) {
    return switch (unit) {
      case CHARACTERS -> new Joiner.OfCharacters(before);
      case BYTES -> new Joiner.OfBytes(before);
      case WORDS -> new Joiner.OfWords(before);
      case TOKENS -> new Joiner.OfTokens(before);
      case BYTE_PAIRS -> new Joiner.OfPieces(before);
    };
  }

  /** Joins the tokens of a line. */
  public String join(List<String> tokens) {
    var joiner = joiner("");
    var text = new StringBuilder();
    tokens.forEach(token -> text.append(joiner.add(token)));
    return text.append(joiner.endLine()).toString();
  }

  /** Returns what each token of a line adds to it, with the space before it, if there is one. */
  public List<String> pieces(List<String> tokens) {
    var joiner = joiner("");
    return tokens.stream().map(joiner::add).toList();
  }

  /** Returns the characters of a line for which a tokenizer reads {@code <UNK>}. */
  static List<String> unreadCharacters(String line, Tokenizer tokenizer) {
    return line.codePoints()
        .mapToObj(Character::toString)
        .filter(
            each -> Arrays.stream(tokenizer.encode(each)).anyMatch(id -> id == tokenizer.unknown()))
        .toList();
  }

  private static List<String> characters(String text) {
    var tokens = new ArrayList<String>(text.length());
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      int length = Character.charCount(character);
      tokens.add(character < LATIN.length ? LATIN[character] : text.substring(i, i + length));
      i += length;
    }
    return tokens;
  }

  /** A byte is the character of the same number, from U+0000 to U+00FF. */
  private static List<String> bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return characters(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  /**
   * ICU takes most of the time of a short text. Where all is ASCII, words end at white space
   * whatever stands beside it, and most of what is between is easy.
   */
  private List<String> words(String text) {
    var tokens = new ArrayList<String>();
    if (isAscii(text)) {
      tokens(text).forEach(part -> addWordsOfAscii(part, tokens));
    } else {
      addWords(text, tokens);
    }
    return tokens;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 128) {
        return false;
      }
    }
    return true;
  }

  /** Letters and digits alone are a word, and signs before and after it are one token each. */
  private void addWordsOfAscii(String part, List<String> tokens) {
    int from = 0;
    int to = part.length();
    while (from < to && isSign(part.charAt(from))) {
      from++;
    }
    while (to > from && isSign(part.charAt(to - 1))) {
      to--;
    }
    for (int i = from; i < to; i++) {
      if (!isLetterOrDigit(part.charAt(i))) {
        addWords(part, tokens);
        return;
      }
    }
    addSigns(part, 0, from, tokens);
    if (from < to) {
      tokens.add(part.substring(from, to));
    }
    addSigns(part, to, part.length(), tokens);
  }

  private void addSigns(String part, int from, int to, List<String> tokens) {
    for (int i = from; i < to; i++) {
      String sign = LATIN[part.charAt(i)];
      if (punctuation.keeps(sign)) {
        tokens.add(sign);
      }
    }
  }

  private static boolean isLetterOrDigit(char character) {
    return (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || (character >= '0' && character <= '9');
  }

  /** An underscore joins words, and control characters are ICU's. */
  private static boolean isSign(char character) {
    return character > ' ' && character < 127 && character != '_' && !isLetterOrDigit(character);
  }

  private void addWords(String text, List<String> tokens) {
    BreakIterator iterator = WORDS.clone();
    iterator.setText(text);
    int start = iterator.first();
    for (int end = iterator.next(); end != BreakIterator.DONE; start = end, end = iterator.next()) {
      boolean word = iterator.getRuleStatus() >= BreakIterator.WORD_NONE_LIMIT;
      String token = text.substring(start, end).strip();
      if (!isBlank(token) && (word || punctuation.keeps(token))) {
        tokens.add(token);
      }
    }
  }

  /** Also of no-break spaces, which String's own methods do not count as white. */
  private static boolean isBlank(String token) {
    return token.codePoints().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
  }

  private static List<String> tokens(String text) {
    var tokens = new ArrayList<String>();
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean space = i == text.length() || Character.isWhitespace(text.charAt(i));
      if (space && start >= 0) {
        tokens.add(text.substring(start, i));
        start = -1;
      } else if (!space && start < 0) {
        start = i;
      }
    }
    return tokens;
  }
}

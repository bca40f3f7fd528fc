package dev.unroll.text.inspect;

import dev.unroll.data.Tokenizer;
import dev.unroll.text.BytePairTokenizer;
import dev.unroll.text.Lines;
import dev.unroll.text.Segmentation;
import dev.unroll.text.Segmentation.Unit;
import dev.unroll.text.VocabularyTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Finds what of some texts stands in a corpus, token by token and exactly. The corpus is read once
 * and not kept: memory grows with the texts alone.
 */
public final class Novelty {

  private static final int LINE_END = 0;

  private final Segmentation segmentation;
  private final Map<String, Integer> ids = new HashMap<>();

  /**
   * Compares texts.
   *
   * @param segmentation how texts and corpus are cut into tokens
   */
  public Novelty(Segmentation segmentation) {
    this.segmentation =
        segmentation.unit() == Unit.BYTES
            ? Segmentation.of(Unit.CHARACTERS)
            : segmentation.unit() == Unit.BYTE_PAIRS
                ? Segmentation.of(Unit.WORDS).withLowerCase(segmentation.lowerCase())
                : segmentation;
  }

  /** Compares texts by a tokenizer's tokens, and by words where tokens are parts of words. */
  public static Novelty of(Tokenizer tokenizer) {
    return new Novelty(
        tokenizer instanceof VocabularyTokenizer own
            ? own.segmentation()
            : tokenizer instanceof BytePairTokenizer pairs
                ? pairs.segmentation()
                : Segmentation.of(Unit.WORDS));
  }

  /** Returns what a token is: words, characters or tokens. */
  public String unit() {
    return segmentation.unit().label();
  }

  /** Returns the lengths of n-grams that are usually looked at. */
  public List<Integer> usualLengths() {
    return segmentation.unit().isSmall() ? List.of(5, 10, 20, 30, 50) : List.of(2, 3, 4, 5, 8);
  }

  /**
   * What of a text stands in the corpus.
   *
   * @param lines its tokens, line by line
   * @param matches of each token, ends of lines between, how many with it as the last stand
   *     together in the corpus
   */
  public record Copied(List<List<String>> lines, int[] matches) {

    /** Returns the length of the longest stretch that stands in the corpus. */
    public int longest() {
      return Arrays.stream(matches).max().orElse(0);
    }

    /** Returns the number of n-grams. */
    public int count(int length) {
      return Math.max(0, matches.length - length + 1);
    }

    /** Returns the number of n-grams that stand in the corpus. */
    public long copied(int length) {
      return Arrays.stream(matches).filter(match -> match >= length).count();
    }

    /** Returns where stretches of such a length or longer stand; those that overlap are one. */
    Marks marks(int length) {
      var marks = new Marks(new boolean[matches.length], new boolean[matches.length]);
      int first = matches.length; // of the stretch that is open
      for (int i = matches.length - 1; i >= 0; i--) {
        if (matches[i] >= length) {
          marks.ends[i] = i < first;
          if (i < first && first < matches.length) {
            marks.begins[first] = true;
          }
          first = Math.min(first, i - matches[i] + 1);
        }
      }
      if (first < matches.length) {
        marks.begins[first] = true;
      }
      return marks;
    }
  }

  /** Of each token, whether a stretch begins or ends with it. */
  record Marks(boolean[] begins, boolean[] ends) {}

  /**
   * Compares texts with a corpus.
   *
   * @param corpus its files and folders
   * @throws dev.unroll.base.InputException if one cannot be read
   */
  public List<Copied> compare(List<String> texts, List<Path> corpus) {
    var automaton = new SuffixAutomaton();
    var lines = texts.stream().map(this::lines).toList();
    ids.clear();
    ids.put("\n", LINE_END);
    var counts = new ArrayList<Integer>();
    int separators = 0;
    for (List<List<String>> text : lines) {
      int[] symbols = symbols(text);
      Arrays.stream(symbols).forEach(automaton::add);
      automaton.add(Integer.MAX_VALUE - separators++); // no symbol of the corpus
      counts.add(symbols.length);
    }
    for (Path file : Lines.files(corpus)) {
      Lines.read(file, line -> read(line, automaton));
      automaton.read(-1);
    }
    int[] matches = automaton.matches();
    var copied = new ArrayList<Copied>();
    int start = 0;
    for (int i = 0; i < lines.size(); i++) {
      int end = start + counts.get(i);
      copied.add(new Copied(lines.get(i), Arrays.copyOfRange(matches, start, end)));
      start = end + 1;
    }
    return copied;
  }

  private List<List<String>> lines(String text) {
    return Arrays.stream(text.split("\r?\n", -1)).map(segmentation::cut).toList();
  }

  private int[] symbols(List<List<String>> lines) {
    var symbols = IntStream.builder();
    for (int i = 0; i < lines.size(); i++) {
      if (i > 0) {
        symbols.add(LINE_END);
      }
      for (String token : lines.get(i)) {
        symbols.add(ids.computeIfAbsent(token, unseen -> ids.size()));
      }
    }
    return symbols.build().toArray();
  }

  private void read(String line, SuffixAutomaton automaton) {
    for (String token : segmentation.cut(line)) {
      automaton.read(ids.getOrDefault(token, -1));
    }
    automaton.read(LINE_END);
  }

  /**
   * Returns a text with marks around the stretches of such a length or longer that stand in the
   * corpus; those that overlap are marked as one.
   */
  public String marked(Copied copied, int length) {
    Marks marks = copied.marks(length);
    var text = new StringBuilder();
    int at = 0;
    for (List<String> line : copied.lines()) {
      text.append(at > 0 ? mark(marks, at - 1, "\n") : "");
      for (String piece : segmentation.pieces(line)) {
        text.append(mark(marks, at, piece));
        at++;
      }
      at++; // the line end
    }
    return text.toString();
  }

  /** A mark stands after the blank before a token. */
  private static String mark(Marks marks, int at, String token) {
    boolean begins = marks.begins[at];
    String blank = begins && token.length() > 1 && token.startsWith(" ") ? " " : "";
    String text = token.substring(blank.length());
    return blank + (begins ? "⟦" : "") + text + (marks.ends[at] ? "⟧" : "");
  }
}

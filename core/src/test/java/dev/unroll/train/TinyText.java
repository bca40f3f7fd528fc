package dev.unroll.train;

import dev.unroll.data.IdStream;
import dev.unroll.data.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Lines of small letters as ids: 0 unknown, 1 end, 2 … 27 the letters, 28 the space. */
public final class TinyText implements IdStream {

  public static final Letters LETTERS = new Letters(29);

  private final Letters tokenizer;
  private final List<String> lines;
  private final int[] ids;
  private final int[] starts;

  public TinyText(List<String> lines) {
    this(LETTERS, lines);
  }

  private TinyText(Letters tokenizer, List<String> lines) {
    this.tokenizer = tokenizer;
    this.lines = lines;
    starts = new int[lines.size() + 1];
    for (int i = 0; i < lines.size(); i++) {
      starts[i + 1] = starts[i] + lines.get(i).length() + 1;
    }
    ids = new int[starts[lines.size()]];
    for (int i = 0; i < lines.size(); i++) {
      int[] line = tokenizer.encode(lines.get(i));
      System.arraycopy(line, 0, ids, starts[i], line.length);
      ids[starts[i + 1] - 1] = 1;
    }
  }

  /** Forty lines with something to learn. */
  public static TinyText sample() {
    return sample(LETTERS.size());
  }

  /** The same lines under a tokenizer that knows more tokens than there are. */
  public static TinyText sample(int tokens) {
    String[] who = {"the cat", "the dog", "a bird", "my old friend", "she"};
    String[] does = {"sat on the mat", "ran", "was full", "sang a song to us", "slept"};
    String[] lines = new String[40];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = who[i % 5] + " " + does[i * 7 / 5 % 5] + (i % 3 == 0 ? " again" : "");
    }
    return new TinyText(new Letters(tokens), Arrays.asList(lines));
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public long size() {
    return ids.length;
  }

  @Override
  public int id(long position) {
    return ids[(int) position];
  }

  @Override
  public long sentences() {
    return lines.size();
  }

  @Override
  public long sentenceStart(long sentence) {
    return starts[(int) sentence];
  }

  @Override
  public long charactersBefore(long sentence) {
    return starts[(int) sentence];
  }

  @Override
  public String fingerprint() {
    return "tiny";
  }

  /** The tokenizer of small letters. */
  public record Letters(int size) implements Tokenizer {

    @Override
    public int[] encode(String line) {
      return line.chars()
          .map(c -> c == ' ' ? 28 : c >= 'a' && c <= 'z' ? c - 'a' + 2 : 0)
          .toArray();
    }

    @Override
    public String decode(int[] tokens) {
      var text = new StringBuilder();
      for (int id : tokens) {
        text.append(token(id));
      }
      return text.toString();
    }

    @Override
    public String token(int id) {
      return switch (id) {
        case 0 -> "?";
        case 1 -> "\n";
        case 28 -> " ";
        default -> String.valueOf((char) ('a' + id - 2));
      };
    }

    @Override
    public int endOfSentence() {
      return 1;
    }

    @Override
    public int unknown() {
      return 0;
    }

    @Override
    public Map<String, Object> describe() {
      return Map.of("kind", "tiny");
    }
  }
}

package dev.unroll.data;

import dev.unroll.batch.TokenizerFormat;
import dev.unroll.file.Json;
import dev.unroll.train.TinyText;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Tokens that are numbers, such as {@code 7 3 12}: 0 is unknown, 1 the end. It describes itself
 * with letters that files must keep.
 */
public record NumberLexicon(int size) implements Lexicon {

  @Override
  public int[] encode(String line) {
    return cut(line).stream().mapToInt(this::id).toArray();
  }

  @Override
  public List<String> cut(String line) {
    return line.isBlank() ? List.of() : Arrays.asList(line.strip().split("\\s+"));
  }

  @Override
  public int id(String token) {
    return Integer.parseInt(token) % size;
  }

  @Override
  public boolean hasSeen(String token) {
    return true;
  }

  @Override
  public int characters() {
    return 0;
  }

  @Override
  public int[] spelling(String token) {
    return new int[0];
  }

  @Override
  public String decode(int[] ids) {
    return Arrays.stream(ids).mapToObj(this::token).collect(Collectors.joining(" "));
  }

  @Override
  public String token(int id) {
    return Integer.toString(id);
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
    return Json.object("kind", "numbers", "size", (long) size, "odd text", "«\"\\\n\u0001😀»");
  }

  /** Restores the tokenizers of these tests. */
  public static final class Format implements TokenizerFormat {

    @Override
    public boolean knows(Json.Reader description) {
      return description.text("kind").equals("numbers") || description.text("kind").equals("tiny");
    }

    @Override
    public Tokenizer restore(Json.Reader description) {
      return description.text("kind").equals("tiny")
          ? TinyText.LETTERS
          : new NumberLexicon(description.integer("size"));
    }
  }
}

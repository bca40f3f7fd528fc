package dev.unroll.bench.unroll;

import dev.unroll.data.Tokenizer;
import java.util.Map;
import java.util.stream.Stream;

/** Ids whose text is their number; random ones need no other. */
public record Numerals(int size) implements Tokenizer {

  /** The end of a sentence. */
  static final int END = 0;

  @Override
  public int[] encode(String line) {
    return Stream.of(line.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
  }

  @Override
  public String decode(int[] ids) {
    throw new UnsupportedOperationException("nothing is decoded");
  }

  @Override
  public String token(int id) {
    return Integer.toString(id);
  }

  @Override
  public int endOfSentence() {
    return END;
  }

  @Override
  public int unknown() {
    return 1;
  }

  @Override
  public Map<String, Object> describe() {
    return Map.of("numerals", (long) size);
  }
}

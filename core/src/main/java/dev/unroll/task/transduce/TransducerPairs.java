package dev.unroll.task.transduce;

import dev.unroll.data.Tokenizer;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.Steps;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pairs of a source and a target, as ids. Both have their ends with them, so that none is empty.
 *
 * @param pairs the pairs
 */
public record TransducerPairs(List<Pair> pairs) {

  /** Copies the list. */
  public TransducerPairs {
    pairs = List.copyOf(pairs);
  }

  /**
   * One pair.
   *
   * @param source what is read
   * @param target what is to be written
   */
  record Pair(int[] source, int[] target) {}

  /** Returns pairs of texts as ids. */
  public static TransducerPairs of(
      Tokenizer source, Tokenizer target, List<dev.unroll.data.Pair> pairs) {
    return new TransducerPairs(
        pairs.stream()
            .map(pair -> new Pair(encode(source, pair.source()), encode(target, pair.target())))
            .toList());
  }

  /** Returns the ids of a text, its end included. */
  public static int[] encode(Tokenizer tokenizer, String text) {
    int[] ids = tokenizer.encode(text);
    int[] ended = Arrays.copyOf(ids, ids.length + 1);
    ended[ids.length] = tokenizer.endOfSentence();
    return ended;
  }

  /** Returns the number of pairs. */
  int size() {
    return pairs.size();
  }

  /** Returns what pairs are sorted by: the target's length, then the source's. */
  int order(int pair) {
    Pair own = pairs.get(pair);
    return (Math.min(own.target.length, 0x7FFF) << 16) + Math.min(own.source.length, 0xFFFF);
  }

  /** Returns some of the pairs as a batch. */
  TransducerBatch batch(int[] chosen) {
    var sources = IntStream.of(chosen).mapToObj(i -> pairs.get(i).source).toList();
    var targets = IntStream.of(chosen).mapToObj(i -> pairs.get(i).target).toList();
    Steps source = steps(sources);
    Steps target = steps(targets);
    int[] wanted = rows(targets, target);
    int[] inputs = new int[wanted.length];
    for (int row = 0; row < inputs.length; row++) {
      int before = target.before(row);
      inputs[row] = before < 0 ? Embedding.START : wanted[before];
    }
    return new TransducerBatch(source, rows(sources, source), target, inputs, wanted);
  }

  /** Returns the shape of some sequences. */
  static Steps steps(List<int[]> sequences) {
    return Steps.of(sequences.stream().mapToInt(each -> each.length).toArray());
  }

  /** Returns the tokens of some sequences, row by row. */
  static int[] rows(List<int[]> sequences, Steps steps) {
    int[] rows = new int[steps.rows()];
    for (int s = 0; s < sequences.size(); s++) {
      int[] own = sequences.get(s);
      for (int t = 0; t < own.length; t++) {
        rows[steps.row(t, s)] = own[t];
      }
    }
    return rows;
  }
}

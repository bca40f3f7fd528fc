package dev.unroll.model;

import dev.unroll.base.Workers;
import dev.unroll.data.IdStream;
import dev.unroll.data.Reading;
import dev.unroll.data.Tokenizer;
import dev.unroll.measure.EvaluationSum;
import dev.unroll.result.Evaluation;
import dev.unroll.result.SentenceScore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gives each token of a text a probability, given those before it: a recurrent network, an n-gram
 * model, or a mixture of both. Models with the same tokenizer can be compared token by token.
 */
public interface TokenModel {

  /** Returns the tokenizer with its vocabulary. */
  Tokenizer tokenizer();

  /** Returns how the model reads text: as one stream, or sentence by sentence. */
  Reading reading();

  /** Takes the score of one token. */
  @FunctionalInterface
  interface TokenSink {
    /** Receives a token and the natural logarithm of its probability. */
    void token(int id, double logProbability);
  }

  /** Scores every token of a text, in order, read as the model reads. */
  void read(IdStream text, Workers workers, TokenSink sink);

  /**
   * Scores sentences, each on its own.
   *
   * @param sentences their ids, {@code <EOS>} last
   * @return the natural logarithm of the probability of each id
   */
  List<double[]> logProbabilities(List<int[]> sentences, Workers workers);

  /**
   * Evaluates how well the model predicts a text.
   *
   * @throws dev.unroll.base.InputException if the text is empty, or was read with another
   *     vocabulary
   */
  default Evaluation evaluate(IdStream text, Workers workers) {
    tokenizer().checkSame(text.tokenizer());
    Measuring.check(text.size(), "line of text");
    var sum = new EvaluationSum(text);
    read(text, workers, sum::add);
    return sum.result();
  }

  /**
   * Evaluates how well the model predicts a text, with all processors.
   *
   * @throws dev.unroll.base.InputException if the text is empty, or was read with another
   *     vocabulary
   */
  default Evaluation evaluate(IdStream text) {
    return Workers.use(Integer.MAX_VALUE, workers -> evaluate(text, workers));
  }

  /** Scores lines of text, each a sentence on its own, with all processors; ranks are 0. */
  default List<SentenceScore> score(List<String> lines) {
    return Workers.use(lines.size(), workers -> score(lines, workers));
  }

  /** Scores lines of text, each a sentence on its own; ranks are 0. */
  default List<SentenceScore> score(List<String> lines, Workers workers) {
    var sentences = lines.stream().map(this::closed).toList();
    List<double[]> scores = logProbabilities(sentences, workers);
    var results = new ArrayList<SentenceScore>();
    for (int i = 0; i < scores.size(); i++) {
      results.add(SentenceScore.of(sentences.get(i), scores.get(i)));
    }
    return results;
  }

  /** Scores lines of text with the rank of each token, with all processors. */
  default List<SentenceScore> scoreWithRanks(List<String> lines) {
    return Workers.use(lines.size(), workers -> scoreWithRanks(lines, workers));
  }

  /**
   * Scores lines of text, each a sentence on its own, with the rank of each token; it is 0 where a
   * model does not know it.
   */
  default List<SentenceScore> scoreWithRanks(List<String> lines, Workers workers) {
    return score(lines, workers);
  }

  /** Returns the ids of a line, with {@code <EOS>} after them. */
  default int[] closed(String line) {
    int[] ids = tokenizer().encode(line);
    int[] closed = Arrays.copyOf(ids, ids.length + 1);
    closed[ids.length] = tokenizer().endOfSentence();
    return closed;
  }
}

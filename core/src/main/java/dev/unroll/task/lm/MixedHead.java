package dev.unroll.task.lm;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.head.LinearHead;
import dev.unroll.head.TokenHead;
import dev.unroll.kernel.Softmax;
import dev.unroll.layer.Steps;
import dev.unroll.network.NetworkState;
import dev.unroll.ngram.NgramTable;
import org.jspecify.annotations.Nullable;

/**
 * What a language network says of the next token: its head does, mixed with n-grams where it has
 * them. These go by the tokens that were read last, which the states of the network hold then.
 *
 * @param vocabulary number of tokens
 * @param ngrams the n-grams, or null for none
 */
record MixedHead(int vocabulary, @Nullable NgramMixture ngrams) {

  private static final int[] NOTHING = {};

  /** Returns the histories of sequences that have read nothing. */
  int[] begin(int sequences) {
    return ngrams == null ? NOTHING : ngrams.table().begin(sequences);
  }

  /** Returns the histories of a batch that reads tokens after others. */
  NgramTable.Histories read(Steps steps, int[] tokens, int[] before) {
    return ngrams == null
        ? new NgramTable.Histories(NOTHING, NOTHING)
        : ngrams.table().read(steps, tokens, before);
  }

  /** Adds a token to a history of one sequence, where there are n-grams. */
  void read(int token, int[] history) {
    if (ngrams != null) {
      ngrams.table().read(token, history, 0);
    }
  }

  /** Refuses a state of one sequence that has another history. */
  void check(NetworkState state) {
    int[] history = state.history();
    if (ngrams == null ? history.length > 0 : !ngrams.table().isHistory(history)) {
      throw new IllegalArgumentException("the state is of a model with other n-grams, or none");
    }
  }

  /** Mixes logits, [B][vocabulary], that follow histories, [B][n]. */
  void mix(Matrix logits, int[] histories) {
    for (int row = 0; ngrams != null && row < logits.rows(); row++) {
      ngrams.mix(logits.data(), logits.row(row), vocabulary, histories, row);
    }
  }

  /**
   * Rows that the head reads.
   *
   * @param head its weights
   * @param space its buffers
   * @param a what came out of the last layer, [R][outputs]
   * @param histories what was read last, [R][n]
   */
  record Rows(TokenHead.Weights head, TokenHead.Buffers space, Matrix a, int[] histories) {}

  /** Shows the logits of each row to {@code reader}. */
  void forEachRow(Rows rows, LinearHead.RowReader reader, Workers workers) {
    LinearHead.RowReader mixed =
        (logits, at, row) -> {
          if (ngrams != null) {
            ngrams.mix(logits, at, vocabulary, rows.histories, row);
          }
          reader.read(logits, at, row);
        };
    rows.head.forEachRow(rows.space, rows.a, mixed, workers);
  }

  /** Computes the log-probability of one target of each row, with the bits that its logits have. */
  void score(Rows rows, TokenHead.Targets targets, TokenHead.ScoreReader reader, Workers workers) {
    if (ngrams == null) {
      rows.head.score(rows.space, rows.a, targets, reader, workers);
      return;
    }
    LinearHead.RowReader scoring =
        (logits, at, row) -> {
          int id = targets.ids()[row];
          double score = logits[at + id] - Softmax.logSumExp(logits, at, vocabulary);
          int rank = targets.ranked() ? Softmax.rank(logits, at, vocabulary, id) : 0;
          reader.read(row, score, rank);
        };
    forEachRow(rows, scoring, workers);
  }
}

package dev.unroll.spark.train;

import dev.unroll.Unroll;
import dev.unroll.base.Precision;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
import dev.unroll.train.Sharding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A language model of two LSTM layers, whose text is as long as the steps that are measured: random
 * words, as time does not depend on them.
 *
 * @param vocabulary words, all of which the model knows
 * @param units units of each layer, and the width of a word's vector
 * @param steps steps of an epoch
 * @param warm first steps, in which compilers are at work, and which do not count
 * @param way how its shards work together
 */
record SizedModel(int vocabulary, int units, int steps, int warm, Way way)
    implements Recipe<LanguageModelFields> {

  /** How shards work together. */
  enum Way {
    EACH_STEP("each step of all shards", 1),
    ROUNDED("`--gradient-precision bfloat16`", 1),
    LOCAL_8("`--local-steps 8`", 8);

    /** What tables call it. */
    final String title;

    /** Steps from one meeting of the shards to the next. */
    final int round;

    Way(String title, int round) {
      this.title = title;
      this.round = round;
    }

    private Sharding of(Sharding usual) {
      return switch (this) {
        case EACH_STEP -> usual;
        case ROUNDED -> usual.withGradientPrecision(Precision.BFLOAT16);
        case LOCAL_8 -> usual.withLocalSteps(round);
      };
    }
  }

  /** The least number of rounds of local steps, so that the first does not count. */
  private static final int ROUNDS = 3;

  /** Returns the same network, whose shards work together in another way. */
  SizedModel with(Way other) {
    int rounds = Math.max(ROUNDS, steps / other.round);
    int first = Math.max(1, warm / other.round);
    return new SizedModel(vocabulary, units, rounds * other.round, first * other.round, other);
  }

  /** Shards of a step, which executors share. */
  static final int SHARDS = 4;

  /** Sequences of a batch: 16 of each shard. */
  static final int SEQUENCES = 16 * SHARDS;

  /** Tokens of a sequence. */
  static final int LENGTH = 20;

  private static final int LINE = 40;

  @Override
  public Run<LanguageModelFields> prepare(RunOutput output) {
    Map<String, Long> counts =
        IntStream.range(0, vocabulary).boxed().collect(Collectors.toMap(w -> "w" + w, w -> 2L));
    var random = new Random(7);
    List<String> lines = new ArrayList<>();
    for (int tokens = 0; tokens < steps * SEQUENCES * LENGTH; tokens += LINE) {
      lines.add(
          random
              .ints(LINE - 1, 0, vocabulary) // and the end of the line
              .mapToObj(word -> "w" + word)
              .collect(Collectors.joining(" ")));
    }
    return Unroll.languageModel()
        .tokenizer(TokenOptions.of(Segmentation.Unit.WORDS).tokenizer(counts))
        .stream()
        .lines(lines)
        .validation(lines.subList(0, 1))
        .lstm(units, units)
        .epochs(1)
        .training(usual -> usual.withBatch(SEQUENCES, LENGTH))
        .shards(SHARDS)
        .training(usual -> usual.withSharding(way.of(usual.sharding())))
        .prepare(output);
  }
}

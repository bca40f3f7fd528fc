package dev.unroll.spark.train;

import dev.unroll.Unroll;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
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
 */
record SizedModel(int vocabulary, int units, int steps, int warm)
    implements Recipe<LanguageModelFields> {

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
        .prepare(output);
  }
}

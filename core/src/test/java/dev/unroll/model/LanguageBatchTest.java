package dev.unroll.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Precision;
import dev.unroll.network.Network;
import dev.unroll.network.NetworkState;
import dev.unroll.train.TinyText;
import dev.unroll.train.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sequences that come and go have the bits of a stream, which reads one by itself. */
class LanguageBatchTest {

  private static final LanguageModel MODEL =
      LanguageModel.train(
          TinyText.sample(),
          Network.lstm(19, 24).withResidual(false).withLearnedStart(true),
          Training.defaults().withEpochs(2).withBatch(4, 30));

  /** A sequence in the batch, and by itself. */
  private record Twins(LanguageStream alone, List<NetworkState> together) {}

  @ParameterizedTest
  @EnumSource(Precision.class)
  void aBatchHasTheBitsOfStreams(Precision precision) {
    LanguageModel model = MODEL.withPrecision(precision);
    var batch = new LanguageBatch(model);
    var random = new Random(5);
    var open = new ArrayList<Twins>();
    for (int step = 0; step < 30; step++) {
      while (open.size() < 1 + random.nextInt(9)) {
        open.add(new Twins(model.stream(), new ArrayList<>(List.of(model.start()))));
      }
      var tokens = new ArrayList<int[]>();
      for (int i = 0; i < open.size(); i++) {
        int count = step % 3 == 0 ? 1 : 1 + random.nextInt(5);
        tokens.add(random.ints(count, 0, model.tokenizer().size()).toArray());
      }
      var before = open.stream().map(each -> each.together.getFirst()).toList();
      var states =
          step % 3 == 0
              ? batch.step(before, tokens.stream().mapToInt(each -> each[0]).toArray())
              : batch.read(before, tokens);
      float[][] logits = batch.logits(states);
      for (int i = 0; i < open.size(); i++) {
        for (int token : tokens.get(i)) {
          open.get(i).alone.read(token);
        }
        open.get(i).together.set(0, states.get(i));
        assertThat(logits[i]).isEqualTo(open.get(i).alone.logits());
      }
      if (random.nextInt(3) == 0) {
        open.remove(random.nextInt(open.size()));
      }
    }
  }
}

package dev.unroll.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Direction;
import dev.unroll.base.PoolingKind;
import dev.unroll.base.Workers;
import dev.unroll.data.Pair;
import dev.unroll.data.Reading;
import dev.unroll.learn.Learner;
import dev.unroll.learn.ShardedLearner;
import dev.unroll.learn.Trainer;
import dev.unroll.network.Network;
import dev.unroll.task.label.LabelExamples;
import dev.unroll.task.label.LabelExamples.Sequence;
import dev.unroll.task.label.LabelLearner;
import dev.unroll.task.label.LabelNetwork;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.lm.LanguageLearner;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.task.transduce.TransducerLearner;
import dev.unroll.task.transduce.TransducerNetwork;
import dev.unroll.task.transduce.TransducerPairs;
import dev.unroll.task.transduce.TransducerSpec;
import dev.unroll.train.ForwardingLearner;
import dev.unroll.train.TinyText;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A task says of all rows that its steps read: else what waits would be read too early. */
class WaitingRowsTest {

  /** With an embedding of 16, enough to let rows wait. */
  private static final int VOCABULARY = 5000;

  private static final Training OPTIONS =
      Training.defaults().withEpochs(4).withBatch(4, 10).withValidation(0, 0);

  /** The same, that says of no row; counts those that it hides. */
  private static final class Hiding extends ForwardingLearner {
    private int matrices;

    Hiding(ShardedLearner learner) {
      super(learner);
    }

    @Override
    public List<UsedRows> rows(Step step) {
      matrices = super.rows(step).size();
      return List.of();
    }
  }

  private static float[] trained(Learner learner, Training options) {
    return new Trainer(learner, options, Workers.single(), TrainingListener.NONE)
        .run()
        .parameters();
  }

  private static void assertSame(
      ShardedLearner one, ShardedLearner other, Training options, int matrices) {
    var hiding = new Hiding(other);
    assertThat(trained(one, options)).isEqualTo(trained(hiding, options));
    assertThat(hiding.matrices).isEqualTo(matrices);
  }

  private static LanguageLearner language(Network network, Training options) {
    var text = TinyText.sample(VOCABULARY);
    return new LanguageLearner(new LanguageNetwork(network, VOCABULARY), text, text, options);
  }

  private static void assertSameInShards(Network network, Training sharded) {
    for (int localSteps : new int[] {0, 3}) {
      var options = sharded.withSharding(sharded.sharding().withLocalSteps(localSteps));
      assertThat(trained(language(network, options), options))
          .isEqualTo(trained(new Hiding(language(network, options)), options));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofLanguageModels(boolean tied) {
    Training options =
        OPTIONS.withAccumulation(2).withReading(tied ? Reading.SENTENCES : Reading.STREAM);
    Network network = Network.lstm(16).withTied(tied).withDropout(0.2);
    assertSame(language(network, options), language(network, options), options, tied ? 0 : 1);
    assertSameInShards(network, options.withShards(2));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofLanguageModelsWithASampledSoftmax(boolean tied) {
    Training options = OPTIONS.withSampledTokens(300).withAccumulation(2);
    Network network = Network.lstm(16).withTied(tied);
    assertSame(language(network, options), language(network, options), options, tied ? 1 : 2);
    assertSameInShards(network, options.withShards(2));
  }

  private static LabelLearner labels() {
    var random = new Random(1);
    var sequences = new ArrayList<Sequence>();
    for (int i = 0; i < 60; i++) {
      int[] tokens = random.ints(1 + i % 7, 0, VOCABULARY - 10).toArray();
      sequences.add(new Sequence(tokens, new int[0], new int[] {i % 3}));
    }
    var spec =
        new LabelSpec(
            Network.lstm(8).withEmbedding(16).withDirection(Direction.BOTH),
            null,
            new LabelSpec.PerSequence(3, PoolingKind.MEAN, false));
    var examples = new LabelExamples(sequences, List.of());
    var network = new LabelNetwork(spec, VOCABULARY, 0);
    return new LabelLearner(
        network, List.of(examples, examples), OPTIONS, found -> null, LabelLearner.Given.NOTHING);
  }

  @Test
  void ofClassifiers() {
    assertSame(labels(), labels(), OPTIONS, 1);
  }

  private static TransducerLearner pairs(boolean tied, double ownTokens) {
    var letters = new TinyText.Letters(VOCABULARY);
    var pairs = new ArrayList<Pair>();
    for (int i = 0; i < 24; i++) {
      String word = Integer.toString(1000 + 37 * i, 27).replaceAll("[0-9]", "z");
      pairs.add(new Pair(word, new StringBuilder(word).reverse().toString()));
    }
    Network encoder = Network.lstm(16).withDirection(Direction.SUM);
    var spec = new TransducerSpec(encoder, Network.lstm(16).withTied(tied), null, false);
    var data = TransducerPairs.of(letters, letters, pairs);
    var network = new TransducerNetwork(spec, VOCABULARY, VOCABULARY);
    return new TransducerLearner(network, List.of(data, data), OPTIONS, ownTokens, null);
  }

  @Test
  void ofTransducers() {
    assertSame(pairs(false, 0), pairs(false, 0), OPTIONS, 2);
    assertSame(pairs(true, 0), pairs(true, 0), OPTIONS, 1);
    assertSame(pairs(false, 0.5), pairs(false, 0.5), OPTIONS, 1);
  }
}

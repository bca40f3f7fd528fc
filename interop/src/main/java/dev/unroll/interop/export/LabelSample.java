package dev.unroll.interop.export;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.Steps;
import dev.unroll.model.LabelModel;
import dev.unroll.task.label.LabelBatch;
import dev.unroll.task.label.LabelNetwork;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.Spelling;
import dev.unroll.task.label.Spellings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** What a classifier or a tagger answers to random tokens. */
final class LabelSample {

  /** Characters of the longest word. */
  private static final int LETTERS = 3;

  /** n-grams of the text that has most. */
  private static final int NGRAMS = 6;

  private final LabelModel model;
  private final LabelSpec spec;
  private final SplittableRandom random = new SplittableRandom(2);
  private final Ragged shape;
  private final Steps steps;
  private final Map<String, Tensor> inputs = new HashMap<>();
  private final Map<String, Tensor> fixed = new HashMap<>();

  LabelSample(LabelModel model, boolean streaming) {
    this.model = model;
    spec = model.description();
    shape = Ragged.of(streaming);
    steps = shape.steps();
  }

  Exported.Sample sample() {
    int[] tokens = random.ints(steps.rows(), 0, model.lexicon().size()).toArray();
    inputs.put("tokens", shape.tokens(tokens));
    Spellings spellings = spellings();
    int[][] features = features();
    var none = new float[0];
    var batch =
        new LabelBatch(steps, tokens, spellings, features, ngrams(), new int[0], none, none);
    LabelNetwork network = model.network();
    var weights = network.pack(model.parameters(), model.precision(), Workers.single());
    var space = network.newBuffers(false);
    var expected = new HashMap<String, Tensor>();
    boolean perStep = spec.output() instanceof LabelSpec.PerStep;
    boolean chained = spec.output() instanceof LabelSpec.PerStep each && each.crf();
    int labels = spec.output().labels();
    if (chained) {
      float[] scores = network.scores(weights, batch, space, Workers.single()).copyOfElements();
      expected.put("scores", shape.rows(scores, labels));
    }
    if (chained && !shape.streaming()) {
      int[] best = network.decode(weights, batch, space, Workers.single());
      expected.put("best", shape.tokens(best, -1));
    }
    if (!chained || !shape.streaming()) {
      Matrix shares = network.probabilities(weights, batch, space, Workers.single());
      float[] own = shares.copyOfElements();
      expected.put(
          "probabilities",
          perStep ? shape.rows(own, labels) : Tensor.of(own, steps.batch(), labels));
    }
    return shape.sample(inputs, expected, fixed);
  }

  /** Of unequal numbers; a text may have the same twice. */
  private int[][] ngrams() {
    int known = spec.ngrams();
    int[][] ngrams = new int[steps.batch()][0];
    if (known == 0) {
      return ngrams;
    }
    long[] padded = new long[steps.batch() * NGRAMS];
    Arrays.fill(padded, -1);
    for (int s = 0; s < ngrams.length; s++) {
      ngrams[s] = random.ints(NGRAMS - s, 0, known).toArray();
      for (int i = 0; i < ngrams[s].length; i++) {
        padded[s * NGRAMS + i] = ngrams[s][i];
      }
    }
    fixed.put("ngrams", Tensor.of(padded, steps.batch(), NGRAMS));
    return ngrams;
  }

  private int[][] features() {
    int[][] features = new int[spec.features().size()][];
    for (int i = 0; i < features.length; i++) {
      int values = spec.features().get(i).values();
      features[i] = random.ints(steps.rows(), Embedding.START, values).toArray();
      inputs.put("feature_" + i, shape.tokens(features[i]));
    }
    return features;
  }

  /** Each row has a word of its own. */
  private Spellings spellings() {
    Spelling spelling = spec.spelling();
    if (spelling == null) {
      return Spellings.NONE;
    }
    int[] lengths = random.ints(steps.rows(), 1, LETTERS + 1).toArray();
    lengths[0] = LETTERS;
    int characters = model.lexicon().characters();
    int[][] letters = new int[lengths.length][];
    Arrays.setAll(letters, word -> random.ints(lengths[word], 0, characters).toArray());
    long[] padded = new long[steps.batch() * steps.length() * LETTERS];
    for (int s = 0; s < steps.batch(); s++) {
      for (int t = 0; t < steps.length(s); t++) {
        int word = steps.row(t, s);
        for (int i = 0; i < lengths[word]; i++) {
          padded[(s * steps.length() + t) * LETTERS + i] = letters[word][i];
        }
      }
    }
    inputs.put("characters", Tensor.of(padded, steps.batch(), steps.length(), LETTERS));
    inputs.put("character_lengths", shape.tokens(lengths, 0));
    return new Spellings(letters, IntStream.range(0, steps.rows()).toArray());
  }
}

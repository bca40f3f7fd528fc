package dev.unroll.interop.torch;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.kernel.Softmax;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.Steps;
import dev.unroll.model.LabelModel;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.LanguageStream;
import dev.unroll.result.Model;
import dev.unroll.task.label.LabelBatch;
import dev.unroll.task.label.LabelNetwork;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.Spellings;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Random tokens, and what a model answers.
 *
 * @param ids [3][7], 0 beyond the length of a sequence
 * @param answers [3][7][n], NaN beyond the length of a sequence; [3][n] of whole sequences
 * @param texts the tokens of the ids, of models that label
 */
record TorchSample(Tensor ids, Tensor answers, List<List<String>> texts) {

  private static final int[] LENGTHS = {7, 1, 4};
  private static final int BATCH = LENGTHS.length;
  private static final int LONGEST = LENGTHS[0];
  private static final Steps STEPS = Steps.of(LENGTHS);

  /** What the file of the sample holds. */
  Map<String, Tensor> tensors() {
    var lengths = Tensor.of(Arrays.stream(LENGTHS).asLongStream().toArray(), BATCH);
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("ids", ids);
    tensors.put("lengths", lengths);
    tensors.put("answers", answers);
    return tensors;
  }

  /** The answers of a language model, a classifier or a tagger. */
  static TorchSample of(Model model) {
    return model instanceof LanguageModel own ? of(own) : of((LabelModel) model);
  }

  private static int[][] random(int tokens) {
    var random = new SplittableRandom(1);
    var ids = new int[BATCH][];
    for (int s = 0; s < BATCH; s++) {
      ids[s] = random.ints(LENGTHS[s], 0, tokens).toArray();
    }
    return ids;
  }

  /** Each sequence begins as the model reads a text: with zeros, or the end of a sentence. */
  private static TorchSample of(LanguageModel model) {
    int vocabulary = model.network().vocabulary();
    int[][] ids = random(vocabulary);
    var answers = new float[BATCH * LONGEST * vocabulary];
    Arrays.fill(answers, Float.NaN);
    var weights = model.network().pack(model.parameters(), model.precision(), Workers.single());
    for (int s = 0; s < BATCH; s++) {
      var stream = new LanguageStream(model.network(), weights);
      ids[s][0] = model.firstInput();
      for (int t = 0; t < LENGTHS[s]; t++) {
        stream.read(ids[s][t]);
        float[] logits = stream.logits();
        double sum = Softmax.logSumExp(logits, 0, vocabulary);
        int at = (s * LONGEST + t) * vocabulary;
        for (int id = 0; id < vocabulary; id++) {
          answers[at + id] = (float) (logits[id] - sum);
        }
      }
    }
    Tensor shaped = Tensor.of(answers, BATCH, LONGEST, vocabulary);
    return new TorchSample(padded(ids, vocabulary), shaped, List.of());
  }

  /** Zeros before a sentence are the id after all tokens. */
  private static Tensor padded(int[][] ids, int tokens) {
    var padded = new long[BATCH * LONGEST];
    for (int s = 0; s < BATCH; s++) {
      for (int t = 0; t < ids[s].length; t++) {
        padded[s * LONGEST + t] = ids[s][t] == Embedding.START ? tokens : ids[s][t];
      }
    }
    return Tensor.of(padded, BATCH, LONGEST);
  }

  private static TorchSample of(LabelModel model) {
    int[][] ids = random(model.lexicon().size());
    var rows = new int[STEPS.rows()];
    for (int s = 0; s < BATCH; s++) {
      for (int t = 0; t < LENGTHS[s]; t++) {
        rows[STEPS.row(t, s)] = ids[s][t];
      }
    }
    List<List<String>> texts =
        Arrays.stream(ids)
            .map(own -> Arrays.stream(own).mapToObj(model.lexicon()::token).toList())
            .toList();
    var batch =
        new LabelBatch(
            STEPS,
            rows,
            Spellings.NONE,
            new int[0][],
            texts.stream().map(model.ngrams()::numbersIn).toArray(int[][]::new),
            new int[0],
            new float[0],
            new float[0]);
    LabelNetwork network = model.network();
    var weights = network.pack(model.parameters(), model.precision(), Workers.single());
    Matrix shares =
        network.probabilities(weights, batch, network.newBuffers(false), Workers.single());
    boolean perStep = model.description().output() instanceof LabelSpec.PerStep;
    Tensor answers =
        perStep ? perStep(shares) : Tensor.of(shares.copyOfElements(), BATCH, shares.columns());
    return new TorchSample(padded(ids, 0), answers, texts);
  }

  private static Tensor perStep(Matrix rows) {
    int width = rows.columns();
    var answers = new float[BATCH * LONGEST * width];
    Arrays.fill(answers, Float.NaN);
    for (int s = 0; s < BATCH; s++) {
      for (int t = 0; t < LENGTHS[s]; t++) {
        int from = rows.row(STEPS.row(t, s));
        System.arraycopy(rows.data(), from, answers, (s * LONGEST + t) * width, width);
      }
    }
    return Tensor.of(answers, BATCH, LONGEST, width);
  }
}

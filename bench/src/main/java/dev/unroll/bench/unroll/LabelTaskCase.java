package dev.unroll.bench.unroll;

import dev.unroll.base.Direction;
import dev.unroll.base.Matrix;
import dev.unroll.base.PoolingKind;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.bench.contender.Sentences;
import dev.unroll.bench.contender.Task;
import dev.unroll.bench.contender.TaskCase;
import dev.unroll.layer.Steps;
import dev.unroll.network.Network;
import dev.unroll.task.label.LabelBatch;
import dev.unroll.task.label.LabelExamples;
import dev.unroll.task.label.LabelLearner;
import dev.unroll.task.label.LabelNetwork;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.Spellings;
import dev.unroll.train.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A classifier or a tagger on all sentences: a pass of training, or all answers. */
final class LabelTaskCase extends SentenceCase {

  private final boolean tags;
  private final Workers workers;
  private final LabelNetwork network;
  private final LabelNetwork.Weights weights;
  private final LabelNetwork.Buffers space;
  private final List<LabelBatch> batches = new ArrayList<>();
  private final TaskTraining training;

  /** The answers of all sentences: probabilities of a sentence's labels, or a tag of each word. */
  private final float[] answers;

  LabelTaskCase(TaskCase work, Workers workers) {
    super(work);
    this.workers = workers;
    tags = work.task() == Task.TAG;
    int labels = work.task().outputs();
    var layers =
        Network.lstm(work.units()).withDirection(Direction.BOTH).withEmbedding(work.units());
    LabelSpec.Output output =
        tags
            ? new LabelSpec.PerStep(labels, true)
            : new LabelSpec.PerSequence(labels, PoolingKind.MAX, false);
    network = new LabelNetwork(new LabelSpec(layers, null, output), work.task().vocabulary(), 0);
    float[] parameters = TaskTraining.parameters(network, work);
    LabelExamples examples = examples(work.task());
    var options = Training.defaults().withBatch(Sentences.BATCH, 1);
    var learner =
        new LabelLearner(
            network,
            List.of(examples, examples),
            options,
            found -> null,
            LabelLearner.Given.NOTHING);
    training = new TaskTraining(learner, parameters, workers);
    weights = network.newWeights(Precision.FLOAT32);
    network.packForward(parameters, weights, workers);
    space = network.newBuffers(false);
    for (int batch = 0; batch < Sentences.batches(); batch++) {
      batches.add(batch(examples, batch));
    }
    answers = new float[tags ? Sentences.allWords() : Sentences.count() * labels];
  }

  private static LabelExamples examples(Task task) {
    var sequences =
        IntStream.range(0, Sentences.count())
            .mapToObj(
                sentence ->
                    new LabelExamples.Sequence(
                        Sentences.words(sentence, task.vocabulary()),
                        new int[0],
                        task == Task.TAG
                            ? Sentences.targets(sentence, task.outputs())
                            : new int[] {Sentences.label(sentence, task.outputs())}))
            .toList();
    return new LabelExamples(sequences, List.of());
  }

  /** What is to be labeled. */
  private static LabelBatch batch(LabelExamples examples, int batch) {
    var sentences =
        examples.sequences().subList(batch * Sentences.BATCH, (batch + 1) * Sentences.BATCH);
    var steps = Steps.of(sentences.stream().mapToInt(each -> each.tokens().length).toArray());
    int[] tokens = new int[steps.rows()];
    for (int s = 0; s < sentences.size(); s++) {
      int[] own = sentences.get(s).tokens();
      for (int t = 0; t < own.length; t++) {
        tokens[steps.row(t, s)] = own[t];
      }
    }
    return new LabelBatch(
        steps,
        tokens,
        Spellings.NONE,
        new int[0][],
        new int[0][],
        new int[0],
        new float[0],
        new float[0]);
  }

  @Override
  TaskTraining training() {
    return training;
  }

  @Override
  float[] answers() {
    return answers;
  }

  @Override
  void answer(int batch) {
    if (tags) {
      tag(batch);
    } else {
      classify(batch);
    }
  }

  private void tag(int batch) {
    LabelBatch sentences = batches.get(batch);
    int[] found = network.decode(weights, sentences, space, workers);
    Steps steps = sentences.steps();
    for (int s = 0; s < steps.batch(); s++) {
      int first = Sentences.first(batch * Sentences.BATCH + s);
      for (int t = 0; t < steps.length(s); t++) {
        answers[first + t] = found[steps.row(t, s)];
      }
    }
  }

  private void classify(int batch) {
    Matrix found = network.probabilities(weights, batches.get(batch), space, workers);
    for (int row = 0; row < found.rows(); row++) {
      int first = (batch * Sentences.BATCH + row) * found.columns();
      System.arraycopy(found.data(), found.row(row), answers, first, found.columns());
    }
  }
}

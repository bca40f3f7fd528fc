package dev.unroll.bench.unroll;

import dev.unroll.base.Direction;
import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.bench.contender.Sentences;
import dev.unroll.bench.contender.TaskCase;
import dev.unroll.data.Pair;
import dev.unroll.kernel.Reductions;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.Steps;
import dev.unroll.network.Network;
import dev.unroll.task.transduce.TransducerLearner;
import dev.unroll.task.transduce.TransducerNetwork;
import dev.unroll.task.transduce.TransducerPairs;
import dev.unroll.task.transduce.TransducerSpec;
import dev.unroll.train.Training;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An encoder-decoder on all sentences: a pass of training, or what it writes. */
final class TransduceTaskCase extends SentenceCase {

  /** The last sentences of a batch, which are the longest. */
  private static final int LONGEST = 8;

  private final Workers workers;
  private final TransducerNetwork network;
  private final TransducerNetwork.Weights weights;
  private final TransducerNetwork.Buffers space;
  private final TaskTraining training;
  private final int[][] sources;
  private final int[][] targets;
  private final Matrix logits;
  private final float[] answers;
  private final int[] likeliest = new int[Sentences.BATCH];

  TransduceTaskCase(TaskCase work, Workers workers) {
    super(work);
    this.workers = workers;
    int vocabulary = work.task().vocabulary();
    int outputs = work.task().outputs();
    var reads =
        Network.lstm(work.units()).withDirection(Direction.BOTH).withEmbedding(work.units());
    var writes = Network.lstm(work.units()).withEmbedding(work.units());
    network =
        new TransducerNetwork(
            TransducerSpec.of(reads, writes, "multiplicative", true), vocabulary, outputs);
    float[] parameters = TaskTraining.parameters(network, work);
    sources = new int[Sentences.count()][];
    targets = new int[Sentences.count()][];
    Arrays.setAll(sources, sentence -> Sentences.words(sentence, vocabulary));
    Arrays.setAll(targets, sentence -> Sentences.targets(sentence, outputs));
    var pairs = pairs(vocabulary, outputs);
    var options = Training.defaults().withBatch(Sentences.BATCH, 1);
    var learner = new TransducerLearner(network, List.of(pairs, pairs), options, 0, null);
    training = new TaskTraining(learner, parameters, workers);
    weights = network.newWeights(Precision.FLOAT32);
    network.packForward(parameters, weights, workers);
    space = network.newBuffers(false);
    logits = Matrix.of(new float[Sentences.BATCH * outputs], Sentences.BATCH, outputs);
    answers = new float[Sentences.batches() * LONGEST * outputs];
  }

  private TransducerPairs pairs(int vocabulary, int outputs) {
    var pairs =
        IntStream.range(0, Sentences.count())
            .mapToObj(sentence -> new Pair(text(sources[sentence]), text(targets[sentence])))
            .toList();
    return TransducerPairs.of(new Numerals(vocabulary), new Numerals(outputs), pairs);
  }

  private static String text(int[] words) {
    return IntStream.of(words).mapToObj(Integer::toString).collect(Collectors.joining(" "));
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
    write(batch);
    int first = Sentences.BATCH - LONGEST;
    int size = LONGEST * logits.columns();
    System.arraycopy(logits.data(), logits.row(first), answers, batch * size, size);
  }

  /** Writes step by step, as a search does, with the word that the target has. */
  private void write(int batch) {
    int first = batch * Sentences.BATCH;
    Steps steps =
        Steps.of(
            IntStream.range(first, first + Sentences.BATCH)
                .map(sentence -> sources[sentence].length + 1)
                .toArray());
    int[] tokens = new int[steps.rows()]; // ends are 0
    for (int s = 0; s < steps.batch(); s++) {
      for (int t = 0; t < sources[first + s].length; t++) {
        tokens[steps.row(t, s)] = sources[first + s][t];
      }
    }
    TransducerNetwork.Front front = network.begin(weights, steps, tokens, space, workers);
    int[] before = new int[Sentences.BATCH];
    Arrays.fill(before, Embedding.START);
    for (int t = 0; t < steps.length(); t++) {
      front = network.step(weights, front, before, space, logits, null, workers);
      for (int s = 0; s < before.length; s++) {
        int[] target = targets[first + s];
        likeliest[s] = Reductions.placeOfMax(logits.data(), logits.row(s), logits.columns());
        before[s] = t < target.length ? target[t] : Numerals.END;
      }
    }
  }
}

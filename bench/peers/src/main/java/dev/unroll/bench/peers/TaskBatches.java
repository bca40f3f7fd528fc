package dev.unroll.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.unroll.bench.contender.Form;
import dev.unroll.bench.contender.Sentences;
import dev.unroll.bench.contender.Task;
import dev.unroll.bench.contender.TaskCase;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The sentences of a task as what {@link TaskScripts} take, longest sentences first. All of it is
 * prepared once, and costs nothing when it is used.
 */
final class TaskBatches {

  /** The end of what an encoder-decoder reads and writes. */
  private static final int END = 0;

  /** What is added to the score of a row outside of a sentence. */
  private static final float OUTSIDE = -1e30f;

  private final TaskCase work;
  private final NDManager manager;

  TaskBatches(TaskCase work, NDManager manager) {
    this.work = work;
    this.manager = manager;
  }

  /** Returns the number of a sentence of a batch, of which the longest is the first. */
  static int sentence(int batch, int place) {
    return (batch + 1) * Sentences.BATCH - 1 - place;
  }

  /** Returns the number of words of a sentence as the network reads them. */
  private int length(int sentence) {
    return Sentences.length(sentence) + (work.task() == Task.TRANSDUCE ? 1 : 0);
  }

  /** Returns the number of targets of a batch. */
  int targets(int batch) {
    return work.task() == Task.CLASSIFY ? Sentences.BATCH : (int) LongStream.of(sizes(batch)).sum();
  }

  /** Returns of each step how many sentences have it. */
  long[] sizes(int batch) {
    return IntStream.range(0, length(sentence(batch, 0)))
        .mapToLong(
            step ->
                IntStream.range(0, Sentences.BATCH)
                    .filter(place -> length(sentence(batch, place)) > step)
                    .count())
        .toArray();
  }

  /** Returns the inputs of a batch, in the order of {@link TaskScripts#inputs}. */
  List<NDArray> inputs(int batch) {
    var inputs = new ArrayList<NDArray>();
    if (work.form() == Form.PACKED || work.task() == Task.TRANSDUCE) {
      int vocabulary = work.task().vocabulary();
      inputs.add(manager.create(packed(batch, each -> Sentences.words(each, vocabulary))));
      inputs.add(manager.create(sizes(batch)));
    } else {
      addPadded(batch, inputs);
    }
    switch (work.task()) {
      case CLASSIFY -> inputs.add(manager.create(labels(batch)));
      case TAG -> addTags(batch, inputs);
      case TRANSDUCE -> addTargets(batch, inputs);
    }
    return inputs;
  }

  private void addPadded(int batch, List<NDArray> inputs) {
    long[] sizes = sizes(batch);
    var shape = new Shape(sizes.length, Sentences.BATCH);
    inputs.add(manager.create(padded(batch, sizes.length, false), shape));
    inputs.add(manager.create(sizes));
    inputs.add(manager.create(padded(batch, sizes.length, true), shape));
    if (work.task() == Task.CLASSIFY) {
      float[] outside = outside(batch, sizes.length, 1, Sentences.BATCH);
      inputs.add(manager.create(outside, shape.add(1)));
    } else {
      inputs.add(manager.create(rows(batch, sizes, false)));
      inputs.add(manager.create(rows(batch, sizes, true)));
    }
  }

  /** Returns the words, or those in reverse, [steps][sentences]; 0 where a sentence has ended. */
  private long[] padded(int batch, int steps, boolean turned) {
    long[] padded = new long[steps * Sentences.BATCH];
    for (int place = 0; place < Sentences.BATCH; place++) {
      int[] own = Sentences.words(sentence(batch, place), work.task().vocabulary());
      for (int step = 0; step < own.length; step++) {
        int from = turned ? own.length - 1 - step : step;
        padded[step * Sentences.BATCH + place] = own[from];
      }
    }
    return padded;
  }

  /** Returns where packed rows lie among padded ones, or among those in reverse. */
  private long[] rows(int batch, long[] sizes, boolean turned) {
    var rows = LongStream.builder();
    for (int step = 0; step < sizes.length; step++) {
      for (int place = 0; place < sizes[step]; place++) {
        int from = turned ? length(sentence(batch, place)) - 1 - step : step;
        rows.add((long) from * Sentences.BATCH + place);
      }
    }
    return rows.build().toArray();
  }

  private long[] labels(int batch) {
    return IntStream.range(0, Sentences.BATCH)
        .mapToLong(place -> Sentences.label(sentence(batch, place), work.task().outputs()))
        .toArray();
  }

  /** Returns what keeps a row outside of a sentence from being the greatest. */
  private float[] outside(int batch, int steps, int ofPlace, int ofStep) {
    float[] outside = new float[Sentences.BATCH * steps];
    for (int place = 0; place < Sentences.BATCH; place++) {
      for (int step = length(sentence(batch, place)); step < steps; step++) {
        outside[place * ofPlace + step * ofStep] = OUTSIDE;
      }
    }
    return outside;
  }

  private void addTags(int batch, List<NDArray> inputs) {
    int tags = work.task().outputs();
    long[] packed = packed(batch, sentence -> Sentences.targets(sentence, tags));
    long[] sizes = sizes(batch);
    var pairs = LongStream.builder();
    int before = 0;
    for (int step = 1; step < sizes.length; step++) {
      int row = before + (int) sizes[step - 1];
      for (int place = 0; place < sizes[step]; place++) {
        pairs.add(packed[before + place] * tags + packed[row + place]);
      }
      before = row;
    }
    inputs.add(manager.create(packed));
    inputs.add(manager.create(pairs.build().toArray()));
    inputs.add(manager.create(tagsAt(batch, false)));
    inputs.add(manager.create(tagsAt(batch, true)));
  }

  /** Returns the first or the last tag of each sentence. */
  private long[] tagsAt(int batch, boolean last) {
    return IntStream.range(0, Sentences.BATCH)
        .mapToLong(
            place -> {
              int[] own = Sentences.targets(sentence(batch, place), work.task().outputs());
              return own[last ? own.length - 1 : 0];
            })
        .toArray();
  }

  private void addTargets(int batch, List<NDArray> inputs) {
    long[] sizes = sizes(batch);
    float[] outside = outside(batch, sizes.length, sizes.length, 1);
    int outputs = work.task().outputs();
    long[] targets = packed(batch, sentence -> Sentences.targets(sentence, outputs));
    inputs.add(manager.create(outside, new Shape(Sentences.BATCH, sizes.length)));
    inputs.add(manager.create(before(targets, sizes)));
    inputs.add(manager.create(targets));
    inputs.add(manager.create(new long[targets.length]));
  }

  /** Returns the target before each row from the second step on. */
  private static long[] before(long[] targets, long[] sizes) {
    var before = LongStream.builder();
    int row = 0;
    for (int step = 1; step < sizes.length; step++) {
      for (int place = 0; place < sizes[step]; place++) {
        before.add(targets[row + place]);
      }
      row += (int) sizes[step - 1];
    }
    return before.build().toArray();
  }

  /** The words or tags of a sentence by its number. */
  @FunctionalInterface
  private interface Rows {
    int[] of(int sentence);
  }

  /** Returns what the steps of all sentences have, and the end where the network reads it. */
  private long[] packed(int batch, Rows rows) {
    var all =
        IntStream.range(0, Sentences.BATCH)
            .mapToObj(place -> rows.of(sentence(batch, place)))
            .toList();
    long[] sizes = sizes(batch);
    var packed = LongStream.builder();
    for (int step = 0; step < sizes.length; step++) {
      for (int place = 0; place < sizes[step]; place++) {
        int[] own = all.get(place);
        packed.add(step < own.length ? own[step] : END);
      }
    }
    return packed.build().toArray();
  }
}

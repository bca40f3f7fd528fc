package dev.unroll.learn;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Fma;
import dev.unroll.kernel.Reductions;
import dev.unroll.store.StateFile;
import dev.unroll.train.Validation;
import dev.unroll.train.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All that a training run is between two steps, apart from its data and options: with it a run
 * resumes to the same bits as if it had never been stopped. Random numbers are no part of it, as
 * they are computed from counters.
 */
public final class RunState {

  final float[] parameters;
  final Optimizer.Update update;

  /** The mean of the parameters since averaging began; empty before. */
  float[] average = {};

  /** Steps in that mean, or rounds of local steps. */
  long averaged;

  int epoch;

  /** The batch of the epoch that is next. */
  int nextBatch;

  long step;
  long applied;
  long skipped;
  int skippedInRow;
  double lossSum;
  long lossTargets;
  float[] best;

  /** {@link Validation#criterion} of the best parameters, and their loss. */
  double bestCriterion = Double.POSITIVE_INFINITY;

  double bestLoss = Double.NaN;

  /** The lowest criterion so far, which parameters of lower loss may have come near to. */
  double topCriterion = Double.POSITIVE_INFINITY;

  int sinceBest;
  int sinceDecay;
  int plateaus;
  final List<Double> validations = new ArrayList<>();

  public RunState(float[] parameters, Optimizer.Update update) {
    this.parameters = parameters;
    this.update = update;
    this.best = parameters.clone();
  }

  /** Returns what is validated and kept: the parameters, or their mean once averaging began. */
  float[] judged() {
    return averaged > 0 ? average : parameters;
  }

  /** Counts the parameters in their mean, once averaging began. */
  void average(Workers workers) {
    if (averaged == 0) {
      return;
    }
    averaged++;
    float share = (float) (1.0 / averaged);
    workers.run(
        parameters.length,
        Updates.GRAIN,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            average[i] = Fma.fma(share, parameters[i] - average[i], average[i]);
          }
        });
  }

  /** Returns whether some parameters were good enough to be kept. */
  boolean hasBest() {
    return bestCriterion < Double.POSITIVE_INFINITY;
  }

  /**
   * Returns whether parameters are better than the best so far: their measure is higher or, where
   * it has an error, within that error of the highest so far, with a lower loss. A measure that
   * goes up by less than chance does is not worth a worse calibration.
   */
  public boolean improves(Validation found) {
    double error = found.measure() == null ? 0 : found.measure().error();
    if (error == 0) {
      return found.criterion() < bestCriterion;
    }
    double bound = Math.min(topCriterion, found.criterion()) + error;
    return found.criterion() <= bound && (bestCriterion > bound || found.loss() < bestLoss);
  }

  /** Keeps the parameters that were just validated as the best. */
  public void keep(Validation found) {
    bestCriterion = found.criterion();
    bestLoss = found.loss();
    best = judged().clone();
  }

  /** Counts validations without progress: with neither better parameters nor a better measure. */
  public void count(boolean progress, double criterion) {
    topCriterion = criterion < topCriterion ? criterion : topCriterion;
    sinceBest = progress ? 0 : sinceBest + 1;
    sinceDecay = progress ? 0 : sinceDecay + 1;
  }

  /**
   * Returns everything; the arrays are not copied.
   *
   * @param carried what the learner carries from step to step
   */
  StateFile toFile(Map<String, float[]> carried) {
    var texts = new LinkedHashMap<String, String>();
    texts.put("epoch", String.valueOf(epoch));
    texts.put("nextBatch", String.valueOf(nextBatch));
    texts.put("step", String.valueOf(step));
    texts.put("applied", String.valueOf(applied));
    texts.put("averaged", String.valueOf(averaged));
    texts.put("skipped", String.valueOf(skipped));
    texts.put("skippedInRow", String.valueOf(skippedInRow));
    texts.put("lossSum", String.valueOf(lossSum));
    texts.put("lossTargets", String.valueOf(lossTargets));
    texts.put("bestCriterion", String.valueOf(bestCriterion));
    texts.put("bestLoss", String.valueOf(bestLoss));
    texts.put("topCriterion", String.valueOf(topCriterion));
    texts.put("sinceBest", String.valueOf(sinceBest));
    texts.put("sinceDecay", String.valueOf(sinceDecay));
    texts.put("plateaus", String.valueOf(plateaus));
    texts.put(
        "validations", validations.stream().map(String::valueOf).collect(Collectors.joining(" ")));
    var arrays = new LinkedHashMap<String, float[]>();
    arrays.put("parameters", parameters);
    arrays.put("best", best);
    arrays.put("average", average);
    // Sorted, so that checkpoints of equal runs are equal byte for byte.
    new TreeMap<>(update.moments()).forEach((name, moment) -> arrays.put("moment." + name, moment));
    arrays.putAll(carried);
    return new StateFile(texts, arrays);
  }

  /**
   * Takes over everything from a file.
   *
   * @param names of what the learner carries from step to step
   * @return what it carried then
   */
  Map<String, float[]> restore(StateFile file, Set<String> names) {
    Map<String, String> texts = file.texts();
    epoch = count(texts, "epoch");
    nextBatch = count(texts, "nextBatch");
    step = whole(texts, "step");
    applied = whole(texts, "applied");
    averaged = whole(texts, "averaged");
    skipped = whole(texts, "skipped");
    skippedInRow = count(texts, "skippedInRow");
    lossSum = number("lossSum", text(texts, "lossSum"));
    lossTargets = whole(texts, "lossTargets");
    bestCriterion = number("bestCriterion", text(texts, "bestCriterion"));
    bestLoss = number("bestLoss", text(texts, "bestLoss"));
    String top = texts.get("topCriterion"); // none before 0.3.0
    topCriterion = top == null ? bestCriterion : number("topCriterion", top);
    sinceBest = count(texts, "sinceBest");
    sinceDecay = count(texts, "sinceDecay");
    plateaus = count(texts, "plateaus");
    validations.clear();
    for (String loss : text(texts, "validations").split(" ", -1)) {
      if (!loss.isEmpty()) {
        validations.add(number("validations", loss));
      }
    }
    System.arraycopy(
        finite(file, "parameters", parameters.length), 0, parameters, 0, parameters.length);
    best = finite(file, "best", parameters.length);
    average = finite(file, "average", averaged > 0 ? parameters.length : 0);
    update
        .moments()
        .forEach(
            (name, moment) ->
                System.arraycopy(
                    array(file, "moment." + name, moment.length), 0, moment, 0, moment.length));
    var carried = new LinkedHashMap<String, float[]>();
    names.forEach(name -> carried.put(name, array(file, name)));
    return carried;
  }

  /** A moment may be infinite, a parameter may not. */
  private static float[] finite(StateFile file, String name, int length) {
    float[] array = array(file, name, length);
    if (!Reductions.areFinite(array, 0, length)) {
      throw strange("its " + name + " has a value that is not a finite number");
    }
    return array;
  }

  private static float[] array(StateFile file, String name, int length) {
    float[] array = array(file, name);
    if (array.length != length) {
      throw strange(
          String.format(Locale.ROOT, "its %s has %,d values, not %,d", name, array.length, length));
    }
    return array;
  }

  private static float[] array(StateFile file, String name) {
    float[] array = file.arrays().get(name);
    if (array == null) {
      throw strange("it has no " + name);
    }
    return array;
  }

  private static int count(Map<String, String> texts, String name) {
    return (int) whole(texts, name, Integer.MAX_VALUE);
  }

  private static long whole(Map<String, String> texts, String name) {
    return whole(texts, name, Long.MAX_VALUE);
  }

  private static long whole(Map<String, String> texts, String name, long most) {
    String text = text(texts, name);
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    throw strange(
        String.format(
            Locale.ROOT, "its %s is %s, not a whole number from 0 to %d", name, text, most));
  }

  private static double number(String name, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw strange("its " + name + " is " + text + ", not a number");
    }
  }

  private static String text(Map<String, String> texts, String name) {
    String text = texts.get(name);
    if (text == null) {
      throw strange("it has no " + name);
    }
    return text;
  }

  /** A checkpoint that says what no checkpoint of the run says. */
  static InputException strange(String what) {
    return new InputException(
        "the checkpoint is not one of this run: " + what, "Delete it, or choose another folder.");
  }
}

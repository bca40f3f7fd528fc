package dev.unroll.train;

import dev.unroll.file.InputException;
import dev.unroll.file.StateFile;
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
final class RunState {

  final float[] parameters;
  final Optimizer.Update update;

  /** The mean of the parameters since averaging began; empty before. */
  float[] average = {};

  /** Steps in that mean. */
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

  /** {@link Learner.Validation#criterion} of the best parameters, and their loss. */
  double bestCriterion = Double.POSITIVE_INFINITY;

  double bestLoss = Double.NaN;
  int sinceBest;
  int sinceDecay;
  int plateaus;
  final List<Double> validations = new ArrayList<>();

  RunState(float[] parameters, Optimizer.Update update) {
    this.parameters = parameters;
    this.update = update;
    this.best = parameters.clone();
  }

  /** Returns what is validated and kept: the parameters, or their mean once averaging began. */
  float[] judged() {
    return averaged > 0 ? average : parameters;
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
    try {
      Map<String, String> texts = file.texts();
      epoch = Integer.parseInt(text(texts, "epoch"));
      nextBatch = Integer.parseInt(text(texts, "nextBatch"));
      step = Long.parseLong(text(texts, "step"));
      applied = Long.parseLong(text(texts, "applied"));
      averaged = Long.parseLong(text(texts, "averaged"));
      skipped = Long.parseLong(text(texts, "skipped"));
      skippedInRow = Integer.parseInt(text(texts, "skippedInRow"));
      lossSum = Double.parseDouble(text(texts, "lossSum"));
      lossTargets = Long.parseLong(text(texts, "lossTargets"));
      bestCriterion = Double.parseDouble(text(texts, "bestCriterion"));
      bestLoss = Double.parseDouble(text(texts, "bestLoss"));
      sinceBest = Integer.parseInt(text(texts, "sinceBest"));
      sinceDecay = Integer.parseInt(text(texts, "sinceDecay"));
      plateaus = Integer.parseInt(text(texts, "plateaus"));
      validations.clear();
      for (String loss : text(texts, "validations").split(" ", -1)) {
        if (!loss.isEmpty()) {
          validations.add(Double.parseDouble(loss));
        }
      }
      copy(file, "parameters", parameters);
      best = array(file, "best");
      average = array(file, "average");
      update.moments().forEach((name, moment) -> copy(file, "moment." + name, moment));
      var carried = new LinkedHashMap<String, float[]>();
      names.forEach(name -> carried.put(name, array(file, name)));
      return carried;
    } catch (NumberFormatException e) {
      throw strange("a number in it is not one: " + e.getMessage());
    }
  }

  private static void copy(StateFile file, String name, float[] target) {
    float[] source = array(file, name);
    if (source.length != target.length) {
      throw strange(
          String.format(
              Locale.ROOT, "its %s has %,d values, not %,d", name, source.length, target.length));
    }
    System.arraycopy(source, 0, target, 0, target.length);
  }

  private static float[] array(StateFile file, String name) {
    float[] array = file.arrays().get(name);
    if (array == null) {
      throw strange("it has no " + name);
    }
    return array;
  }

  private static String text(Map<String, String> texts, String name) {
    String text = texts.get(name);
    if (text == null) {
      throw strange("it has no " + name);
    }
    return text;
  }

  private static InputException strange(String what) {
    return new InputException(
        "the checkpoint is not one of this run: " + what, "Delete it, or choose another folder.");
  }
}

package dev.unroll.task.label;

import dev.unroll.data.LabeledSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Finds from which probability on a text has a label, where it may have several. */
public final class Thresholds {

  private Thresholds() {}

  /**
   * Returns the thresholds that have the best F1 of each label.
   *
   * @param names the labels
   * @param probabilities of each text, [1][labels]
   * @param validation the texts with their labels
   */
  static List<Double> tuned(
      List<String> names, List<float[][]> probabilities, List<LabeledSequence> validation) {
    var thresholds = new ArrayList<Double>();
    var given = validation.stream().map(text -> Set.copyOf(text.labels())).toList();
    for (int label = 0; label < names.size(); label++) {
      int number = label;
      double[] own = probabilities.stream().mapToDouble(rows -> rows[0][number]).toArray();
      String name = names.get(label);
      boolean[] wanted = new boolean[own.length];
      for (int i = 0; i < own.length; i++) {
        wanted[i] = given.get(i).contains(name);
      }
      thresholds.add(best(own, wanted));
    }
    return thresholds;
  }

  /**
   * Returns the threshold with the best F1, in the middle between two probabilities; of equal ones
   * the nearest to ½, which also stands where a label never occurs.
   */
  public static double best(double[] probabilities, boolean[] wanted) {
    int[] order =
        IntStream.range(0, probabilities.length)
            .boxed()
            .sorted((a, b) -> Double.compare(probabilities[b], probabilities[a]))
            .mapToInt(Integer::intValue)
            .toArray();
    long there = IntStream.range(0, wanted.length).filter(i -> wanted[i]).count();
    double best = 0.5;
    double bestF1 = there == 0 ? 1 : 0;
    long right = 0;
    for (int i = 0; i < order.length; i++) {
      right += wanted[order[i]] ? 1 : 0;
      double here = probabilities[order[i]];
      double next = i + 1 < order.length ? probabilities[order[i + 1]] : 0;
      double f1 = 2.0 * right / (i + 1 + there);
      double threshold = (here + next) / 2;
      boolean nearer = f1 == bestF1 && Math.abs(threshold - 0.5) < Math.abs(best - 0.5);
      if (here > next && (f1 > bestF1 || nearer)) {
        bestF1 = f1;
        best = threshold;
      }
    }
    return best;
  }
}

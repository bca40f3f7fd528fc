package dev.unroll.tasks;

import dev.unroll.data.LabeledSequence;
import dev.unroll.result.Verdict;
import dev.unroll.task.label.LabelRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How cross-validated networks compare with the simplest models of their task, which learn from the
 * same folds and are tested on the same.
 */
public final class FoldVerdict {

  private final List<List<Double>> figures = new ArrayList<>();
  private List<String> names = List.of();
  private String measure = "";
  private long items;

  /** Begins without a fold. */
  public FoldVerdict() {}

  /**
   * Adds a fold.
   *
   * @param run what learned from the others
   * @param tested the fold
   */
  public void add(LabelRun run, List<LabeledSequence> tested) {
    var own = new LabelVerdict(run, tested);
    Map<String, Double> baselines = own.baselines();
    names = List.copyOf(baselines.keySet());
    figures.add(List.copyOf(baselines.values()));
    measure = own.title();
    items += own.items();
  }

  /**
   * Compares the means over all folds.
   *
   * @param network those of the network, by the titles of the measures
   */
  public Verdict of(Map<String, Double> network) {
    var means = new LinkedHashMap<String, Double>();
    for (int i = 0; i < names.size(); i++) {
      int place = i;
      means.put(
          names.get(i),
          figures.stream().mapToDouble(fold -> fold.get(place)).average().orElse(Double.NaN));
    }
    double own = network.getOrDefault(measure, Double.NaN);
    return new Verdict(measure, Verdict.Scale.SHARE, own, means, items);
  }
}

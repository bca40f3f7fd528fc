package dev.unroll.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What models reach that were each trained without another fold of the data, and tested on it. */
public final class CrossValidation {

  private final List<Map<String, Double>> folds = new ArrayList<>();

  /** Has no fold yet. */
  public CrossValidation() {}

  /**
   * Adds what the model of the next fold reaches: measures by name, the same ones for each fold.
   */
  public void add(Map<String, Double> measures) {
    folds.add(Collections.unmodifiableMap(new LinkedHashMap<>(measures)));
  }

  /** Returns the measures of each fold. */
  public List<Map<String, Double>> folds() {
    return Collections.unmodifiableList(folds);
  }

  /** Returns the mean of each measure over all folds. */
  public Map<String, Double> mean() {
    return each(this::mean);
  }

  /** Returns the standard deviation of each measure, from squares divided by folds − 1. */
  public Map<String, Double> deviation() {
    return each(this::deviation);
  }

  private Map<String, Double> each(ToDoubleFunction<String> value) {
    var all = new LinkedHashMap<String, Double>();
    folds.getFirst().keySet().forEach(name -> all.put(name, value.applyAsDouble(name)));
    return all;
  }

  private double mean(String name) {
    return folds.stream().mapToDouble(fold -> fold.getOrDefault(name, 0.0)).average().orElse(0);
  }

  private double deviation(String name) {
    double mean = mean(name);
    double squares =
        folds.stream().mapToDouble(fold -> square(fold.getOrDefault(name, 0.0) - mean)).sum();
    return Math.sqrt(squares / (folds.size() - 1));
  }

  private static double square(double value) {
    return value * value;
  }
}

package dev.unroll.train;

import java.util.List;

/** Says how good the labels are that a network gives to the validation part. */
@FunctionalInterface
public interface LabelJudge {

  /**
   * Returns the measure that chooses the best network, of which more is better.
   *
   * @param labels of each sequence its label, or the labels of its steps
   */
  Learner.Measure judge(List<int[]> labels);
}

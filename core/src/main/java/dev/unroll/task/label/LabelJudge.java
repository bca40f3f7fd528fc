package dev.unroll.task.label;

import dev.unroll.train.Validation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says how good the labels are that a network gives to the validation part. */
@FunctionalInterface
public interface LabelJudge {

  /**
   * Returns the measure that chooses the best network, of which more is better; null where the loss
   * chooses it.
   *
   * @param labels of each sequence its label or labels, or the labels of its steps
   */
  Validation.@Nullable Measure judge(List<int[]> labels);
}

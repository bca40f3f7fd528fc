package dev.unroll.task;

import dev.unroll.learn.Checkpoints;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a search of settings trains with those of one trial. */
@FunctionalInterface
public interface Candidate {

  /**
   * Prepares a run.
   *
   * @param repetition what its seed is greater by than that of the first run
   * @param model file of its best model so far
   * @param checkpoints where it is kept; null where it is only compared and not trained
   * @throws dev.unroll.base.InputException if its settings do not go together
   */
  Run<?> prepare(int repetition, Path model, @Nullable Checkpoints checkpoints);
}

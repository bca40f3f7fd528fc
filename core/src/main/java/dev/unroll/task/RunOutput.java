package dev.unroll.task;

import dev.unroll.train.Checkpoints;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a run, and where.
 *
 * @param command words by which whoever asks for the run can ask for it again, kept in the model as
 *     they are; empty for none
 * @param ownValidation whether the data that chooses the model is no part of the other
 * @param model file that always holds the best model so far, or null
 * @param checkpoints folder where the run is kept while it lasts, and goes on from, or null. When
 *     the run has ended, what is in it is deleted
 */
public record RunOutput(
    List<String> command,
    boolean ownValidation,
    @Nullable Path model,
    @Nullable Checkpoints checkpoints) {

  /** Nothing is kept but the result. */
  public static final RunOutput NOTHING = new RunOutput(List.of(), false, null, null);

  /** Copies the list. */
  public RunOutput {
    command = List.copyOf(command);
  }
}

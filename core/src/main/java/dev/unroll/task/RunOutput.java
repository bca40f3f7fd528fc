package dev.unroll.task;

import dev.unroll.learn.Checkpoints;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a run, and where, and what its model says of how it was asked for.
 *
 * @param command words by which whoever asks for the run can ask for it again, kept in the model as
 *     they are; empty for none
 * @param reading how the files of its data are read, by name, kept in the model
 * @param ownValidation whether the data that chooses the model is no part of the other
 * @param model file that always holds the best model so far, or null
 * @param checkpoints folder where the run is kept while it lasts, and resumes from, or null. When
 *     the run has ended, what is in it is deleted
 */
public record RunOutput(
    List<String> command,
    Map<String, Object> reading,
    boolean ownValidation,
    @Nullable Path model,
    @Nullable Checkpoints checkpoints) {

  /** Nothing is kept but the result. */
  public static final RunOutput NOTHING = new RunOutput(List.of(), false, null, null);

  /** The same of a run of which files say nothing of how they are read. */
  public RunOutput(
      List<String> command,
      boolean ownValidation,
      @Nullable Path model,
      @Nullable Checkpoints checkpoints) {
    this(command, Map.of(), ownValidation, model, checkpoints);
  }

  /** Copies the list and the map. */
  public RunOutput {
    command = List.copyOf(command);
    reading = Map.copyOf(reading);
  }

  /** The same, with more about how the files of the data are read. */
  public RunOutput withReading(Map<String, ?> more) {
    var all = new LinkedHashMap<String, Object>(reading);
    all.putAll(more);
    return new RunOutput(command, all, ownValidation, model, checkpoints);
  }
}

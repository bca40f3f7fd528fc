package dev.unroll.cli.command;

import dev.unroll.learn.CheckpointStore;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelFile;
import dev.unroll.task.Run;
import dev.unroll.train.TrainingListener;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a command trains, and keeps its run: usually here, in a program of its own. */
public interface TrainingPlace {

  /** This machine. */
  TrainingPlace HERE = new TrainingPlace() {};

  /** Trains. */
  default <F extends ModelFields> ModelFile<F> train(Run<F> run, TrainingListener listener) {
    return run.run(listener);
  }

  /**
   * Returns the place of checkpoints that {@code folder} stands for; null for the folder itself.
   */
  default @Nullable CheckpointStore store(Path folder) {
    return null;
  }

  /** Returns whether signals that end the program may first end the run, after its step. */
  default boolean takesSignals() {
    return true;
  }
}

package dev.unroll.tasks;

import dev.unroll.base.InputException;
import dev.unroll.model.Classifier;
import dev.unroll.model.Forecaster;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Recognizer;
import dev.unroll.model.Regressor;
import dev.unroll.model.Tagger;
import dev.unroll.model.Transducer;
import dev.unroll.result.Model;
import dev.unroll.store.ModelFile;
import dev.unroll.store.Task;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** All tasks. A new one is listed here, and has all else in its own package. */
public final class Tasks {

  /** The tasks, in the order in which they are shown. */
  public static final List<Task<?, ? extends Model>> ALL =
      List.of(
          LanguageModel.TASK,
          Classifier.TASK,
          Tagger.TASK,
          Transducer.TASK,
          Recognizer.TASK,
          Forecaster.TASK,
          Regressor.TASK);

  private Tasks() {}

  /**
   * Opens a model file of any task.
   *
   * @throws InputException if it is missing, damaged or no model of a task that is known
   */
  public static Model open(Path file) {
    return open(ModelFile.Stored.read(file));
  }

  /**
   * Opens a model of any task from a stream, which is read up to the end of the model and not
   * closed.
   *
   * @throws InputException if it cannot be read, is damaged or no model of a task that is known
   */
  public static Model open(InputStream in) {
    return open(ModelFile.Stored.read(in));
  }

  private static Model open(ModelFile.Stored stored) {
    String name = stored.task();
    for (Task<?, ? extends Model> task : ALL) {
      if (task.codec().task().equals(name)) {
        return task.open(stored);
      }
    }
    return LanguageModel.TASK.open(stored); // which says what is wrong with it
  }
}

package dev.unroll.task;

import dev.unroll.file.InputException;
import dev.unroll.train.ForwardingListener;
import dev.unroll.train.TrainingListener;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Writes each best model to its file, and passes everything on. */
public final class BestModelFile extends ForwardingListener {

  /** Makes the model of parameters, which may be read only during the call. */
  @FunctionalInterface
  public interface Maker {
    Model model(float[] parameters, TrainingListener.ValidationReport report);
  }

  private final Maker maker;
  private final Path file;

  private BestModelFile(TrainingListener next, Maker maker, Path file) {
    super(next);
    this.maker = maker;
    this.file = file;
  }

  /** Returns a listener that keeps the best model in {@code file}, if there is one. */
  public static TrainingListener keeping(@Nullable Path file, Maker maker, TrainingListener next) {
    return file == null ? next : new BestModelFile(next, maker, file);
  }

  @Override
  public void onImproved(float[] parameters, ValidationReport report) {
    try {
      maker.model(parameters, report).save(file);
    } catch (InputException e) {
      onWriteFailed(e); // the run goes on, and the model is written again at its end
    }
    super.onImproved(parameters, report);
  }
}

package dev.unroll;

import dev.unroll.kernel.Kernels;
import dev.unroll.result.Model;
import dev.unroll.tasks.Tasks;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * The entry point: a trainer for each task, and model files of any task.
 *
 * {@snippet file="example/SnippetsTest.java" region="unroll"}
 */
public final class Unroll {

  private Unroll() {}

  /** Trains a language model, which scores texts and continues them. */
  public static LanguageModelTrainer languageModel() {
    return new LanguageModelTrainer();
  }

  /** Trains a classifier, which assigns labels to texts. */
  public static ClassifierTrainer classifier() {
    return new ClassifierTrainer();
  }

  /** Trains a tagger, which gives each word of a sentence a tag. */
  public static TaggerTrainer tagger() {
    return new TaggerTrainer();
  }

  /** Trains an encoder-decoder, which turns one sequence into another. */
  public static TransducerTrainer transducer() {
    return new TransducerTrainer();
  }

  /** Trains a recognizer, which finds labels in a sequence without a known alignment (CTC). */
  public static RecognizerTrainer recognizer() {
    return new RecognizerTrainer();
  }

  /** Trains a forecaster, which predicts how time series continue. */
  public static ForecasterTrainer forecaster() {
    return new ForecasterTrainer();
  }

  /** Trains a regressor, which predicts a number from a text or a sequence of numbers. */
  public static RegressorTrainer regressor() {
    return new RegressorTrainer();
  }

  /**
   * Opens a model file of any task.
   *
   * @throws dev.unroll.base.InputException if it is missing, damaged or of an unknown task
   */
  public static Model open(Path file) {
    return Tasks.open(file);
  }

  /**
   * Opens a model of any task from a stream, which is read up to the end of the model and not
   * closed: several models may follow one another.
   *
   * @throws dev.unroll.base.InputException if it cannot be read, is damaged or of an unknown task
   */
  public static Model open(InputStream in) {
    return Tasks.open(in);
  }

  /**
   * Describes the kernels in use, such as vectors of 256 bits, and if they are scalar the reason.
   */
  public static String kernels() {
    return Kernels.description();
  }
}

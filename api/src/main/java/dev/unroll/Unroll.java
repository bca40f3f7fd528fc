package dev.unroll;

import dev.unroll.kernel.Kernels;
import dev.unroll.result.Model;
import dev.unroll.tasks.Tasks;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Where everything begins: a trainer for each task, and model files of any task.
 *
 * {@snippet file="example/SnippetsTest.java" region="unroll"}
 */
public final class Unroll {

  private Unroll() {}

  /** Trains a language model: it scores texts and continues them. */
  public static LanguageModelTrainer languageModel() {
    return new LanguageModelTrainer();
  }

  /** Trains a classifier: it says what kind of text a text is. */
  public static ClassifierTrainer classifier() {
    return new ClassifierTrainer();
  }

  /** Trains a tagger: it gives each word of a sentence a tag. */
  public static TaggerTrainer tagger() {
    return new TaggerTrainer();
  }

  /** Trains an encoder-decoder: it turns a sequence into another. */
  public static TransducerTrainer transducer() {
    return new TransducerTrainer();
  }

  /** Trains a network that finds labels in a sequence whose places are not known (CTC). */
  public static RecognizerTrainer recognizer() {
    return new RecognizerTrainer();
  }

  /** Trains a forecaster: it says how measurements continue. */
  public static ForecasterTrainer forecaster() {
    return new ForecasterTrainer();
  }

  /** Trains a regressor: it says a number of a text or of a sequence of numbers. */
  public static RegressorTrainer regressor() {
    return new RegressorTrainer();
  }

  /**
   * Opens a model file of any task.
   *
   * @throws dev.unroll.base.InputException if it is missing, damaged or of no task that is known
   */
  public static Model open(Path file) {
    return Tasks.open(file);
  }

  /**
   * Opens a model of any task from a stream, which is read up to the end of the model and not
   * closed: several models may follow one another.
   *
   * @throws dev.unroll.base.InputException if it cannot be read, is damaged or of no task that is
   *     known
   */
  public static Model open(InputStream in) {
    return Tasks.open(in);
  }

  /** Returns which kernels compute, such as vectors of 256 bits, and why if they are scalar. */
  public static String kernels() {
    return Kernels.description();
  }
}

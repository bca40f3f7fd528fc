package dev.unroll.task.label;

import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Rows;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.Initialization;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The further inputs of a token next to its own vector: its characters ({@link SpellingEncoder})
 * and then a vector for each of its {@link Feature}s, side by side.
 *
 * <p>Parameters: those of the spelling, and {@code feature.N.embedding.weight} [values][width].
 */
final class FurtherInputs {

  private final @Nullable SpellingEncoder spelling;
  private final List<Embedding> features = new ArrayList<>();
  private final int outputs;

  FurtherInputs(LabelSpec description, int characters, Layout layout) {
    Spelling form = description.spelling();
    spelling = form == null ? null : new SpellingEncoder(form, characters, layout);
    int width = spelled();
    for (int i = 0; i < description.features().size(); i++) {
      Feature feature = description.features().get(i);
      String name = "feature." + i + ".embedding.weight";
      features.add(new Embedding(feature.values(), feature.width(), name, layout));
      width += feature.width();
    }
    outputs = width;
  }

  /** Returns the number of inputs of a row, 0 if there are none. */
  int outputs() {
    return outputs;
  }

  /** The spelling's share of them. */
  private int spelled() {
    return spelling == null ? 0 : spelling.outputs();
  }

  void initialize(float[] parameters, Initialization initialization) {
    if (spelling != null) {
      spelling.initialize(parameters, initialization);
    }
    for (Embedding feature : features) {
      double bound = Math.sqrt(3.0 / feature.weight().columns());
      initialization.uniform(parameters, feature.weight(), bound);
    }
  }

  /** The weights in the kernel's layout. */
  static final class Weights {
    private final SpellingEncoder.@Nullable Weights spelling;
    private float[] values = {};

    private Weights(SpellingEncoder.@Nullable Weights spelling) {
      this.spelling = spelling;
    }

    /** Remembers words as {@link SpellingEncoder.Weights#rememberWords} says. */
    void rememberWords() {
      if (spelling != null) {
        spelling.rememberWords();
      }
    }
  }

  Weights newWeights(Precision precision) {
    return new Weights(spelling == null ? null : spelling.newWeights(precision));
  }

  void packForward(float[] parameters, Weights weights, Workers workers) {
    weights.values = parameters;
    if (spelling != null && weights.spelling != null) {
      spelling.packForward(parameters, weights.spelling, workers);
    }
  }

  void packBackward(float[] parameters, Weights weights, Workers workers) {
    if (spelling != null && weights.spelling != null) {
      spelling.packBackward(parameters, weights.spelling, workers);
    }
  }

  /** What the backward pass needs of the forward pass of one batch; reused by the next. */
  static final class Tape {
    private final SpellingEncoder.@Nullable Tape spelling;
    private float[] joined = {};

    private Tape(SpellingEncoder.@Nullable Tape spelling) {
      this.spelling = spelling;
    }
  }

  Tape newTape(boolean keepsAll) {
    return new Tape(spelling == null ? null : spelling.newTape(keepsAll));
  }

  /** Returns the inputs of each row, [R][outputs]. */
  Matrix forward(Weights weights, LabelBatch batch, Tape tape, Workers workers) {
    Matrix ofSpelling = spell(weights, batch, tape, workers);
    if (features.isEmpty() && ofSpelling != null) {
      return ofSpelling;
    }
    int rows = batch.steps().rows();
    tape.joined = Rows.room(tape.joined, rows, outputs);
    Matrix all = Matrix.of(tape.joined, rows, outputs);
    for (int row = 0; ofSpelling != null && row < rows; row++) {
      ofSpelling.copyRow(row, all, row);
    }
    int place = spelled();
    for (int i = 0; i < features.size(); i++) {
      int width = features.get(i).weight().columns();
      Matrix own = all.columns(place, place + width);
      features.get(i).forward(weights.values, batch.features()[i], own, workers);
      place += width;
    }
    return all;
  }

  private @Nullable Matrix spell(Weights weights, LabelBatch batch, Tape tape, Workers workers) {
    if (spelling == null || weights.spelling == null || tape.spelling == null) {
      return null;
    }
    return spelling.forward(weights.spelling, batch.spellings(), tape.spelling, workers);
  }

  /** Adds the gradients of all parameters, from those of the inputs. */
  void backward(
      Weights weights,
      LabelBatch batch,
      Matrix dInputs,
      Tape tape,
      float[] gradients,
      Workers workers) {
    int place = spelled();
    if (spelling != null && weights.spelling != null && tape.spelling != null) {
      Matrix own = dInputs.columns(0, place);
      spelling.backward(
          weights.spelling, batch.spellings(), own, tape.spelling, gradients, workers);
    }
    for (int i = 0; i < features.size(); i++) {
      int width = features.get(i).weight().columns();
      Matrix own = dInputs.columns(place, place + width);
      features.get(i).backward(batch.features()[i], own, gradients, workers);
      place += width;
    }
  }
}

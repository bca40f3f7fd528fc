package dev.unroll.task.label;

import dev.unroll.base.Direction;
import dev.unroll.base.Matrix;
import dev.unroll.base.PoolingKind;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.cells.LstmCell;
import dev.unroll.cells.Peepholes;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Rows;
import dev.unroll.layer.BidirectionalLayer;
import dev.unroll.layer.BidirectionalTape;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.Initialization;
import dev.unroll.layer.LayerForm;
import dev.unroll.layer.MatrixWeights;
import dev.unroll.layer.Pooling;

/**
 * Makes a vector of each word from its characters, as {@link Spelling} says: characters → embedding
 * → LSTM both ways → the last output of each way. A word that a batch has several times is read
 * once.
 *
 * <p>Parameters: {@code spelling.embedding.weight} and those of the layer, with the prefix {@code
 * spelling.}.
 */
final class SpellingEncoder {

  private final Embedding embedding;
  private final BidirectionalLayer layer;
  private final Pooling pooling;
  private final int width;

  SpellingEncoder(Spelling spelling, int characters, Layout layout) {
    width = spelling.embedding();
    embedding = new Embedding(characters, width, "spelling.embedding.weight", layout);
    var form = LayerForm.plain(new LstmCell(Peepholes.NONE), width, spelling.units());
    layer = new BidirectionalLayer(form, Direction.BOTH, "spelling.", layout);
    pooling = new Pooling(PoolingKind.LAST, layer.outputs(), Direction.BOTH, layout);
  }

  /** Returns the width of a word's vector. */
  int outputs() {
    return layer.outputs();
  }

  void initialize(float[] parameters, Initialization initialization) {
    initialization.uniform(parameters, embedding.weight(), Math.sqrt(3.0 / width));
    layer.initialize(parameters, initialization);
  }

  /** The weights in the kernel's layout. */
  static final class Weights {
    private final BidirectionalLayer.Weights layer;
    private final MatrixWeights pooling;
    private float[] values = {};

    private Weights(BidirectionalLayer.Weights layer, Precision precision) {
      this.layer = layer;
      pooling = new MatrixWeights(precision);
    }
  }

  Weights newWeights(Precision precision) {
    return new Weights(layer.newWeights(precision), precision);
  }

  void packForward(float[] parameters, Weights weights, Workers workers) {
    weights.values = parameters;
    weights.layer.packForward(parameters, workers);
  }

  void packBackward(float[] parameters, Weights weights, Workers workers) {
    weights.layer.packBackward(parameters, workers);
  }

  /** What the backward pass needs of the forward pass of one batch; reused by the next. */
  static final class Tape {
    private final BidirectionalTape layer;
    private final Pooling.Tape pooling = new Pooling.Tape();
    private float[] embedded = {};
    private float[] dEmbedded = {};
    private float[] vectors = {};
    private float[] dWords = {};

    private Tape(BidirectionalTape layer) {
      this.layer = layer;
    }
  }

  Tape newTape(boolean keepsAll) {
    return new Tape(layer.newTape(keepsAll));
  }

  /** Returns the vector of each row's word, [R][outputs]. */
  Matrix forward(Weights weights, Spellings spellings, Tape tape, Workers workers) {
    int letters = spellings.steps().rows();
    tape.embedded = Rows.room(tape.embedded, letters, width);
    Matrix x = Matrix.of(tape.embedded, letters, width);
    embedding.forward(weights.values, spellings.characters(), x, workers);
    tape.layer.begin(spellings.steps(), null);
    var start = layer.startState(weights.values, spellings.steps().batch());
    layer.forward(weights.layer, x, start, tape.layer, workers);
    Matrix words =
        pooling.forward(
            weights.pooling, spellings.steps(), tape.layer.output(), tape.pooling, workers);
    int rows = spellings.words().length;
    tape.vectors = Rows.room(tape.vectors, rows, outputs());
    Matrix vectors = Matrix.of(tape.vectors, rows, outputs());
    workers.run(
        rows,
        16,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            words.copyRow(spellings.words()[row], vectors, row);
          }
        });
    return vectors;
  }

  /** Adds the gradients of all parameters, from those of the rows' vectors. */
  void backward(
      Weights weights,
      Spellings spellings,
      Matrix dVectors,
      Tape tape,
      float[] gradients,
      Workers workers) {
    int words = spellings.steps().batch();
    tape.dWords = Rows.room(tape.dWords, words, outputs());
    java.util.Arrays.fill(tape.dWords, 0, words * outputs(), 0f);
    Matrix dWords = Matrix.of(tape.dWords, words, outputs());
    for (int row = 0; row < dVectors.rows(); row++) {
      int into = dWords.row(spellings.words()[row]);
      Rows.add(dVectors.data(), dVectors.row(row), tape.dWords, into, outputs());
    }
    tape.layer.beginBackward();
    pooling.backward(
        weights.pooling, tape.pooling, dWords, tape.layer.dOutput(), gradients, workers);
    int letters = spellings.steps().rows();
    tape.dEmbedded = Rows.room(tape.dEmbedded, letters, width);
    Matrix dx = Matrix.of(tape.dEmbedded, letters, width);
    layer.backward(weights.layer, tape.layer, dx, gradients, workers);
    embedding.backward(spellings.characters(), dx, gradients, workers);
  }
}

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
import dev.unroll.layer.RecentVectors;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes a vector of each word from its characters, as {@link Spelling} says: characters → embedding
 * → LSTM both ways → the last output of each way. A word that a batch has several times is read
 * once, and one that was read lately not at all where {@link Weights#rememberWords} was called.
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
    private final int outputs;
    private float[] values = {};
    private @Nullable RecentVectors<int[]> recent;

    private Weights(BidirectionalLayer.Weights layer, int outputs, Precision precision) {
      this.layer = layer;
      this.outputs = outputs;
      pooling = new MatrixWeights(precision);
    }

    /**
     * Remembers the vectors of words that were read lately, until other parameters are packed; the
     * backward pass must not follow. It changes no bit: a word's vector is a function of its
     * characters.
     */
    void rememberWords() {
      recent = new RecentVectors<>(outputs);
    }
  }

  Weights newWeights(Precision precision) {
    return new Weights(layer.newWeights(precision), outputs(), precision);
  }

  void packForward(float[] parameters, Weights weights, Workers workers) {
    weights.values = parameters;
    weights.recent = null; // of older parameters
    weights.layer.packForward(parameters, workers);
  }

  void packBackward(float[] parameters, Weights weights, Workers workers) {
    weights.layer.packBackward(parameters, workers);
  }

  /** What the backward pass needs of the forward pass of one batch; reused by the next. */
  static final class Tape {
    private final BidirectionalTape layer;
    private final Pooling.Tape pooling = new Pooling.Tape();
    private Spellings.Read read = Spellings.Read.of(new int[0][]);
    private float[] embedded = {};
    private float[] words = {};
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
    Matrix words =
        weights.recent == null
            ? read(weights, spellings.letters(), tape, workers)
            : recall(weights, weights.recent, spellings.letters(), tape, workers);
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

  /** Reads words, and returns the vector of each, [W][outputs]. */
  private Matrix read(Weights weights, int[][] letters, Tape tape, Workers workers) {
    var read = Spellings.Read.of(letters);
    tape.read = read;
    tape.embedded = Rows.room(tape.embedded, read.steps().rows(), width);
    Matrix x = Matrix.of(tape.embedded, read.steps().rows(), width);
    embedding.forward(weights.values, read.characters(), x, workers);
    tape.layer.begin(read.steps(), null);
    var start = layer.startState(weights.values, letters.length);
    layer.forward(weights.layer, x, start, tape.layer, workers);
    return pooling.forward(
        weights.pooling, read.steps(), tape.layer.output(), tape.pooling, workers);
  }

  /** Returns the vector of each word, of which it reads those that are not known. */
  private Matrix recall(
      Weights weights, RecentVectors<int[]> recent, int[][] letters, Tape tape, Workers workers) {
    tape.words = Rows.room(tape.words, letters.length, outputs());
    Matrix words = Matrix.of(tape.words, letters.length, outputs());
    int[] unknown = new int[letters.length];
    int count = 0;
    for (int word = 0; word < letters.length; word++) {
      int[] own = letters[word];
      float[] vector = recent.find(Arrays.hashCode(own), key -> Arrays.equals(key, own));
      if (vector == null) {
        unknown[count++] = word;
      } else {
        System.arraycopy(vector, 0, tape.words, words.row(word), vector.length);
      }
    }
    if (count > 0) {
      int[][] unread = new int[count][];
      Arrays.setAll(unread, i -> letters[unknown[i]]);
      Matrix read = read(weights, unread, tape, workers);
      for (int i = 0; i < count; i++) {
        read.copyRow(i, words, unknown[i]);
        int hash = Arrays.hashCode(unread[i]);
        if (recent.wants(hash)) {
          recent.keep(hash, unread[i].clone(), read.rows(i, i + 1).copyOfElements());
        }
      }
    }
    return words;
  }

  /** Adds the gradients of all parameters, from those of the rows' vectors. */
  void backward(
      Weights weights,
      Spellings spellings,
      Matrix dVectors,
      Tape tape,
      float[] gradients,
      Workers workers) {
    Spellings.Read read = tape.read;
    int words = read.steps().batch();
    tape.dWords = Rows.room(tape.dWords, words, outputs());
    Arrays.fill(tape.dWords, 0, words * outputs(), 0f);
    Matrix dWords = Matrix.of(tape.dWords, words, outputs());
    for (int row = 0; row < dVectors.rows(); row++) {
      int into = dWords.row(spellings.words()[row]);
      Rows.add(dVectors.data(), dVectors.row(row), tape.dWords, into, outputs());
    }
    tape.layer.beginBackward();
    pooling.backward(
        weights.pooling, tape.pooling, dWords, tape.layer.dOutput(), gradients, workers);
    int letters = read.steps().rows();
    tape.dEmbedded = Rows.room(tape.dEmbedded, letters, width);
    Matrix dx = Matrix.of(tape.dEmbedded, letters, width);
    layer.backward(weights.layer, tape.layer, dx, gradients, workers);
    embedding.backward(read.characters(), dx, gradients, workers);
  }
}

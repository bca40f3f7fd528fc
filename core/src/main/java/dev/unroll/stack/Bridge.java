package dev.unroll.stack;

import dev.unroll.base.Direction;
import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Fma;
import dev.unroll.kernel.Functions;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.kernel.Products;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import dev.unroll.layer.Initialization;
import dev.unroll.layer.LayerState;
import dev.unroll.layer.MatrixWeights;
import dev.unroll.network.Network;
import org.jspecify.annotations.Nullable;

/**
 * Computes the state that a layer of a decoder begins with from the last state of a layer of the
 * encoder, e = [a⟨T⟩, c⟨T⟩], of both ways where the layer reads both.
 *
 * <pre>{@code
 * s = e                          where both are layers of one kind and size that read forward
 * s = [tanh(Wa e + ba), Wc e + bc]   else
 * }</pre>
 *
 * <p>Parameters: {@code weight} [values of s][values of e] and {@code bias} [values of s].
 */
public final class Bridge {

  private final int outputs;
  private final int memory;
  private final int ways;
  private final int ofEncoder;
  private final @Nullable Slice weight;
  private final @Nullable Slice bias;

  /** Lays out the parameters, if there are any. */
  public Bridge(Network.Layer from, Network.Layer to, String prefix, Layout layout) {
    outputs = to.outputs();
    memory = memory(to);
    boolean alike =
        from.cell().family().equals(to.cell().family())
            && from.direction() == Direction.FORWARD
            && from.outputs() == outputs
            && memory(from) == memory;
    ways = from.direction() == Direction.FORWARD ? 1 : 2;
    int ofWay = from.projection() > 0 ? from.projection() : from.units();
    ofEncoder = ways * (ofWay + memory(from));
    weight = alike ? null : layout.matrix(prefix + "weight", outputs + memory, ofEncoder);
    bias = alike ? null : layout.vector(prefix + "bias", outputs + memory);
  }

  /** Returns the number of memory cells of a layer, one way. */
  private static int memory(Network.Layer layer) {
    return layer.cell().hasMemory() ? layer.units() : 0;
  }

  public void initialize(float[] parameters, Initialization initialization) {
    if (weight != null) {
      initialization.uniform(parameters, weight, Math.sqrt(3.0 / ofEncoder));
    }
  }

  public void packForward(float[] parameters, MatrixWeights w, Workers workers) {
    w.packForward(parameters, weight, workers);
  }

  public void packBackward(float[] parameters, MatrixWeights w, Workers workers) {
    w.packBackward(parameters, weight, workers);
  }

  /** What one batch leaves for the backward pass: e and s of each sequence, in rows. */
  public static final class Tape {
    private final PackedMatrix packed = new PackedMatrix();
    private int batch;
    private float[] ends = {};
    private float[] starts = {};

    /** Creates an empty tape. */
    public Tape() {}
  }

  /** Returns the state that {@code batch} sequences of the decoder begin with. */
  public LayerState forward(MatrixWeights w, LayerState end, int batch, Tape tape) {
    tape.batch = batch;
    if (weight == null || bias == null) {
      return end;
    }
    int width = outputs + memory;
    tape.ends = new float[batch * ofEncoder];
    tape.starts = new float[batch * width];
    move(end, batch, tape.ends, true);
    Matrix starts = Matrix.of(tape.starts, batch, width);
    Matrix ends = Matrix.of(tape.ends, batch, ofEncoder);
    Products.multiplyOnto(bias.of(w.values()), ends, w.forward(), starts, Workers.single());
    float[] a = new float[batch * outputs];
    float[] c = new float[batch * memory];
    for (int s = 0; s < batch; s++) {
      Functions.tanh(tape.starts, tape.starts, s * width, outputs);
      System.arraycopy(tape.starts, s * width, a, s * outputs, outputs);
      System.arraycopy(tape.starts, s * width + outputs, c, s * memory, memory);
    }
    return new LayerState(a, c);
  }

  /**
   * Copies the states of sequences, which lie one way after the other, into rows of one sequence
   * each, or back.
   */
  private void move(LayerState state, int batch, float[] rows, boolean forth) {
    int place = 0;
    for (float[] values : new float[][] {state.a(), state.c()}) {
      int width = values.length / Math.max(1, batch * ways);
      for (int way = 0; way < ways; way++) {
        for (int s = 0; s < batch; s++) {
          int own = (way * batch + s) * width;
          int row = s * ofEncoder + place;
          if (forth) {
            System.arraycopy(values, own, rows, row, width);
          } else {
            System.arraycopy(rows, row, values, own, width);
          }
        }
        place += width;
      }
    }
  }

  /**
   * Adds, from the gradient of the decoder's first state, that of the encoder's last one to {@code
   * dEnd}, and those of the parameters to {@code gradients}.
   */
  public void backward(
      MatrixWeights w, LayerState dStart, LayerState dEnd, Tape tape, float[] gradients) {
    if (weight == null || bias == null) {
      Rows.add(dStart.a(), 0, dEnd.a(), 0, dEnd.a().length);
      Rows.add(dStart.c(), 0, dEnd.c(), 0, dEnd.c().length);
      return;
    }
    int batch = tape.batch;
    int width = outputs + memory;
    float[] d = new float[batch * width];
    for (int s = 0; s < batch; s++) {
      for (int j = 0; j < outputs; j++) {
        float a = tape.starts[s * width + j];
        d[s * width + j] = dStart.a()[s * outputs + j] * Fma.fma(-a, a, 1f);
      }
      System.arraycopy(dStart.c(), s * memory, d, s * width + outputs, memory);
    }
    Matrix dRows = Matrix.of(d, batch, width);
    tape.packed.pack(Matrix.of(tape.ends, batch, ofEncoder), Workers.single());
    Products.multiplyAdd(dRows.transposed(), tape.packed, weight.of(gradients), Workers.single());
    Rows.addColumnSums(dRows, gradients, bias.offset(), Workers.single());
    float[] dEnds = new float[batch * ofEncoder];
    Matrix target = Matrix.of(dEnds, batch, ofEncoder);
    Products.multiply(dRows, w.backward(), target, Workers.single());
    var moved = new LayerState(new float[dEnd.a().length], new float[dEnd.c().length]);
    move(moved, batch, dEnds, false);
    Rows.add(moved.a(), 0, dEnd.a(), 0, dEnd.a().length);
    Rows.add(moved.c(), 0, dEnd.c(), 0, dEnd.c().length);
  }
}

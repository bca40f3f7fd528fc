package dev.unroll.stack;

import dev.unroll.base.Matrix;
import dev.unroll.layer.Attention;
import dev.unroll.layer.SteppedLayer;
import dev.unroll.layer.Steps;
import java.util.List;

/** What one batch of a {@link Decoder} leaves for the backward pass; reused by the next batch. */
public final class DecoderTape {
  final List<SteppedLayer.Tape> layers;
  final Attention.Memory memory = new Attention.Memory();
  final Attention.Tape attention = new Attention.Tape();
  Steps steps = Steps.of();
  int[] tokens = {};
  StackDropout.OfBatch drops;

  /** Of each layer its input; after the last, its output with what was added. */
  final List<Room> x;

  final List<Room> dx;
  final Room droppedOutputs = new Room();
  final Room dOutputs = new Room();

  /** o, and what is left of it for the head. */
  Matrix outputs = droppedOutputs.matrix();

  Matrix dropped = outputs;

  DecoderTape(List<SteppedLayer.Tape> layers, StackDropout dropout) {
    this.layers = layers;
    drops = dropout.ofBatch(steps, tokens, null);
    x = Room.of(layers.size() + 1);
    dx = Room.of(layers.size() + 1);
  }

  Matrix x(int layer) {
    return x.get(layer).matrix();
  }

  Matrix dx(int layer) {
    return dx.get(layer).matrix();
  }

  /** Returns what the head reads, [R][outputs]. */
  public Matrix output() {
    return dropped;
  }

  /** Returns where the gradient of {@link #output} is to be written, [R][outputs]. */
  public Matrix dOutput() {
    return dOutputs.matrix();
  }

  /** Returns how the steps attended to their sources. */
  public Attention.Tape attention() {
    return attention;
  }
}

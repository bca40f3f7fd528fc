package dev.unroll.stack;

import dev.unroll.base.InputException;
import dev.unroll.base.Matrix;
import dev.unroll.base.PoolingKind;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.batch.SignalBatch;
import dev.unroll.head.LinearHead;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Rows;
import dev.unroll.layer.Initialization;
import dev.unroll.layer.MatrixWeights;
import dev.unroll.layer.Noise;
import dev.unroll.layer.Pooling;
import dev.unroll.network.Network;
import dev.unroll.network.NetworkState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network that reads sequences of numbers, or of tokens: {@link RecurrentStack}, then of each
 * step, or of the last ones, a linear head, whose outputs the caller's loss takes. Built from its
 * description; weights and activations are arguments.
 */
public final class SignalNetwork extends ParameterizedNetwork<SignalNetwork.Weights> {

  private final SignalSpec description;
  private final int vocabulary;
  private final RecurrentStack encoder;
  private final @Nullable Pooling pooling;
  private final LinearHead head;

  /**
   * Builds the network.
   *
   * @param vocabulary number of tokens; 0 where the steps have only numbers
   */
  public SignalNetwork(SignalSpec description, int vocabulary) {
    this.description = description;
    this.vocabulary = vocabulary;
    Network network = description.network();
    try {
      encoder = new RecurrentStack(network, vocabulary, description.inputs(), "", layout);
      var direction = network.layers().getLast().direction();
      pooling =
          description.perStep()
              ? null
              : new Pooling(PoolingKind.LAST, encoder.outputs(), direction, layout);
      head = new LinearHead("head.", encoder.outputs(), description.outputs(), null, layout);
    } catch (ArithmeticException e) {
      throw new InputException(
          "the network would have more than 2³¹ parameters", "Choose smaller layers.");
    }
  }

  /** Returns the description it was built from. */
  public SignalSpec description() {
    return description;
  }

  /** Returns the number of tokens; 0 where the steps have only numbers. */
  int vocabulary() {
    return vocabulary;
  }

  @Override
  public boolean drops() {
    return !description.network().dropouts().none();
  }

  @Override
  public float[] initialize(long seed) {
    float[] parameters = new float[size()];
    var initialization = new Initialization(seed);
    encoder.initialize(parameters, initialization);
    initialization.uniform(parameters, head.weight(), Math.sqrt(1.0 / encoder.outputs()));
    return parameters;
  }

  /** Parameters in the kernel's layout, ready for use. */
  public static final class Weights {
    private final RecurrentStack.Weights encoder;
    private final MatrixWeights pooling;
    private final LinearHead.Weights head;

    private Weights(RecurrentStack.Weights encoder, Precision precision) {
      this.encoder = encoder;
      pooling = new MatrixWeights(precision);
      head = new LinearHead.Weights(precision);
    }
  }

  @Override
  public Weights newWeights(Precision precision) {
    return new Weights(encoder.newWeights(precision), precision);
  }

  @Override
  public void packForward(float[] parameters, Weights w, Workers workers) {
    encoder.packForward(parameters, w.encoder, workers);
    head.packForward(parameters, w.head, workers);
  }

  @Override
  public void packForTraining(
      float[] parameters, Weights w, @Nullable CounterRandom noise, Workers workers) {
    encoder.packForTraining(parameters, w.encoder, noise, workers);
    head.packForward(parameters, w.head, workers);
    head.packBackward(parameters, w.head, workers);
  }

  @Override
  public void dropGradients(
      Weights w, float[] gradients, @Nullable CounterRandom noise, Workers workers) {
    encoder.dropGradients(gradients, w.encoder, noise, workers);
  }

  /** The buffers of one user; they grow to the largest batch seen. */
  public static final class Buffers {
    private final RecurrentStack.Tape encoder;
    private final Pooling.Tape pooling = new Pooling.Tape();
    private final LinearHead.Buffers head = new LinearHead.Buffers();
    private float[] outputs = {};
    private float[] dPooled = {};

    private Buffers(RecurrentStack.Tape encoder) {
      this.encoder = encoder;
    }
  }

  /** Returns empty buffers; {@code trains} if {@link #lossAndGradient} will use them. */
  public Buffers newBuffers(boolean trains) {
    return new Buffers(encoder.newTape(trains));
  }

  private Matrix read(
      Weights w,
      SignalBatch batch,
      NetworkState start,
      @Nullable CounterRandom random,
      Buffers space,
      Workers workers) {
    int inputs = description.inputs();
    if (inputs > 0) {
      space.encoder.append(Matrix.of(batch.values(), batch.steps().rows(), inputs));
    }
    var noise = random == null ? null : new Noise(random, 0);
    encoder.forward(w.encoder, batch.steps(), batch.tokens(), start, noise, space.encoder, workers);
    Matrix a = space.encoder.output();
    return pooling == null
        ? a
        : pooling.forward(w.pooling, batch.steps(), a, space.pooling, workers);
  }

  private Matrix outputs(Weights w, Matrix a, Buffers space, Workers workers) {
    space.outputs = Rows.room(space.outputs, a.rows(), description.outputs());
    Matrix outputs = Matrix.of(space.outputs, a.rows(), description.outputs());
    head.logits(w.head, a, outputs, workers);
    return outputs;
  }

  /**
   * Returns the outputs, [R][outputs] of each step or [B][outputs] of each sequence: a view that
   * the next call overwrites.
   */
  public Matrix outputs(Weights w, SignalBatch batch, Buffers space, Workers workers) {
    return outputs(w, batch, startState(w, batch.steps().batch()), space, workers);
  }

  /**
   * Returns the outputs, as {@link #outputs(Weights, SignalBatch, Buffers, Workers)} does, of
   * sequences that continue where others ended.
   */
  public Matrix outputs(
      Weights w, SignalBatch batch, NetworkState start, Buffers space, Workers workers) {
    return outputs(w, read(w, batch, start, null, space, workers), space, workers);
  }

  /** Reads a batch and returns the outputs of a layer, from 0, [B][steps][width]. */
  public List<float[][]> layerOutputs(
      Weights w, SignalBatch batch, int layer, Buffers space, Workers workers) {
    read(w, batch, startState(w, batch.steps().batch()), null, space, workers);
    return encoder.outputs(space.encoder, layer);
  }

  /** Returns the state before the first step of {@code batch} sequences. */
  public NetworkState startState(Weights w, int batch) {
    return encoder.startState(w.encoder, batch);
  }

  /** Returns the state after the sequences that were read last. */
  public NetworkState endState(Buffers space) {
    return encoder.endState(space.encoder);
  }

  /** A loss of outputs. */
  @FunctionalInterface
  public interface Loss {
    /** Returns the sum of the losses, and replaces the outputs by the gradient. */
    double replaceByGradient(Matrix outputs);
  }

  /**
   * Computes the loss of a batch and adds its gradient to {@code gradients}.
   *
   * @param noise random numbers for dropout, or null for none
   */
  public double lossAndGradient(
      Weights w,
      SignalBatch batch,
      Loss loss,
      @Nullable CounterRandom noise,
      Buffers space,
      float[] gradients,
      Workers workers) {
    NetworkState start = startState(w, batch.steps().batch());
    Matrix a = read(w, batch, start, noise, space, workers);
    Matrix outputs = outputs(w, a, space, workers);
    double sum = loss.replaceByGradient(outputs);
    space.encoder.beginBackward();
    Matrix da = space.encoder.dOutput();
    if (pooling == null) {
      head.backward(w.head, space.head, a, outputs, da, gradients, workers);
    } else {
      space.dPooled = Rows.room(space.dPooled, a.rows(), a.columns());
      Matrix dPooled = Matrix.of(space.dPooled, a.rows(), a.columns());
      head.backward(w.head, space.head, a, outputs, dPooled, gradients, workers);
      pooling.backward(w.pooling, space.pooling, dPooled, da, gradients, workers);
    }
    NetworkState dStart = encoder.backward(w.encoder, space.encoder, null, gradients, workers);
    encoder.addStartGradient(dStart, gradients);
    return sum;
  }
}

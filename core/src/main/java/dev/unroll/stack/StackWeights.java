package dev.unroll.stack;

import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.layer.Dropout;
import dev.unroll.layer.LayerWeights;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The weights of all layers of a stack in the kernel's layout.
 *
 * @param <W> those of one layer
 */
abstract class StackWeights<W extends LayerWeights> {

  /** Of each layer, its weights. */
  final List<W> layers;

  /** The flat parameters that were packed last. */
  float[] values = {};

  StackWeights(List<W> layers) {
    this.layers = layers;
  }

  void packForward(float[] parameters, Workers workers) {
    values = parameters;
    layers.forEach(layer -> layer.packForward(parameters, workers));
  }

  void packBackward(float[] parameters, Workers workers) {
    layers.forEach(layer -> layer.packBackward(parameters, workers));
  }

  /** Packs for training; where recurrent weights are dropped, those that are left. */
  void packForTraining(
      float[] parameters, StackDropout dropout, @Nullable CounterRandom noise, Workers workers) {
    Dropout recurrent = dropout.ofWeights(noise);
    if (noise == null || recurrent == null) {
      packForward(parameters, workers);
      packBackward(parameters, workers);
      return;
    }
    values = parameters;
    for (int i = 0; i < layers.size(); i++) {
      CounterRandom own = noise.part(StackDropout.WEIGHTS + i);
      layers.get(i).packDropped(parameters, recurrent, own, workers);
    }
  }

  /** Drops the gradients of the weights that {@link #packForTraining} dropped. */
  void dropGradients(
      float[] gradients, StackDropout dropout, @Nullable CounterRandom noise, Workers workers) {
    Dropout recurrent = dropout.ofWeights(noise);
    for (int i = 0; noise != null && recurrent != null && i < layers.size(); i++) {
      CounterRandom own = noise.part(StackDropout.WEIGHTS + i);
      layers.get(i).dropGradients(gradients, recurrent, own, workers);
    }
  }
}

package dev.unroll.layer;

import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;

/**
 * The weights of a layer of a stack in the kernel's layout: packed once after each update and used
 * at every step of every sequence.
 */
public interface LayerWeights {

  /** Packs what forward needs from the flat parameters, which forward then also reads. */
  void packForward(float[] parameters, Workers workers);

  /** Packs what backward needs in addition. */
  void packBackward(float[] parameters, Workers workers);

  /**
   * Packs what forward and backward need, with some of the recurrent weights dropped; their
   * gradients must go through {@link #dropGradients} then.
   */
  void packDropped(float[] parameters, Dropout dropout, CounterRandom random, Workers workers);

  /** Drops the gradients of the recurrent weights that {@link #packDropped} dropped. */
  void dropGradients(float[] gradients, Dropout dropout, CounterRandom random, Workers workers);
}

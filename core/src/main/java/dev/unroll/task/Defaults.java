package dev.unroll.task;

import dev.unroll.base.Direction;
import dev.unroll.network.Network;
import dev.unroll.train.Preset;
import dev.unroll.train.Training;
import dev.unroll.train.optimizer.Adam;

/**
 * What a task takes where its user says nothing: the same from Java, on the command line and
 * everywhere else. Each task has one constant in its run.
 *
 * @param rate learning rate of Adam
 * @param dropout dropout at the input, between layers and at the output
 * @param wordDropout dropout of whole tokens
 * @param normalized whether there is layer normalization inside the cells
 * @param embedding width of a token's vector; 0 for the width of the first layer's output
 * @param direction which way the layers read
 * @param validationShare share of the data that chooses the best parameters
 */
public record Defaults(
    double rate,
    double dropout,
    double wordDropout,
    boolean normalized,
    int embedding,
    Direction direction,
    double validationShare) {

  /** Learning rate of Adam in most tasks. */
  public static final double RATE = 0.002;

  /** No whole tokens are dropped. */
  public Defaults(
      double rate,
      double dropout,
      boolean normalized,
      int embedding,
      Direction direction,
      double validationShare) {
    this(rate, dropout, 0, normalized, embedding, direction, validationShare);
  }

  /** Returns how a network is trained. */
  public Training training() {
    return Training.defaults().withOptimizer(new Adam(rate)).asUsual();
  }

  /** Returns the network: one layer of LSTM cells. */
  public Network network(Preset preset) {
    return of(Network.lstm(preset.units()));
  }

  /** Returns the same with another dropout. */
  public Defaults withDropout(double value) {
    return new Defaults(
        rate, value, wordDropout, normalized, embedding, direction, validationShare);
  }

  /** Returns the same with another dropout of whole tokens. */
  public Defaults withWordDropout(double value) {
    return new Defaults(rate, dropout, value, normalized, embedding, direction, validationShare);
  }

  /** Returns some layers with all else as usual in the task. */
  public Network of(Network layers) {
    return layers
        .withLayerNormalization(normalized)
        .withEmbedding(embedding)
        .withDirection(direction)
        .withDropout(dropout)
        .withWordDropout(wordDropout);
  }
}

package dev.unroll.train;

import dev.unroll.base.InputException;
import dev.unroll.base.Precision;
import dev.unroll.file.Numbers;
import java.util.Locale;
import java.util.Map;

/**
 * How batches are split into shards, and how the shards work together. This is part of a run, which
 * ends with the same bits wherever the shards are computed.
 *
 * @param shards number of shards of each batch
 * @param localSteps steps that each shard takes by itself before all are averaged; 0 if all shards
 *     take each step together
 * @param gradientPrecision how precisely shards send their gradients
 */
public record Sharding(int shards, int localSteps, Precision gradientPrecision) {

  /** One shard: batches are not split. */
  public static final Sharding NONE = new Sharding(1, 0, Precision.FLOAT32);

  /** Checks the numbers. */
  public Sharding {
    Numbers.checkCount("shards", shards, 1, 65_536);
    Numbers.checkCount("local-steps", localSteps, 0, 1_000_000);
    if (gradientPrecision == Precision.INT8) {
      throw new InputException(
          "gradients with 8 bits would lose too much",
          "Choose {gradient-precision bfloat16}, or leave it out.");
    }
  }

  /** Returns the same with another number of shards. */
  public Sharding withShards(int count) {
    return new Sharding(count, localSteps, gradientPrecision);
  }

  /**
   * Returns the same with local SGD (Stich 2019): each shard takes {@code count} steps by itself,
   * from the same parameters and moments; then both are averaged over the shards, so that machines
   * of a cluster communicate less often. Each shard clips its own gradients. A round of steps ends
   * early at the end of an epoch, and when a validation is due.
   */
  public Sharding withLocalSteps(int count) {
    return new Sharding(shards, count, gradientPrecision);
  }

  /**
   * Returns the same with gradients sent as {@link Precision#BFLOAT16}, in half the bytes. The
   * rounding error is added to the next gradient of the same shard; every sixteenth step sends full
   * precision.
   */
  public Sharding withGradientPrecision(Precision value) {
    return new Sharding(shards, localSteps, value);
  }

  /** Returns whether gradients are rounded before they are sent. */
  public boolean rounds() {
    return gradientPrecision != Precision.FLOAT32;
  }

  /** Describes what differs from {@link #NONE}. */
  void describe(Map<String, Object> map) {
    if (shards > 1) {
      map.put("shards", (long) shards);
    }
    if (localSteps > 0) {
      map.put("local steps", (long) localSteps);
    }
    if (rounds()) {
      map.put("gradient precision", gradientPrecision.label());
    }
  }

  /**
   * Refuses settings that contradict each other, or the batches.
   *
   * @param batch sequences of a batch
   */
  public void check(int batch) {
    if (shards > batch) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "there are %d shards for batches of %d sequences, so some would have none",
              shards,
              batch),
          String.format(
              Locale.ROOT, "Choose {shards %d} or fewer, or {batch %d} or more.", batch, shards));
    }
    if (shards == 1 && (rounds() || localSteps > 0)) {
      throw new InputException(
          localSteps > 0
              ? "there are no shards that could make steps of their own"
              : "batches are not cut into shards, so no gradient is sent",
          "Cut each batch: {shards 4}.");
    }
    if (rounds() && localSteps > 0) {
      throw new InputException(
          "shards that make steps of their own send parameters, not gradients",
          "Leave {local-steps} or {gradient-precision} out.");
    }
  }
}

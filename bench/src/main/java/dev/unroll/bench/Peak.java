package dev.unroll.bench;

import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The peak rate of multiply-adds of this machine: chains in registers, without memory access.
 * Twelve chains hide the latency of two units.
 */
public final class Peak {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /** About 70 ms: enough time for the system to give each thread its own core. */
  private static final int TURNS = 40_000_000;

  private static final int ROUNDS = 8;

  private Peak() {}

  /** Returns the best of several rounds on {@code threads} threads at once, in GFLOP/s. */
  public static double gigaflops(int threads) throws InterruptedException {
    double best = 0;
    float[] kept = new float[threads]; // so that nothing is optimized away
    for (int round = 0; round < ROUNDS; round++) {
      List<Thread> team = new ArrayList<>();
      long before = System.nanoTime();
      for (int i = 0; i < threads; i++) {
        int own = i;
        team.add(Thread.ofPlatform().start(() -> kept[own] += chains(TURNS, 1e-9f)));
      }
      for (Thread thread : team) {
        thread.join();
      }
      double operations = 2.0 * 12 * SPECIES.length() * TURNS * threads;
      best = Math.max(best, operations / (System.nanoTime() - before));
    }
    return kept[0] > 1e30 ? Double.NaN : best;
  }

  private static float chains(int turns, float factor) {
    var a = FloatVector.broadcast(SPECIES, factor);
    var c0 = FloatVector.broadcast(SPECIES, 0f);
    var c1 = c0;
    var c2 = FloatVector.broadcast(SPECIES, 2f);
    var c3 = FloatVector.broadcast(SPECIES, 3f);
    var c4 = FloatVector.broadcast(SPECIES, 4f);
    var c5 = FloatVector.broadcast(SPECIES, 5f);
    var c6 = FloatVector.broadcast(SPECIES, 6f);
    var c7 = FloatVector.broadcast(SPECIES, 7f);
    var c8 = FloatVector.broadcast(SPECIES, 8f);
    var c9 = FloatVector.broadcast(SPECIES, 9f);
    var c10 = FloatVector.broadcast(SPECIES, 10f);
    var c11 = FloatVector.broadcast(SPECIES, 11f);
    c1 = c1.add(1f);
    for (int i = 0; i < turns; i++) {
      c0 = a.fma(a, c0);
      c1 = a.fma(a, c1);
      c2 = a.fma(a, c2);
      c3 = a.fma(a, c3);
      c4 = a.fma(a, c4);
      c5 = a.fma(a, c5);
      c6 = a.fma(a, c6);
      c7 = a.fma(a, c7);
      c8 = a.fma(a, c8);
      c9 = a.fma(a, c9);
      c10 = a.fma(a, c10);
      c11 = a.fma(a, c11);
    }
    var all = c0.add(c1).add(c2).add(c3).add(c4).add(c5);
    return all.add(c6).add(c7).add(c8).add(c9).add(c10).add(c11).lane(0);
  }
}

package dev.unroll.kernel;

import java.util.Arrays;

/**
 * Steps of Adam that some parameters have missed because their gradients were zeros. They are made
 * up for with the bits of one step after the other, many at a time, while a few parameters and
 * their moments stay in registers:
 *
 * <pre>{@code
 * m ← β1·m    v ← β2·v    θ ← θ - size·m / (√v·root + ε)
 * }</pre>
 *
 * <p>After a hundred steps or so a parameter rests: what is subtracted is so little that it rounds
 * to nothing, and that of the steps to come is less still, since m fades faster than √v. From then
 * on only the moments decay, which takes a tenth of the time.
 */
public final class MissedAdamSteps {

  /** Parameters at a time. */
  static final int GROUP = Kernels.VECTOR ? VectorMissedAdamSteps.GROUP : 64;

  /** Steps between two looks at whether parameters rest. */
  private static final int BLOCK = 16;

  /**
   * Where no more than this share of a float is subtracted, it stays: half of the distance to its
   * nearest neighbor is at least twice as much.
   */
  private static final float ROUNDED_AWAY = 0x1p-26f;

  /** A margin for the roundings of some thousand steps, and of the comparison itself. */
  private static final double MARGIN = 1.01;

  private final float beta1;
  private final float beta2;
  private final float epsilon;
  private final float[] m;
  private final float[] v;

  /** Whether first moments fade fast enough for parameters to rest. */
  private final boolean mayRest;

  private VectorMissedAdamSteps.Steps steps;
  private int count;
  private float greatestSize;

  /** The steps before which faded moments are set to zero, ascending. */
  private int[] drops = new int[8];

  private int dropCount;

  /**
   * Begins without any step.
   *
   * @param m first moments of all parameters
   * @param v second moments
   */
  public MissedAdamSteps(float beta1, float beta2, float epsilon, float[] m, float[] v) {
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.m = m;
    this.v = v;
    steps = steps(new float[64], new float[64]);
    mayRest = beta1 <= 0.999 * StrictMath.sqrt(beta2) && epsilon >= 1e-12f;
  }

  private VectorMissedAdamSteps.Steps steps(float[] sizes, float[] roots) {
    return new VectorMissedAdamSteps.Steps(beta1, beta2, epsilon, sizes, roots);
  }

  /** Returns the steps. */
  VectorMissedAdamSteps.Steps steps() {
    return steps;
  }

  /** Returns the number of steps. */
  public int count() {
    return count;
  }

  /**
   * Adds a step.
   *
   * @param size the rate, corrected as m is
   * @param root what √v is multiplied with, at least 1
   * @param drops whether moments that are no normal numbers any more are first set to zero
   */
  public void add(float size, float root, boolean drops) {
    if (count == steps.sizes().length) {
      steps =
          steps(Arrays.copyOf(steps.sizes(), 2 * count), Arrays.copyOf(steps.roots(), 2 * count));
    }
    if (drops) {
      if (dropCount == this.drops.length) {
        this.drops = Arrays.copyOf(this.drops, 2 * dropCount);
      }
      this.drops[dropCount++] = count;
    }
    steps.sizes()[count] = size;
    steps.roots()[count++] = root;
    greatestSize = Math.max(greatestSize, size);
  }

  /** Forgets the steps. */
  public void clear() {
    count = 0;
    dropCount = 0;
    greatestSize = 0;
  }

  /**
   * Makes the steps from number {@code next} on, counted from 0, on the parameters from {@code
   * from} up to {@code to}.
   */
  public void catchUp(int next, float[] parameters, int from, int to) {
    var scratch = Scratch.borrow();
    float[] group = scratch.sums(3 * GROUP);
    for (int at = from; at < to; at += GROUP) {
      int size = Math.min(GROUP, to - at);
      if (areZeros(m, at, at + size) && areZeros(v, at, at + size)) {
        continue;
      }
      load(parameters, at, size, group, 0);
      load(m, at, size, group, GROUP);
      load(v, at, size, group, 2 * GROUP);
      catchUp(next, group);
      System.arraycopy(group, 0, parameters, at, size);
      System.arraycopy(group, GROUP, m, at, size);
      System.arraycopy(group, 2 * GROUP, v, at, size);
    }
    scratch.giveBack();
  }

  /** Copies elements; what is left of a group is filled up with zeros, which rest. */
  private static void load(float[] source, int from, int size, float[] group, int at) {
    System.arraycopy(source, from, group, at, size);
    Arrays.fill(group, at + size, at + GROUP, 0f);
  }

  /** Makes the steps on a group: its parameters, their first and their second moments. */
  void catchUp(int next, float[] group) {
    int drop = Arrays.binarySearch(drops, 0, dropCount, next);
    drop = drop < 0 ? -drop - 1 : drop;
    boolean rest = false;
    int step = next;
    while (step < count) {
      if (drop < dropCount && drops[drop] == step) {
        dropFaded(group);
        drop++;
        if (areZeros(group, GROUP, 3 * GROUP)) {
          return;
        }
      }
      int end = drop < dropCount ? drops[drop] : count;
      int reached = rest ? step : changeUntilRest(group, step, end);
      rest = reached < end;
      fade(group, end - reached);
      step = end;
    }
  }

  private static void dropFaded(float[] group) {
    for (int i = GROUP; i < 3 * GROUP; i++) {
      if (Math.abs(group[i]) < Float.MIN_NORMAL) {
        group[i] = 0f;
      }
    }
  }

  /** Returns whether elements are zeros, none of them negative. */
  private static boolean areZeros(float[] x, int from, int to) {
    int bits = 0;
    for (int i = from; i < to; i++) {
      bits |= Float.floatToRawIntBits(x[i]);
    }
    return bits == 0;
  }

  /**
   * Makes steps up to {@code end} or until all parameters rest, and returns how far it came: less
   * than {@code end} only if they rest.
   */
  private int changeUntilRest(float[] group, int next, int end) {
    float share = restingShare();
    int step = next;
    boolean rest = false;
    while (step < end && !rest) {
      int stop = Math.min(end, step + BLOCK);
      change(group, step, stop);
      step = stop;
      rest = step < end && rest(group, share);
    }
    return step;
  }

  /** Makes some steps. */
  private void change(float[] group, int next, int end) {
    if (Kernels.vector()) {
      VectorMissedAdamSteps.change(steps, group, next, end);
    } else {
      changeScalar(group, next, end);
    }
  }

  /** The twin of {@link VectorMissedAdamSteps#change}. */
  void changeScalar(float[] group, int next, int end) {
    for (int step = next; step < end; step++) {
      float size = steps.sizes()[step];
      float root = steps.roots()[step];
      for (int i = 0; i < GROUP; i++) {
        float first = Fma.fma(beta1, group[GROUP + i], 0f);
        float second = Fma.fma(beta2, group[2 * GROUP + i], 0f);
        float divisor = Fma.fma((float) Math.sqrt(second), root, epsilon);
        group[i] = group[i] - size * first / divisor;
        group[GROUP + i] = first;
        group[2 * GROUP + i] = second;
      }
    }
  }

  /**
   * Returns r such that a parameter rests whose {@code |m| < r·|θ|·(√v + ε)}; less than 0 for none.
   */
  float restingShare() {
    boolean known = mayRest && greatestSize > 0 && greatestSize <= 1e14 * epsilon;
    return known ? (float) (ROUNDED_AWAY / (MARGIN * greatestSize)) : -1f;
  }

  /** Returns whether no step of those to come can change a parameter of a group. */
  private boolean rest(float[] group, float share) {
    return Kernels.vector()
        ? VectorMissedAdamSteps.rest(steps, group, share)
        : restScalar(group, share);
  }

  /** The twin of {@link VectorMissedAdamSteps#rest}. */
  boolean restScalar(float[] group, float share) {
    boolean rest = true;
    for (int i = 0; i < GROUP; i++) {
      float parameter = Math.abs(group[i]);
      float first = Math.abs(group[GROUP + i]);
      float bound = share * parameter * ((float) Math.sqrt(group[2 * GROUP + i]) + epsilon);
      rest &= first == 0 || (parameter >= VectorMissedAdamSteps.LEAST && first < bound);
    }
    return rest;
  }

  /** Lets the moments decay so many times. */
  private void fade(float[] group, int times) {
    if (Kernels.vector()) {
      VectorMissedAdamSteps.fade(steps, group, times);
    } else {
      fadeScalar(group, times);
    }
  }

  /** The twin of {@link VectorMissedAdamSteps#fade}. */
  void fadeScalar(float[] group, int times) {
    for (int i = GROUP; i < 2 * GROUP; i++) {
      float first = group[i];
      float second = group[GROUP + i];
      for (int time = 0; time < times; time++) {
        first = Fma.fma(beta1, first, 0f);
        second = Fma.fma(beta2, second, 0f);
      }
      group[i] = first;
      group[GROUP + i] = second;
    }
  }
}

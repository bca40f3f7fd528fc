package dev.unroll.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The vector kernels of {@link MissedAdamSteps} against their scalar twins, by bits. */
class MissedAdamStepsTest {

  private static final int GROUP = MissedAdamSteps.GROUP;

  /** Parameters and moments as they are some steps after a gradient. */
  private static float[] group(int size, long seed) {
    float[] group = KernelTwinsTest.numbers(3 * GROUP, seed);
    for (int i = 0; i < GROUP; i++) {
      if (i >= size) {
        group[i] = 0f;
        group[GROUP + i] = 0f;
      }
      float second = i < size ? group[2 * GROUP + i] : 0f;
      group[2 * GROUP + i] = second * second;
    }
    return group;
  }

  private static MissedAdamSteps steps(int count, float rate) {
    var steps = new MissedAdamSteps(0.9f, 0.999f, 1e-8f, new float[0], new float[0]);
    for (int i = 0; i < count; i++) {
      steps.add(rate / (1 + i % 7), 1 + 1f / (1 + i), i % 64 == 13);
    }
    return steps;
  }

  @Property(tries = 200)
  void twinsAgree(
      @ForAll @IntRange(min = 0, max = 300) int count,
      @ForAll @IntRange(min = 0, max = 64) int size,
      @ForAll long seed) {
    var steps = steps(count, 0.01f);
    float[] fast = group(size, seed);
    float[] slow = fast.clone();
    float share = steps.restingShare();
    VectorMissedAdamSteps.change(steps.steps(), fast, count / 3, count);
    steps.changeScalar(slow, count / 3, count);
    assertThat(Arrays.equals(fast, slow)).isTrue();
    assertThat(VectorMissedAdamSteps.rest(steps.steps(), fast, share))
        .isEqualTo(steps.restScalar(slow, share));
    VectorMissedAdamSteps.fade(steps.steps(), fast, count);
    steps.fadeScalar(slow, count);
    assertThat(Arrays.equals(fast, slow)).isTrue();
  }

  /** Without this no test would notice that steps are made one by one. */
  @Property(tries = 50)
  void parametersRestAfterSomeHundredSteps(@ForAll long seed) {
    var steps = steps(400, 0.001f);
    float[] group = new float[3 * GROUP];
    for (int i = 0; i < GROUP; i++) {
      group[i] = 0.1f + i * 1e-3f;
      group[GROUP + i] = (seed + i) % 3 - 1f;
      group[2 * GROUP + i] = 0.1f;
    }
    float share = steps.restingShare();
    assertThat(steps.restScalar(group, share)).isFalse();
    steps.changeScalar(group, 0, 400);
    float[] rested = group.clone();
    assertThat(steps.restScalar(group, share)).isTrue();
    steps.changeScalar(group, 0, 400);
    assertThat(Arrays.copyOf(group, GROUP)).isEqualTo(Arrays.copyOf(rested, GROUP));
  }
}

package dev.unroll.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LengthBatchesTest {

  @Property
  void answersHaveTheOrderOfTheSequences(
      @ForAll @Size(max = 40) List<@IntRange(max = 9) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 7) int together,
      @ForAll @IntRange(min = 1, max = 30) int mostSteps) {
    var batches = new ArrayList<int[]>();
    List<Integer> answers =
        new LengthBatches(together, mostSteps)
            .map(
                lengths.size(),
                lengths::get,
                batch -> {
                  batches.add(batch);
                  return Arrays.stream(batch).boxed().toList();
                });
    assertThat(answers).hasSameSizeAs(lengths);
    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.get(i)).isEqualTo(i);
    }
    for (int[] batch : batches) {
      int longest = lengths.get(batch[batch.length - 1]);
      assertThat(batch.length).isBetween(1, together);
      assertThat(batch.length == 1 || batch.length * longest <= mostSteps).isTrue();
      assertThat(Arrays.stream(batch).map(lengths::get).max().orElseThrow()).isEqualTo(longest);
    }
  }
}

package dev.unroll.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.kernel.Layout;
import dev.unroll.network.Network;
import dev.unroll.store.ModelFile;
import dev.unroll.store.WarmStart;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.task.lm.LanguageModelRun;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmStartTest {

  private static final Training OPTIONS =
      Training.defaults().withEpochs(2).withBatch(4, 8).withThreads(2);

  private static LanguageModelRun run(Training options) {
    return LanguageModelRun.of(TinyText.sample(), 0.1, Network.gru(6, 6), options);
  }

  private static WarmStart start(ModelFile<LanguageModelFields> model) {
    return new WarmStart(model.fingerprint(), model.fields().layout().slices(), model.parameters());
  }

  @Test
  void trainingBeginsWithTheParametersOfTheModel() {
    var first = run(OPTIONS).run(TrainingListener.NONE);
    var all =
        OPTIONS
            .withStart(start(first))
            .withLayerRates(List.of(LayerRate.frozen("embedding"), LayerRate.frozen("layers")))
            .withSeed(7);
    var second = run(all).run(TrainingListener.NONE);
    int changed = 0;
    for (var slice : first.fields().layout().slices()) {
      boolean head = slice.name().startsWith("head");
      for (int i = slice.offset(); i < slice.offset() + slice.size(); i++) {
        boolean same = first.parameters()[i] == second.parameters()[i];
        changed += same ? 0 : 1;
        assertThat(same || head).as(slice.name()).isTrue();
      }
    }
    assertThat(changed).isPositive();
    assertThat(second.provenance().option("from")).isEqualTo(first.fingerprint());
  }

  @Test
  void aFactorOfOneChangesNoBit() {
    var plain = run(OPTIONS).run(TrainingListener.NONE);
    var rates = List.of(new LayerRate("layers.1", 1, 0));
    var same = run(OPTIONS.withLayerRates(rates)).run(TrainingListener.NONE);
    assertThat(same.parameters()).isEqualTo(plain.parameters());
    var other = List.of(new LayerRate("layers.1", 0.5, 1));
    assertThat(run(OPTIONS.withLayerRates(other)).run(TrainingListener.NONE).parameters())
        .isNotEqualTo(plain.parameters());
  }

  @Test
  void aLayerThatIsNotThereIsRefused() {
    var run = run(OPTIONS.withLayerRates(List.of(LayerRate.frozen("layers.7"))));
    assertThatThrownBy(() -> run.run(TrainingListener.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no layer layers.7");
  }

  @Test
  void oldRowsAndColumnsStayWhereNewOnesCome() {
    var old = new Layout();
    old.matrix("table", 2, 3);
    var larger = new Layout();
    larger.vector("before", 1);
    larger.matrix("table", 3, 4);
    float[] values = new float[13];
    new WarmStart("hash", old.slices(), new float[] {1, 2, 3, 4, 5, 6})
        .copyTo(larger.slices(), values);
    assertThat(values).containsExactly(0, 1, 2, 3, 0, 4, 5, 6, 0, 0, 0, 0, 0);
  }

  @Test
  void anotherNetworkIsRefused() {
    var old = new Layout();
    old.matrix("table", 2, 3);
    var smaller = new Layout();
    smaller.matrix("table", 2, 2);
    var start = new WarmStart("hash", old.slices(), new float[6]);
    assertThatThrownBy(() -> start.copyTo(smaller.slices(), new float[4]))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("its table is 2 × 3, 2 × 2 in the network");
    assertThatThrownBy(() -> start.copyTo(List.of(), new float[0]))
        .hasMessageContaining("which the network does not have");
  }
}

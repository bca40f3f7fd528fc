package dev.unroll.store;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.unroll.base.InputException;
import dev.unroll.base.Precision;
import dev.unroll.data.Provenance;
import dev.unroll.kernel.Layout;
import dev.unroll.model.Classifier;
import dev.unroll.model.Forecaster;
import dev.unroll.model.LabelModel;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Recognizer;
import dev.unroll.model.Tagger;
import dev.unroll.model.Transducer;
import dev.unroll.result.Model;
import dev.unroll.stack.ParameterizedNetwork;
import dev.unroll.task.Run;
import dev.unroll.tasks.Tasks;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {

  @TempDir Path folder;

  private int built;

  private final ModelCodec<Counted> codec = new ModelCodec<>("count", file -> build());

  /** A task whose network is a matrix. */
  private record Counted(Layout layout) implements ModelFields {

    @Override
    public String task() {
      return "count";
    }

    @Override
    public Map<String, Object> toJson() {
      return Map.of("rows", 3L);
    }

    @Override
    public Map<String, Object> tokenizerJson() {
      return Map.of();
    }
  }

  private Counted build() {
    built++;
    var layout = new Layout();
    layout.matrix("some.weight", 3, 5);
    return new Counted(layout);
  }

  @Test
  void openingBuildsTheNetworkOnceAndSavingNotAtAll() {
    Path file = folder.resolve("m.safetensors");
    var model = new ModelFile<>(build(), new float[15], Provenance.NONE);
    built = 0;
    model.withPrecision(Precision.INT8).write(file);
    assertThat(built).as("saved").isZero();
    assertThat(ModelFile.read(file, codec).precision()).isEqualTo(Precision.INT8);
    assertThat(built).as("opened").isEqualTo(1);
  }

  /** What is read and written of each task goes through its fields, which hold the network. */
  @Test
  void noModelBuildsANetworkItself() {
    noClasses()
        .should()
        .callConstructorWhere(target(owner(assignableTo(ParameterizedNetwork.class))))
        .check(
            new ClassFileImporter()
                .importClasses(
                    Tasks.class,
                    Task.class,
                    Run.class,
                    Model.class,
                    ModelFile.class,
                    LanguageModel.class,
                    LabelModel.class,
                    Classifier.class,
                    Tagger.class,
                    Transducer.class,
                    Recognizer.class,
                    Forecaster.class));
  }

  @Test
  void aFileOfAnotherTaskIsRefusedByItsTask() {
    Path file = folder.resolve("m.safetensors");
    new ModelFile<>(build(), new float[15], Provenance.NONE).write(file);
    assertThat(ModelFile.task(file)).isEqualTo("count");
    assertThatThrownBy(() -> LanguageModel.open(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("a model of the task count, not of language-model");
    assertThatThrownBy(() -> Tasks.open(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("a model of the task count");
  }
}

package dev.unroll.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.file.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProvenanceTest {

  private static final Provenance.Part PART = new Provenance.Part("sha256:a", Map.of("Pairs", 9L));

  private static Provenance of(Provenance.Request request, Provenance.Outcome outcome) {
    var reading = Map.<String, Object>of("targetColumn", "2", "sourceColumn", "1");
    return Provenance.of(new Provenance.Data(PART, PART, reading), request, outcome);
  }

  /** The order of version 0.2.0: models of equal runs are equal, byte for byte. */
  @Test
  void theKeysHaveTheOrderOfFiles() {
    var details = new LinkedHashMap<String, Object>();
    details.put("scheduledSampling", 0.5);
    var made =
        of(
            new Provenance.Request(1, Map.of("epochs", 2L), details, true, List.of("--units", "8")),
            new Provenance.Outcome("sha256:r", false, 7, 1.5, 0.25));
    assertThat(Json.write(made.json()))
        .isEqualTo(
            "{\"version\":\"%s\",\"training\":\"sha256:a\",\"trainingPairs\":9,"
                    .formatted(Provenance.VERSION)
                + "\"validation\":\"sha256:a\",\"validationPairs\":9,"
                + "\"sourceColumn\":\"1\",\"targetColumn\":\"2\",\"seed\":1,"
                + "\"options\":{\"epochs\":2},\"scheduledSampling\":0.5,\"ownValidation\":true,"
                + "\"command\":[\"--units\",\"8\"],\"run\":\"sha256:r\",\"unfinished\":true,"
                + "\"steps\":7,\"validationLoss\":1.5,\"validationMeasure\":0.25}");
    assertThat(made.unfinished()).isTrue();
    assertThat(made.hasOwnValidation()).isTrue();
    assertThat(made.command()).containsExactly("--units", "8");
    assertThat(made.validationMeasure()).isEqualTo(0.25);
  }

  @Test
  void whatIsNotThereIsNotWritten() {
    var made =
        of(
            new Provenance.Request(1, Map.of(), Map.of(), null, List.of()),
            new Provenance.Outcome("sha256:r", true, 7, 1.5, null));
    assertThat(made.json())
        .doesNotContainKeys("ownValidation", "command", "unfinished", "validationMeasure");
    assertThat(made.command()).isNull();
    assertThat(made.unfinished()).isFalse();
    assertThat(made.validationMeasure()).isNaN();
  }

  /** Files of 0.1.0 have the options as one text, and no run. */
  @Test
  void whatAnotherVersionKnewIsKept() {
    var json = new LinkedHashMap<String, Object>();
    json.put("version", "0.1.0");
    json.put("training", "sha256:a sentences 0-57");
    json.put("options", "Training[optimizer=Sgd[rate=1.0, momentum=0.5], epochs=1]");
    json.put("later", List.of(1L));
    var old = new Provenance(json);
    assertThat(Json.write(old.json())).isEqualTo(Json.write(json));
    assertThat(old.version()).isEqualTo("0.1.0");
    assertThat(old.option("epochs")).isNull();
    assertThat(old.run()).isEmpty();
    assertThat(old.hasOwnValidation()).isFalse();
  }
}

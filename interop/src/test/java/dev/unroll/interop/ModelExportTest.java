package dev.unroll.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.data.Provenance;
import dev.unroll.data.Reading;
import dev.unroll.interop.onnx.OnnxModel;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Transducer;
import dev.unroll.network.Network;
import dev.unroll.store.ModelFile;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.task.transduce.TransducerFields;
import dev.unroll.task.transduce.TransducerSpec;
import dev.unroll.text.WordLexicon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files an export leaves, and what they say of the model. */
class ModelExportTest {

  private static final WordLexicon TOKENS = NumberTokens.of(6);

  @TempDir Path folder;

  private static LanguageModel language(UnaryOperator<float[]> change) {
    var network = new LanguageNetwork(Network.lstm(4), TOKENS.size(), null);
    var fields = new LanguageModelFields(network, TOKENS, Reading.SENTENCES);
    float[] parameters = change.apply(network.initialize(1));
    return new LanguageModel(new ModelFile<>(fields, parameters, new Provenance(Map.of())));
  }

  private List<String> left() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFileSaysWhatTheModelIs() throws IOException {
    LanguageModel model = language(values -> values);
    Path file = folder.resolve("m.onnx");
    Files.writeString(file, "an older file");
    var written = ModelExport.of(model).opset(13).streaming(true).write(file);
    assertThat(left()).containsExactly("m.onnx");
    assertThat(written.files()).containsExactly(file);
    assertThat(written.compared()).isPositive();
    assertThat(written.difference()).isLessThan(1e-6);
    Map<String, String> says = OnnxModel.open(file).metadata();
    assertThat(says)
        .containsEntry("task", "lm")
        .containsEntry("form", "streaming")
        .containsEntry("vocabulary", "[\"<UNK>\",\"<EOS>\",\"2\",\"3\",\"4\",\"5\"]")
        .containsEntry("hash", model.fingerprint())
        .containsEntry("unroll_version", Provenance.VERSION)
        .containsEntry("first_token", "-1")
        .containsEntry("end_token", "1");
    assertThat(says.get("description")).contains("\"units\":4");
    assertThat(says.get("tokenizer")).contains("\"unit\":\"tokens\"");
  }

  @Test
  void anEncoderDecoderIsTwoFiles() throws IOException {
    var spec = TransducerSpec.of(Network.gru(3), Network.gru(3), "additive", true);
    var fields = TransducerFields.of(spec, TOKENS, TOKENS);
    float[] parameters = fields.network().initialize(1);
    var model = new Transducer(new ModelFile<>(fields, parameters, new Provenance(Map.of())));
    var export = ModelExport.of(model);
    Path file = folder.resolve("m.onnx");
    assertThat(export.write(file).files()).isEqualTo(export.files(file));
    assertThat(left()).containsExactly("m.encode.onnx", "m.step.onnx");
  }

  @Test
  void ofWhatDoesNotAnswerAsTheModelNoFileIsLeft() throws IOException {
    LanguageModel damaged =
        language(
            values -> {
              Arrays.fill(values, Float.NaN);
              return values;
            });
    assertThatThrownBy(() -> ModelExport.of(damaged).write(folder.resolve("m.onnx")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("nothing can be compared");
    assertThat(left()).isEmpty();
  }

  @Test
  void anUnknownOpsetIsRefused() throws IOException {
    ModelExport export = ModelExport.of(language(values -> values)).opset(25);
    assertThatThrownBy(() -> export.write(folder.resolve("m.onnx")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("opset is 25");
    assertThat(left()).isEmpty();
  }
}

package dev.unroll.interop.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.base.PoolingKind;
import dev.unroll.cell.Cell;
import dev.unroll.data.Provenance;
import dev.unroll.data.Reading;
import dev.unroll.interop.ModelImport;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.kernel.Layout;
import dev.unroll.model.Classifier;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Tagger;
import dev.unroll.network.Cells;
import dev.unroll.network.Network;
import dev.unroll.result.Model;
import dev.unroll.store.ModelFile;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.label.LabelNetwork;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.Labels;
import dev.unroll.task.label.Ngrams;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.text.Segmentation;
import dev.unroll.text.VocabularyTokenizer;
import dev.unroll.text.WordLexicon;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written for PyTorch builds there, and gives the same numbers. */
class TorchExportTest {

  private static final Path PYTHON = Path.of("/usr/bin/python3");
  private static final Segmentation TOKENS = Segmentation.of(Segmentation.Unit.TOKENS);
  private static final List<String> VOCABULARY = List.of("a", "b", "c", "d", "\n");

  @TempDir Path folder;

  /** Weights of a trained network are no small ones, and its biases not zero. */
  private static float[] random(Layout layout) {
    var random = new Random(5);
    var values = new float[layout.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1.6f * random.nextFloat() - 0.8f;
    }
    return values;
  }

  private static LanguageModel languageModel(Network network, Reading reading) {
    var built = new LanguageNetwork(network, 7);
    var fields =
        new LanguageModelFields(built, new VocabularyTokenizer(TOKENS, VOCABULARY), reading);
    return new LanguageModel(new ModelFile<>(fields, random(built.layout()), Provenance.NONE));
  }

  private static ModelFile<LabelFields> labels(Network network, LabelSpec.Output output) {
    var built = new LabelNetwork(new LabelSpec(network, null, output), 7, 0);
    var labels = new Labels(List.of("x", "y", "z"), List.of(), List.of(), Map.of());
    var fields = new LabelFields(built, WordLexicon.of(TOKENS, VOCABULARY), labels);
    return new ModelFile<>(fields, random(built.layout()), Provenance.NONE);
  }

  /** Counts some tokens, all pairs, a text of one token, and one that no text can have. */
  private static Classifier counting(Network network, PoolingKind pooling) {
    var ngrams = new ArrayList<>(List.of("c", "", "b", "e", "\u001fa\u001f", "a\u001f\n\u001fd"));
    var ends = List.of("", "a", "b", "c", "d", "\n", "<UNK>");
    for (String first : ends) {
      ends.forEach(second -> ngrams.add(first + "\u001f" + second));
    }
    var output = new LabelSpec.PerSequence(3, pooling, false, ngrams.size());
    LabelFields fields = labels(network, output).fields();
    var counting =
        new LabelFields(fields.network(), fields.lexicon(), fields.labels(), new Ngrams(3, ngrams));
    return new Classifier(new ModelFile<>(counting, random(counting.layout()), Provenance.NONE));
  }

  private static Classifier classifier(Network network, PoolingKind pooling, boolean several) {
    return new Classifier(labels(network, new LabelSpec.PerSequence(3, pooling, several)));
  }

  private static Network of(Cell cell, Direction direction, int... units) {
    return Network.of(cell, units).withEmbedding(4).withDirection(direction);
  }

  static Stream<Model> models() {
    var both = Direction.BOTH;
    return Stream.of(
        languageModel(of(Cells.LSTM, Direction.FORWARD, 5, 6), Reading.SENTENCES),
        languageModel(of(Cells.LSTM, Direction.FORWARD, 5, 4).withTied(true), Reading.STREAM),
        languageModel(of(Cells.LSTM, Direction.FORWARD, 5).withProjection(3), Reading.STREAM),
        languageModel(of(Cells.GRU, Direction.FORWARD, 5), Reading.SENTENCES),
        languageModel(of(Cells.GRU_RESET_AFTER, Direction.FORWARD, 5), Reading.STREAM),
        languageModel(of(Cells.RNN_RELU, Direction.FORWARD, 3), Reading.STREAM),
        languageModel(
            of(Cells.LSTM_PEEPHOLES_AFTER, Direction.FORWARD, 5).withProjection(2),
            Reading.SENTENCES),
        classifier(of(Cells.LSTM, both, 5, 4), PoolingKind.LAST, false),
        classifier(of(Cells.GRU, both, 5, 4), PoolingKind.LAST, true),
        classifier(of(Cells.GRU_RESET_AFTER, Direction.SUM, 5), PoolingKind.MEAN, false),
        classifier(of(Cells.LSTM_PEEPHOLES_BEFORE, both, 5), PoolingKind.MAX, false),
        classifier(of(Cells.RNN_TANH, Direction.FORWARD, 5), PoolingKind.LAST, false),
        counting(of(Cells.LSTM, both, 5), PoolingKind.MAX),
        counting(of(Cells.GRU, Direction.FORWARD, 5), PoolingKind.LAST),
        new Tagger(labels(of(Cells.LSTM, both, 5), new LabelSpec.PerStep(3, false))));
  }

  /** One process for all: it takes seconds to load torch. */
  @Test
  void pythonFindsTheSameNumbers() throws Exception {
    List<Model> models = models().toList();
    for (int i = 0; i < models.size(); i++) {
      TorchExport.write(models.get(i), folder.resolve("model" + i));
    }
    Path changed = folder.resolve("model" + models.size());
    TorchExport.write(models.getFirst(), changed);
    byte[] bytes = Files.readAllBytes(changed.resolve("weights.safetensors"));
    bytes[bytes.length - 2] ^= 0x20; // a bias of the head
    Files.write(changed.resolve("weights.safetensors"), bytes);
    assumeTrue(Files.isExecutable(PYTHON), "no Python here");
    String all =
        """
        import importlib.util, sys
        try:
            import torch
        except ImportError:
            sys.exit(77)
        for i in range(int(sys.argv[2])):
            spec = importlib.util.spec_from_file_location("model%d" % i, sys.argv[1] + "/model%d/model.py" % i)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            print(i, module.check())
        """;
    String count = String.valueOf(models.size() + 1);
    List<String> lines = python("-c", all, folder.toString(), count).lines().toList();
    assumeTrue(!lines.getLast().equals("status 77"), "no torch here");
    for (int i = 0; i < models.size(); i++) {
      assertThat(lines).as(String.join("\n", lines)).contains(i + " 0");
    }
    assertThat(lines).contains(models.size() + " 1");
  }

  private static String python(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(PYTHON.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output + "status " + process.exitValue();
  }

  @Test
  void whatGoesOutComesBackIn() throws IOException {
    LanguageModel model =
        languageModel(of(Cells.GRU_RESET_AFTER, Direction.FORWARD, 5, 6), Reading.STREAM);
    TorchExport.write(model, folder);
    assertThat(Files.readAllLines(folder.resolve("vocabulary.txt")))
        .containsExactly("<UNK>", "<EOS>", "a", "b", "c", "d", "\\n");
    LanguageModel back =
        ModelImport.of(folder.resolve("weights.safetensors"))
            .vocabulary(folder.resolve("vocabulary.txt"))
            .languageModel();
    assertThat(back.network().description()).isEqualTo(model.network().description());
    assertThat(back.parameters()).isEqualTo(model.parameters());
    Tensor ids = StateDict.read(folder.resolve("sample.safetensors")).tensors().get("ids");
    assertThat(ids.longs()[0]).isEqualTo(model.tokenizer().endOfSentence());
  }

  @Test
  void partsThatPyTorchDoesNotHaveAreRefused() {
    Network network = of(Cells.LSTM, Direction.FORWARD, 5);
    refused(new Tagger(labels(network, new LabelSpec.PerStep(3, true))), "chooses labels by a CRF");
    refused(
        languageModel(network.withLayerNormalization(true), Reading.STREAM), "layer normalization");
    refused(languageModel(Network.of(Cells.MIN_GRU, 4), Reading.STREAM), "min-gru");
    refused(classifier(network, PoolingKind.ATTENTION, false), "pooling by attention");
  }

  private void refused(Model model, String part) {
    assertThatThrownBy(() -> TorchExport.write(model, folder.resolve("none")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(part);
    assertThat(folder.resolve("none")).doesNotExist();
  }
}

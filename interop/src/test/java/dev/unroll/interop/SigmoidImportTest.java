package dev.unroll.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.interop.chain.TaggerGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs that are probabilities of their own are no softmax over all of them. */
class SigmoidImportTest {

  private static final List<String> TOKENS = List.of("<unk>", "</s>", "a", "b", "c", "d");
  private static final List<String> TAGS = List.of("X", "Y");

  @TempDir private Path folder;

  private ModelImport imported(TaggerGraph graph) throws IOException {
    return ModelImport.of(graph.output("o").write(folder.resolve("tagger.onnx")))
        .vocabulary(TOKENS);
  }

  @Test
  void aTaggerWithSigmoidsIsRefused() throws IOException {
    var graph = new TaggerGraph().linear().node("Sigmoid", "z", "o");
    ModelImport tagger = imported(graph).labels(TAGS);
    assertThatThrownBy(tagger::tagger)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("a probability of its own (Sigmoid), but a token has one tag");
    assertThat(tagger.freshHead().tagger().labelNames().names()).isEqualTo(TAGS);
  }

  @Test
  void aLanguageModelWithSigmoidsIsRefused() throws IOException {
    var graph =
        new TaggerGraph()
            .constant("wv", 4, TaggerGraph.WORDS)
            .node("MatMul", "yb wv", "v")
            .node("Sigmoid", "v", "o");
    ModelImport model = imported(graph);
    assertThatThrownBy(model::languageModel)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("a probability of its own (Sigmoid), but the next token is one");
  }

  /** The probability of the second of two tags: a softmax over 0 and z is the same. */
  @Test
  void oneSigmoidForTwoTagsIsTaken() throws IOException {
    var graph =
        new TaggerGraph()
            .constant("w1", 4, 1)
            .node("MatMul", "yb w1", "v")
            .node("Sigmoid", "v", "o");
    assertThat(imported(graph).labels(TAGS).tagger().labelNames().names()).isEqualTo(TAGS);
  }

  @Test
  void severalTagsOfOneTokenAreRefused() throws IOException {
    ModelImport tagger = imported(new TaggerGraph().node("MatMul", "yb wo", "o")).labels(TAGS);
    assertThatThrownBy(() -> tagger.several().tagger())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("several labels are for classifiers");
  }
}

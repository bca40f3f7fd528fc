package dev.unroll.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.Unroll;
import dev.unroll.interop.torch.Golden;
import dev.unroll.interop.torch.TorchExport;
import dev.unroll.model.LanguageModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation shows. */
class ImportUseTest {

  @Test
  void importTrainExport(@TempDir Path folder) throws Exception {
    Path weights = Golden.path("words.pt");
    Path vocabulary = folder.resolve("vocab.txt");
    Files.write(vocabulary, List.of("<unk>", "<eos>", "a", "b", "c", "d", "e", "f", "g", "h", "i"));
    List<String> lines = Collections.nCopies(40, "a b c d");
    var found = new ArrayList<String>();
    LanguageModel model =
        ModelImport.of(weights)
            .vocabulary(vocabulary) // one token per line, in the order of the ids
            .findings(found::add) // what was taken for what
            .languageModel();
    System.out.println(model.score("a b c").perplexity());
    LanguageModel further = Unroll.languageModel().from(model).lines(lines).epochs(2).train();
    TorchExport.write(further.withoutNgrams(), folder.resolve("for-python"));
    assertThat(found).contains("linear layer decoder.weight, 11×5");
    assertThat(folder.resolve("for-python/model.py")).exists();
  }
}

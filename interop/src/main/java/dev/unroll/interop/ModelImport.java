package dev.unroll.interop;

import dev.unroll.base.InputException;
import dev.unroll.base.PoolingKind;
import dev.unroll.data.Provenance;
import dev.unroll.data.Reading;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.SafeFiles;
import dev.unroll.interop.weights.Conversion;
import dev.unroll.interop.weights.PortableNetwork;
import dev.unroll.interop.weights.StartToken;
import dev.unroll.kernel.Reductions;
import dev.unroll.kernel.Slice;
import dev.unroll.model.Classifier;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Tagger;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelFile;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.text.Segmentation;
import dev.unroll.text.VocabularyTokenizer;
import dev.unroll.text.WordLexicon;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Imports a network that was trained elsewhere: embedding, recurrent layers and a linear layer, as
 * a PyTorch {@code state_dict} in a {@code .pt} or {@code .safetensors} file, or as Keras saves it,
 * in a {@code .keras}, {@code .weights.h5} or {@code .h5} file. No code in the file is run. The
 * model gives the same answers as the original, and can be trained further.
 *
 * <p>The file has no tokens: a vocabulary names them in the order of their ids.
 */
public final class ModelImport {

  /** Tokens that stand before sentences, as others call them. */
  private static final List<String> START =
      List.of("<s>", "<bos>", "<BOS>", "<sos>", "<SOS>", "<start>", "<START>", "[BOS]");

  private final Path file;
  private final LabelImport labels = new LabelImport();
  private @Nullable Path like;
  private @Nullable List<String> tokens;
  private Segmentation.@Nullable Unit unit;
  private boolean lowerCase;
  private @Nullable String unknown;
  private @Nullable String end;
  private @Nullable String start;
  private @Nullable Reading reading;
  private Consumer<String> findings = line -> {};

  private ModelImport(Path file) {
    this.file = file;
  }

  /** Starts the import of a file. */
  public static ModelImport of(Path file) {
    return new ModelImport(file);
  }

  /** Takes what the file does not tell from a description: see {@code docs/import.md}. */
  public ModelImport like(Path description) {
    like = description;
    return this;
  }

  /** Reads the tokens from a file, one per line in the order of their ids. */
  public ModelImport vocabulary(Path lines) {
    return vocabulary(ImportedVocabulary.read(lines));
  }

  /** Sets the tokens, in the order of their ids. */
  public ModelImport vocabulary(List<String> all) {
    tokens = List.copyOf(all);
    return this;
  }

  /** Reads the labels from a file, one per line in the order of the outputs. */
  public ModelImport labels(Path lines) {
    return labels(ImportedVocabulary.read(lines));
  }

  /** Sets the labels, in the order of the outputs. */
  public ModelImport labels(List<String> names) {
    labels.names(names);
    return this;
  }

  /**
   * Sets the token unit. By default it is the character if all tokens are, else what whitespace
   * separates.
   */
  public ModelImport unit(Segmentation.Unit value) {
    unit = value;
    return this;
  }

  /** Converts text to lower case before it is tokenized. */
  public ModelImport lowerCase() {
    lowerCase = true;
    return this;
  }

  /** Sets the token for words that are not in the vocabulary. */
  public ModelImport unknown(String token) {
    unknown = token;
    return this;
  }

  /** Sets the token that ends a sentence. */
  public ModelImport end(String token) {
    end = token;
    return this;
  }

  /** Sets the token that a language model reads before each sentence. */
  public ModelImport start(String token) {
    start = token;
    return this;
  }

  /**
   * Sets how a language model reads: by default sentences if there is a start token, else a stream.
   */
  public ModelImport reading(Reading value) {
    reading = value;
    return this;
  }

  /** Sets how the steps of a text are pooled into one vector; by default the last step is taken. */
  public ModelImport pooling(PoolingKind kind) {
    labels.pooling(kind);
    return this;
  }

  /** Lets a text have several labels: each output is a probability of its own. */
  public ModelImport several() {
    labels.several();
    return this;
  }

  /** Replaces the linear layer with a new one with random weights, to be trained. */
  public ModelImport freshHead() {
    labels.freshHead();
    return this;
  }

  /** Receives a line for each part of the file: what it was taken for. */
  public ModelImport findings(Consumer<String> lines) {
    findings = lines;
    return this;
  }

  /**
   * Reads the file as a language model.
   *
   * @throws InputException if it is not one, is damaged, or does not match the vocabulary
   */
  public LanguageModel languageModel() {
    ImportedVocabulary vocabulary = readVocabulary();
    ImportedNetwork imported = read(vocabulary);
    return located(
        () -> {
          imported.require(true);
          int first = start == null ? -1 : vocabulary.id(start);
          int usual = ImportedVocabulary.find(vocabulary.tokens(), START);
          Reading how = reading == null ? usual(first, usual) : reading;
          if (how == Reading.SENTENCES) {
            first = first < 0 ? usual : first;
          }
          PortableNetwork network = vocabulary.readAndWritten(imported.network());
          if (how == Reading.SENTENCES && first >= 0) {
            network = StartToken.absorbed(network, vocabulary.ours(first));
          }
          findings.accept(vocabulary.describe(true));
          findings.accept(describe(how, vocabulary, first));
          var built = new LanguageNetwork(Conversion.network(network), vocabulary.size());
          var tokenizer = new VocabularyTokenizer(segmentation(vocabulary), vocabulary.ours());
          float[] parameters = Conversion.parameters(network, built.layout());
          var fields = new LanguageModelFields(built, tokenizer, how);
          return new LanguageModel(model(fields, parameters, imported));
        });
  }

  private static Reading usual(int first, int usual) {
    return first >= 0 || usual >= 0 ? Reading.SENTENCES : Reading.STREAM;
  }

  private static String describe(Reading how, ImportedVocabulary vocabulary, int first) {
    if (how == Reading.STREAM) {
      return "reads a stream: the state is carried from line to line";
    }
    return "reads sentences, each from "
        + (first < 0
            ? "a vector of zeros: name the token if it begins with one"
            : "the token " + vocabulary.tokens().get(first));
  }

  /**
   * Reads the file as a classifier.
   *
   * @throws InputException if it is not one, is damaged, or does not match the tokens or labels
   */
  public Classifier classifier() {
    return new Classifier(labelModel(false));
  }

  /**
   * Reads the file as a tagger.
   *
   * @throws InputException if it is not one, is damaged, or does not match the tokens or labels
   */
  public Tagger tagger() {
    return new Tagger(labelModel(true));
  }

  private ModelFile<LabelFields> labelModel(boolean perStep) {
    ImportedVocabulary vocabulary = readVocabulary();
    ImportedNetwork imported = read(vocabulary);
    return located(
        () -> {
          imported.require(perStep);
          findings.accept(vocabulary.describe(false));
          PortableNetwork network = vocabulary.read(imported.network());
          var lexicon = WordLexicon.of(segmentation(vocabulary), vocabulary.ours());
          LabelImport.Result result = labels.of(network, lexicon, perStep, findings);
          return model(result.fields(), result.parameters(), imported);
        });
  }

  private ImportedVocabulary readVocabulary() {
    if (tokens == null) {
      throw new InputException(
          "the tokens of " + file + " are not known",
          "Give {vocabulary}, a file with one token per line in the order of their ids.");
    }
    return ImportedVocabulary.of(tokens, unknown, end);
  }

  private ImportedNetwork read(ImportedVocabulary vocabulary) {
    ImportedNetwork imported = ImportedNetwork.read(file, like, vocabulary.tokens().size());
    imported.findings().forEach(findings);
    return imported;
  }

  private Segmentation segmentation(ImportedVocabulary vocabulary) {
    Segmentation found = vocabulary.segmentation(unit, lowerCase);
    findings.accept("a token is one of the " + found.unit().label());
    return found;
  }

  /** What does not fit is found in the file. */
  private <T> T located(Supplier<T> task) {
    try {
      return task.get();
    } catch (InputException e) {
      throw InputException.in(file, e.problem(), e.fix());
    }
  }

  private <F extends ModelFields> ModelFile<F> model(
      F fields, float[] parameters, ImportedNetwork imported) {
    for (Slice slice : fields.layout().slices()) {
      if (!Reductions.areFinite(parameters, slice.offset(), slice.size())) {
        throw new InputException(
            "a weight of " + slice.name() + " is not a finite number",
            "Train it again where it comes from.");
      }
    }
    try {
      String name = String.valueOf(file.getFileName());
      var provenance = Provenance.ofImport(imported.framework(), name, Fingerprint.ofFile(file));
      return new ModelFile<>(fields, parameters, provenance);
    } catch (IOException e) {
      throw new InputException("cannot be read: " + SafeFiles.reason(e), "Copy it again.");
    }
  }
}

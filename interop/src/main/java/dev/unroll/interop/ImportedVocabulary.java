package dev.unroll.interop;

import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.weights.Conversion;
import dev.unroll.interop.weights.Matrices;
import dev.unroll.interop.weights.PortableHead;
import dev.unroll.interop.weights.PortableNetwork;
import dev.unroll.text.Lines;
import dev.unroll.text.Segmentation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a model from elsewhere in the order of its ids, and which of them are marks.
 *
 * <p>Ours have the marks first, {@code <UNK>} and {@code <EOS>}, then all other tokens: the rows of
 * embedding and linear layer move with them. A mark that the model does not have gets a row of
 * zeros, and as an output a bias by which it is never likely.
 *
 * @param tokens in the order of their ids
 * @param unknown the id of what stands for all other tokens; -1 for none
 * @param end the id of what ends a sentence; -1 for none
 */
record ImportedVocabulary(List<String> tokens, int unknown, int end) {

  private static final List<String> UNKNOWN =
      List.of("<unk>", "<UNK>", "[UNK]", "<oov>", "<OOV>", "UNK");

  private static final List<String> END =
      List.of("</s>", "<eos>", "<EOS>", "<end>", "<END>", "[EOS]", "<|endoftext|>", "\n");

  /** Of an output that the model does not have: its probability is less than any float. */
  private static final float NEVER = -100;

  /** Tokens that may be read one-hot: each has a vector as long as the vocabulary then. */
  private static final int MOST_ONE_HOT = 4096;

  /** More are no vocabulary. */
  private static final int MOST = 10_000_000;

  private static final Map<String, String> ESCAPES = Map.of("\\n", "\n", "\\t", "\t", "\\r", "\r");

  /**
   * Reads a file with one token per line; {@code \n}, {@code \t} and {@code \r} are what they say.
   */
  static List<String> read(Path file) {
    var tokens = new ArrayList<String>();
    var lines = new HashMap<String, Integer>();
    Lines.read(
        file,
        line -> {
          String token = ESCAPES.getOrDefault(line, line);
          if (token.isEmpty() || tokens.size() == MOST) {
            throw InputException.at(
                file.toString(),
                tokens.size() + 1L,
                token.isEmpty() ? "an empty line" : "more than 10,000,000 tokens",
                "Write one token per line, in the order of their ids; a line end as \\n.");
          }
          tokens.add(token);
          Integer before = lines.put(token, tokens.size());
          if (before != null) {
            throw InputException.at(
                file.toString(),
                tokens.size(),
                "the token «" + token + "» again, which is in line " + before + ", too",
                "Write each token once: its line is its id.");
          }
        });
    return tokens;
  }

  /**
   * The vocabulary of some tokens.
   *
   * @param unknown what stands for all other tokens; null to find it
   * @param end what ends a sentence; null to find it
   */
  static ImportedVocabulary of(
      List<String> tokens, @Nullable String unknown, @Nullable String end) {
    return new ImportedVocabulary(
        tokens,
        unknown == null ? find(tokens, UNKNOWN) : id(tokens, unknown),
        end == null ? find(tokens, END) : id(tokens, end));
  }

  /** The id of the first of some tokens that there is; -1 for none. */
  static int find(List<String> tokens, List<String> usual) {
    return usual.stream().mapToInt(tokens::indexOf).filter(id -> id >= 0).findFirst().orElse(-1);
  }

  /**
   * The id of a token that is named.
   *
   * @throws InputException if there is none
   */
  int id(String token) {
    return id(tokens, token);
  }

  private static int id(List<String> tokens, String named) {
    int id = tokens.indexOf(ESCAPES.getOrDefault(named, named));
    if (id < 0) {
      throw new InputException(
          "the vocabulary has no token «" + named + "»",
          "Name a token as it stands in {vocabulary}.");
    }
    return id;
  }

  /** Which tokens are marks. */
  String describe(boolean written) {
    String missing = written ? "none, so that it is never likely" : "none";
    return count(tokens.size())
        + ", of which <UNK> is "
        + (unknown < 0 ? missing : shown(unknown))
        + ", and <EOS> "
        + (end < 0 ? missing : shown(end));
  }

  private String shown(int id) {
    return tokens.get(id).replace("\n", "\\n");
  }

  /** Whether all tokens but marks, such as {@code <pad>}, are single characters. */
  boolean isOfCharacters() {
    return tokens.stream()
        .filter(token -> !token.startsWith("<") && !token.startsWith("["))
        .allMatch(token -> token.codePointCount(0, token.length()) == 1);
  }

  /** Of each of our ids that of the model; -1 for a mark that it does not have. */
  int[] order() {
    IntStream others = IntStream.range(0, tokens.size()).filter(id -> id != unknown && id != end);
    return IntStream.concat(IntStream.of(unknown, end), others).toArray();
  }

  /** Its tokens in our order, without our two marks. */
  List<String> ours() {
    return IntStream.of(order()).skip(2).mapToObj(tokens::get).toList();
  }

  /** How texts are cut into its tokens. */
  Segmentation segmentation(Segmentation.@Nullable Unit unit, boolean lowerCase) {
    Segmentation.Unit found =
        isOfCharacters() ? Segmentation.Unit.CHARACTERS : Segmentation.Unit.TOKENS;
    return Segmentation.of(unit == null ? found : unit).withLowerCase(lowerCase);
  }

  /** The number of our tokens: marks that the model does not have are more. */
  int size() {
    return order().length;
  }

  /** Our id of one of the model's. */
  int ours(int id) {
    return IntStream.of(order()).boxed().toList().indexOf(id);
  }

  /**
   * The same network for our ids of the tokens that it reads.
   *
   * @throws InputException if it reads other tokens
   */
  PortableNetwork read(PortableNetwork network) {
    Tensor embedding = network.embedding();
    int inputs = network.layers().getFirst().cell().inputs();
    if (embedding == null && inputs == tokens.size() && inputs <= MOST_ONE_HOT) {
      embedding = Matrices.identity(inputs);
    }
    if (embedding == null) {
      throw new InputException(
          "it has no embedding, and its first layer reads "
              + inputs
              + " numbers, but the vocabulary has "
              + count(tokens.size()),
          "Give the vocabulary of the model in {vocabulary}, or name the embedding in {like}.");
    }
    requireAll("its embedding has vectors of ", embedding.shape().axis(0));
    return network.withEmbedding(Matrices.gathered(embedding, order()));
  }

  /**
   * The same network for our ids of the tokens that it reads and writes.
   *
   * @throws InputException if it reads or writes other tokens, or writes no distribution
   */
  PortableNetwork readAndWritten(PortableNetwork network) {
    PortableHead head = network.head();
    if (head == null) {
      throw new InputException(
          "it has no linear layer that predicts a token",
          "Give a language model, or name the layer in {like}.");
    }
    if (head.sigmoids()) {
      throw new InputException(
          "each of its outputs is a probability of its own (Sigmoid), but the next token is one of"
              + " all: its probabilities would be others",
          "Give a language model that ends with a softmax or with its linear layer.");
    }
    requireAll("it predicts ", head.outputs());
    PortableNetwork arranged = read(network);
    int[] order = order();
    boolean tied = Conversion.isTied(network);
    Tensor weight =
        tied
            ? Objects.requireNonNull(arranged.embedding())
            : Matrices.gathered(head.weight(), order);
    Tensor bias = head.bias() == null ? Matrices.zeros(head.outputs()) : head.bias();
    float[] biases = Matrices.gathered(bias, order).floats();
    for (int i = 0; i < 2; i++) {
      biases[i] = order[i] < 0 ? NEVER : biases[i];
    }
    return arranged.withHead(new PortableHead(weight, Tensor.of(biases, biases.length), false));
  }

  private void requireAll(String what, int count) {
    if (count != tokens.size()) {
      throw new InputException(
          what + count(count) + ", but the vocabulary has " + count(tokens.size()),
          "Give the vocabulary of the model in {vocabulary}, one token per line for each id.");
    }
  }

  static String count(int tokens) {
    return String.format(Locale.ROOT, "%,d tokens", tokens);
  }
}

package dev.unroll.cli.option;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.cli.report.JsonLine;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.InputException;
import dev.unroll.file.SafeFiles;
import dev.unroll.kernel.Precision;
import dev.unroll.task.lm.LanguageModel;
import dev.unroll.task.lm.Mixture;
import dev.unroll.task.lm.TokenModel;
import dev.unroll.text.ngram.ArpaFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Opens whatever gives tokens probabilities: a model of {@code train}, an n-gram model in the ARPA
 * format, a mixture of {@code mix}. They are told apart by how they begin.
 */
public final class ModelFiles {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MEMBERS = "members";

  private ModelFiles() {}

  /** What a file holds. */
  public enum Kind {
    /** A model of {@code train}. */
    NETWORK,
    /** An n-gram model. */
    ARPA,
    /** What {@code mix} writes. */
    MIXTURE
  }

  /** Returns what a file holds. */
  public static Kind kind(Path file) {
    if (Files.isDirectory(file)) {
      return Kind.NETWORK; // which is refused by name
    }
    try (var in = Files.newInputStream(file)) {
      String start = new String(in.readNBytes(64), StandardCharsets.ISO_8859_1);
      if (start.length() > 8 && start.charAt(8) == '{') {
        return Kind.NETWORK; // eight bytes of length, then JSON
      }
      if (start.startsWith("{\"" + MEMBERS)) {
        return Kind.MIXTURE;
      }
      boolean arpa = start.contains("\\data\\") || start.contains("unroll.tokenizer");
      return arpa || file.toString().endsWith(".arpa") ? Kind.ARPA : Kind.NETWORK;
    } catch (IOException e) {
      throw InputException.in(
          file, "cannot be read: " + SafeFiles.reason(e), "Check the name and the rights.");
    }
  }

  /** Opens a file, with the weights of networks as they are or rounded. */
  public static TokenModel open(Path file, @Nullable Precision precision) {
    Kind kind = kind(file);
    if (kind != Kind.NETWORK && precision != null) {
      throw InputException.in(
          file, "has no weights to round", "Leave --weights out; it belongs to models of train.");
    }
    return switch (kind) {
      case NETWORK ->
          precision == null ? LanguageModel.open(file) : LanguageModel.open(file, precision);
      case ARPA -> ArpaFile.read(file);
      case MIXTURE -> mixture(file);
    };
  }

  /** Opens files that are to be mixed; n-gram models take the tokenizer of the first network. */
  public static List<TokenModel> openTogether(List<Path> files) {
    var models = new ArrayList<@Nullable TokenModel>();
    Tokenizer tokenizer = null;
    for (Path file : files) {
      TokenModel opened = kind(file) == Kind.ARPA ? null : open(file, null);
      tokenizer = tokenizer == null && opened != null ? opened.tokenizer() : tokenizer;
      models.add(opened);
    }
    var all = new ArrayList<TokenModel>();
    for (int i = 0; i < files.size(); i++) {
      TokenModel opened = models.get(i);
      all.add(opened != null ? opened : ArpaFile.read(files.get(i), tokenizer));
    }
    return all;
  }

  private static Mixture mixture(Path file) {
    try {
      var files = new ArrayList<Path>();
      var weights = new ArrayList<Double>();
      for (JsonNode member : JSON.readTree(Files.readAllBytes(file)).path(MEMBERS)) {
        Path own = file.resolveSibling(member.path("file").asText());
        checkUnchanged(file, own, member.path("sha256").asText());
        files.add(own);
        weights.add(member.path("weight").asDouble(Double.NaN));
      }
      if (files.isEmpty()) {
        throw InputException.in(
            file, "the mixture has no members", "Make it again: unroll lm mix.");
      }
      return new Mixture(openTogether(files), weights);
    } catch (IOException e) {
      throw InputException.in(
          file, "is not a mixture: " + e.getMessage(), "Make it again: unroll lm mix.");
    }
  }

  /** The weights suit the members that they were found for. */
  private static void checkUnchanged(Path mixture, Path member, String expected)
      throws IOException {
    if (expected.isEmpty()) {
      return; // made by a version that did not keep it
    }
    if (Files.exists(member) && !Fingerprint.ofFile(member).equals(expected)) {
      throw InputException.in(
          mixture,
          "its member " + member + " is not the file that was mixed",
          "Make the mixture again: unroll lm mix.");
    }
  }

  /** Returns what a mixture says of itself. */
  public static Map<String, Object> describeMixture(Path file) {
    try {
      return JSON.readValue(file.toFile(), new TypeReference<LinkedHashMap<String, Object>>() {});
    } catch (IOException e) {
      throw InputException.in(
          file, "is not a mixture: " + e.getMessage(), "Make it again: unroll lm mix.");
    }
  }

  /**
   * Writes a mixture; its members are named as seen from its folder.
   *
   * @param provenance what it was made from besides, and what it reached
   */
  public static void write(
      Path file, List<Path> members, List<Double> weights, Map<String, Object> provenance)
      throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    var list = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < members.size(); i++) {
      Path member = members.get(i).toAbsolutePath();
      var fields = new LinkedHashMap<String, Object>();
      fields.put("file", (folder == null ? member : folder.relativize(member)).toString());
      fields.put("sha256", Fingerprint.ofFile(member));
      fields.put("weight", weights.get(i));
      list.add(fields);
    }
    var all = new LinkedHashMap<String, Object>();
    all.put(MEMBERS, list);
    all.putAll(provenance);
    SafeFiles.replace(file, JsonLine.of(all).getBytes(StandardCharsets.UTF_8));
  }
}

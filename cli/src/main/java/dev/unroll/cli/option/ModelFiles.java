package dev.unroll.cli.option;

import dev.unroll.base.InputException;
import dev.unroll.base.Precision;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.SafeFiles;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Mixture;
import dev.unroll.model.TokenModel;
import dev.unroll.text.ngram.ArpaFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens whatever gives tokens probabilities: a model of {@code train}, an n-gram model in the ARPA
 * format, a mixture of {@code mix}. They are told apart by how they begin.
 */
public final class ModelFiles {

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

  /** Returns what a file holds; a network where it looks like nothing, which is refused by name. */
  public static Kind kind(Path file) {
    return looksLike(file).orElse(Kind.NETWORK);
  }

  private static Optional<Kind> looksLike(Path file) {
    if (Files.isDirectory(file)) {
      return Optional.empty();
    }
    try (var in = Files.newInputStream(file)) {
      String start = new String(in.readNBytes(64), StandardCharsets.ISO_8859_1);
      if (start.length() > 8 && start.charAt(8) == '{') {
        return Optional.of(Kind.NETWORK); // eight bytes of length, then JSON
      }
      if (start.startsWith("{\"" + MixtureFile.MEMBERS)) {
        return Optional.of(Kind.MIXTURE);
      }
      boolean arpa = start.contains("\\data\\") || start.contains("unroll.tokenizer");
      return arpa || file.toString().endsWith(".arpa") ? Optional.of(Kind.ARPA) : Optional.empty();
    } catch (IOException e) {
      throw InputException.in(
          file, "cannot be read: " + SafeFiles.reason(e), "Check the name and the rights.");
    }
  }

  /** Opens a file, with the weights of networks as they are or rounded. */
  public static TokenModel open(Path file, @Nullable Precision precision) {
    if (precision != null && kind(file) != Kind.NETWORK) {
      throw InputException.in(
          file, "has no weights to round", "Leave --weights out; it belongs to models of train.");
    }
    return precision == null ? new Opening().open(file) : LanguageModel.open(file, precision);
  }

  /** Opens files that are to be mixed; n-gram models take the tokenizer of the first network. */
  public static List<TokenModel> openTogether(List<Path> files) {
    if (files.size() > MixtureFile.MOST_MEMBERS) {
      throw new InputException(
          "%,d models are to be mixed".formatted(files.size()),
          "Mix up to %d.".formatted(MixtureFile.MOST_MEMBERS));
    }
    return new Opening().openTogether(files);
  }

  /** Opens a model with all members that it has. */
  private static final class Opening {

    /** The mixtures that are being opened, each a member of the one before. */
    private final Set<Path> mixtures = new LinkedHashSet<>();

    private int members;

    TokenModel open(Path file) {
      return switch (kind(file)) {
        case NETWORK -> LanguageModel.open(file);
        case ARPA -> ArpaFile.read(file);
        case MIXTURE -> mixture(file);
      };
    }

    List<TokenModel> openTogether(List<Path> files) {
      var models = new ArrayList<@Nullable TokenModel>();
      Tokenizer tokenizer = null;
      for (Path file : files) {
        TokenModel opened = kind(file) == Kind.ARPA ? null : open(file);
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

    private Mixture mixture(Path file) {
      Path place = place(file);
      if (!mixtures.add(place)) {
        throw MixtureFile.refused(file, "the mixture is a member of itself");
      }
      List<MixtureFile.Member> named = MixtureFile.members(file);
      members += named.size();
      if (members > MixtureFile.MOST_MEMBERS) {
        throw MixtureFile.refused(
            file, "is one of mixtures of more than %d models".formatted(MixtureFile.MOST_MEMBERS));
      }
      for (MixtureFile.Member member : named) {
        member.check(file);
        if (looksLike(member.file()).isEmpty()) {
          throw MixtureFile.refused(file, "its member " + member.file() + " is not a model");
        }
        member.checkUnchanged(file);
      }
      var models = openTogether(named.stream().map(MixtureFile.Member::file).toList());
      mixtures.remove(place);
      try {
        return new Mixture(models, named.stream().map(MixtureFile.Member::weight).toList());
      } catch (InputException e) {
        throw InputException.in(file, e.problem(), e.fix());
      }
    }

    private static Path place(Path file) {
      try {
        return file.toRealPath();
      } catch (IOException e) {
        throw InputException.in(
            file, "cannot be read: " + SafeFiles.reason(e), "Check the name and the rights.");
      }
    }
  }

  /** Returns what a mixture says of itself. */
  public static Map<String, Object> describeMixture(Path file) {
    return MixtureFile.describe(file);
  }

  /**
   * Writes a mixture; its members are named as seen from its folder.
   *
   * @param provenance what it was made from besides, and what it reached
   */
  public static void write(
      Path file, List<Path> members, List<Double> weights, Map<String, Object> provenance)
      throws IOException {
    MixtureFile.write(file, members, weights, provenance);
  }
}

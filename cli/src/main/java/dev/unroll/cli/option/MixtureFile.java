package dev.unroll.cli.option;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.base.InputException;
import dev.unroll.cli.report.JsonLine;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.SafeFiles;
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
 * What {@code lm mix} writes: a small JSON file that names the models that are mixed, as seen from
 * its folder, with the hash and the weight of each. Whoever wrote it may be a stranger, so that a
 * member is opened only if it is a regular file, and either lies in the folder of the mixture or is
 * the very file that was mixed.
 */
final class MixtureFile {

  static final String MEMBERS = "members";

  /** Members that a mixture may have, those of mixtures in it included. */
  static final int MOST_MEMBERS = 64;

  private static final int MOST_BYTES = 1 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private MixtureFile() {}

  /**
   * A model of a mixture.
   *
   * @param file its place
   * @param hash of the file that was mixed; empty where an old version did not keep it
   * @param weight its share
   */
  public record Member(Path file, String hash, double weight) {

    /** Refuses a file that the mixture may not open. */
    void check(Path mixture) {
      if (!Files.isRegularFile(file)) {
        throw refused(
            mixture,
            "its member " + file + (Files.exists(file) ? " is not a file" : " is not there"));
      }
      if (hash.isEmpty() && !isInFolder(mixture)) {
        throw refused(
            mixture,
            "its member " + file + " lies outside of its folder, and its hash is not known");
      }
    }

    /** The weights suit the members that they were found for. */
    void checkUnchanged(Path mixture) {
      try {
        if (!hash.isEmpty() && !Fingerprint.ofFile(file).equals(hash)) {
          throw refused(mixture, "its member " + file + " is not the file that was mixed");
        }
      } catch (IOException e) {
        throw refused(mixture, "its member " + file + " cannot be read: " + SafeFiles.reason(e));
      }
    }

    private boolean isInFolder(Path mixture) {
      try {
        Path folder = mixture.toRealPath().getParent();
        return folder != null && file.toRealPath().startsWith(folder);
      } catch (IOException e) {
        return false;
      }
    }
  }

  /** Returns the members of a mixture, none of which was looked at. */
  static List<Member> members(Path file) {
    JsonNode all = tree(file).path(MEMBERS);
    if (!all.isArray() || all.isEmpty() || all.size() > MOST_MEMBERS) {
      throw refused(
          file,
          all.isArray()
              ? "has %,d members; a mixture has 1 to %d".formatted(all.size(), MOST_MEMBERS)
              : "does not list its members");
    }
    var members = new ArrayList<Member>();
    for (JsonNode each : all) {
      members.add(member(file, each, MEMBERS + "[" + members.size() + "]."));
    }
    return members;
  }

  private static Member member(Path file, JsonNode json, String place) {
    JsonNode name = json.path("file");
    JsonNode weight = json.path("weight");
    JsonNode hash = json.path("sha256");
    if (!name.isTextual() || name.asText().isEmpty()) {
      throw refused(file, place + "file is not the name of a file");
    }
    if (!weight.isNumber() || !(weight.asDouble() >= 0 && weight.asDouble() <= 1)) {
      throw refused(file, place + "weight is not a number from 0 to 1");
    }
    if (!hash.isMissingNode() && !hash.isTextual()) {
      throw refused(file, place + "sha256 is not a text");
    }
    try {
      return new Member(file.resolveSibling(name.asText()), hash.asText(), weight.asDouble());
    } catch (java.nio.file.InvalidPathException e) {
      throw refused(file, place + "file is not the name of a file");
    }
  }

  private static JsonNode tree(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw refused(file, "has %,d bytes, too many for a mixture".formatted(Files.size(file)));
      }
      return JSON.readTree(Files.readAllBytes(file));
    } catch (IOException e) {
      throw refused(file, "is not a mixture: " + e.getMessage());
    }
  }

  static InputException refused(Path file, String problem) {
    return InputException.in(file, problem, "Make the mixture again: unroll lm mix.");
  }

  /** Returns what a mixture says of itself. */
  static Map<String, Object> describe(Path file) {
    return JSON.convertValue(tree(file), new TypeReference<LinkedHashMap<String, Object>>() {});
  }

  /**
   * Writes a mixture; its members are named as seen from its folder.
   *
   * @param provenance what it was made from besides, and what it reached
   */
  static void write(
      Path file, List<Path> members, List<Double> weights, Map<String, Object> provenance)
      throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    var list = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < members.size(); i++) {
      Path member = members.get(i).toAbsolutePath();
      var fields = new LinkedHashMap<String, Object>();
      fields.put("file", name(folder, member));
      fields.put("sha256", Fingerprint.ofFile(member));
      fields.put("weight", weights.get(i));
      list.add(fields);
    }
    var all = new LinkedHashMap<String, Object>();
    all.put(MEMBERS, list);
    all.putAll(provenance);
    SafeFiles.replace(file, JsonLine.of(all).getBytes(StandardCharsets.UTF_8));
  }

  private static String name(@Nullable Path folder, Path member) {
    return (folder == null ? member : folder.relativize(member)).toString();
  }
}

package dev.unroll.cli.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.unroll.cli.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mixtures that a stranger wrote: each ends with a sentence that names the file. */
class StrangeMixtureTest {

  private static final Path MODELS = Path.of("src/test/resources/compat/models");
  private static final String HASH =
      "sha256:a58c3acb30cd9abc4f764534156a14efe732243a39c43ffb48866dcb389318a3";

  @TempDir Path folder;

  @BeforeEach
  void copy() throws IOException {
    for (String name :
        new String[] {"lm-words.safetensors", "ngram.arpa", "lm-bytes.safetensors"}) {
      Files.copy(MODELS.resolve(name), folder.resolve(name));
    }
    Files.createDirectories(folder.resolve("inner"));
  }

  private static String member(String file, String weight) {
    return "{\"file\":%s,\"weight\":%s}".formatted(file, weight);
  }

  private Path mixture(String name, String... members) throws IOException {
    String text = "{\"members\":[" + String.join(",", members) + "]}";
    return Files.writeString(folder.resolve(name), text);
  }

  private static void assertRefused(Path mixture, String what) {
    for (String command : new String[] {"info %s", "lm score %s %s"}) {
      var result =
          assertTimeoutPreemptively(
              Duration.ofSeconds(5), () -> Session.line(command.formatted(mixture, mixture)));
      assertThat(result.status()).as(result.out() + result.err()).isEqualTo(2);
      assertThat(result.err()).contains(mixture.getParent().toString(), what);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"m.json\"              | 1       | is a member of itself",
        "\"inner/../m.json\"     | 1       | is a member of itself",
        "\"/dev/zero\"           | 1       | /dev/zero is not a file",
        "\"inner\"               | 1       | inner is not a file",
        "\".\"                   | 1       | is not a file",
        "\"none.safetensors\"    | 1       | is not there",
        "\"text.txt\"            | 1       | text.txt is not a model",
        "\"/etc/passwd\"         | 1       | lies outside of its folder",
        "\"lm-words.safetensors\"| 0.5     | sum up to 1",
        "\"lm-words.safetensors\"| -1      | members[0].weight",
        "\"lm-words.safetensors\"| 1e999   | members[0].weight",
        "\"lm-words.safetensors\"| \"1\"   | members[0].weight",
        "\"lm-words.safetensors\"| \"NaN\" | members[0].weight",
        "\"lm-words.safetensors\"| null    | members[0].weight",
        "\"\"                    | 1       | members[0].file",
        "\"a\\u0000b\"           | 1       | members[0].file",
        "7                       | 1       | members[0].file",
        "[]                      | 1       | members[0].file",
      })
  void aMemberThatCannotBeIsRefused(String file, String weight, String what) throws IOException {
    Files.writeString(folder.resolve("text.txt"), "no model at all, but a text of some length\n");
    assertRefused(mixture("m.json", member(file, weight)), what);
  }

  @Test
  void aCircleOfMixturesIsRefused() throws IOException {
    mixture("b.json", member("\"c.json\"", "1"));
    mixture("c.json", member("\"a.json\"", "1"));
    assertRefused(mixture("a.json", member("\"b.json\"", "1")), "is a member of itself");
  }

  @Test
  void aLinkToItselfAndAPipeAreRefused() throws IOException, InterruptedException {
    Files.createSymbolicLink(folder.resolve("link.json"), folder.resolve("m.json"));
    assertRefused(mixture("m.json", member("\"link.json\"", "1")), "link.json: the mixture is");
    Path pipe = folder.resolve("pipe.arpa");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertRefused(mixture("m.json", member("\"pipe.arpa\"", "1")), "pipe.arpa is not a file");
  }

  @Test
  void aLinkThatLeavesTheFolderIsRefused() throws IOException {
    Path outside = MODELS.resolve("lm-words.safetensors").toAbsolutePath();
    Files.createSymbolicLink(folder.resolve("out.safetensors"), outside);
    assertRefused(mixture("m.json", member("\"out.safetensors\"", "1")), "outside of its folder");
  }

  @Test
  void manyMembersAreRefusedAlsoInMixturesOfMixtures() throws IOException {
    String model = member("\"lm-words.safetensors\"", "0.001");
    String[] thousand = Collections.nCopies(1000, model).toArray(String[]::new);
    assertRefused(mixture("many.json", thousand), "has 1,000 members");
    String[] ten =
        Collections.nCopies(10, member("\"lm-words.safetensors\"", "0.1")).toArray(String[]::new);
    mixture("ten.json", ten);
    String[] tens = Collections.nCopies(10, member("\"ten.json\"", "0.1")).toArray(String[]::new);
    assertRefused(mixture("hundred.json", tens), "ten.json: is one of mixtures of more than 64");
    assertRefused(mixture("none.json"), "has 0 members");
    Path huge = folder.resolve("huge.json");
    Files.writeString(huge, "{\"members\":[]" + " ".repeat(2 << 20) + "}");
    assertRefused(huge, "too many for a mixture");
    Path deep = folder.resolve("deep.json");
    Files.writeString(deep, "{\"members\":" + "[".repeat(100_000));
    assertRefused(deep, "is not a mixture");
  }

  @Test
  void vocabulariesThatDifferAreRefused() throws IOException {
    assertRefused(
        mixture(
            "m.json",
            member("\"lm-words.safetensors\"", "0.5"),
            member("\"lm-bytes.safetensors\"", "0.5")),
        "another vocabulary");
  }

  @Test
  void aMemberOutsideOfTheFolderIsOpenedByItsHash() throws IOException {
    String place = MODELS.resolve("lm-words.safetensors").toAbsolutePath().toString();
    Path right =
        mixture(
            "m.json", "{\"file\":\"%s\",\"sha256\":\"%s\",\"weight\":1}".formatted(place, HASH));
    Session.ok("info", right.toString());
    Path wrong =
        mixture(
            "m.json",
            "{\"file\":\"%s\",\"sha256\":\"%s\",\"weight\":1}"
                .formatted(place, HASH.replace('a', 'b')));
    assertRefused(wrong, "is not the file that was mixed");
  }

  @Test
  void whatMixWritesIsOpenedAlsoFromAnotherFolder() {
    Path out = folder.resolve("inner/mixed.json");
    Session.line(
        "lm mix %s %s -o %s"
            .formatted(folder.resolve("lm-words.safetensors"), folder.resolve("ngram.arpa"), out));
    Session.ok("info", out.toString());
    Path outer = folder.resolve("outer.json");
    Session.line(
        "lm mix %s %s -o %s".formatted(out, folder.resolve("lm-words.safetensors"), outer));
    Session.ok("info", outer.toString());
  }
}

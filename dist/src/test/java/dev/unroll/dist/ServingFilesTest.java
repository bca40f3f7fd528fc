package dev.unroll.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that run a server elsewhere, as texts: no engine that could run them is here. */
class ServingFilesTest {

  private static String text(String name) throws IOException {
    return Files.readString(Path.of("serving", name));
  }

  @Test
  void theImageIsNotRunByRootAndAsksItselfHowItIs() throws IOException {
    assertThat(text("Dockerfile"))
        .containsPattern("(?m)^USER [1-9]\\d*:[1-9]\\d*$")
        .containsPattern("(?m)^FROM docker\\.io/\\S+:\\d[\\w.-]*$")
        .containsPattern("(?m)^HEALTHCHECK .*/ready")
        .contains("ENTRYPOINT [\"java\"") // so that signals reach it
        .contains("--add-modules=jdk.incubator.vector") // else the jar starts a second JVM
        .doesNotContain("curl", "wget", "https:", "\nADD ");
  }

  /** What the build writes is what the server reads, and of the same jar. */
  @Test
  void theImageHasAnArchiveOfClasses() throws IOException {
    String text = text("Dockerfile");
    var written =
        Pattern.compile("-XX:SharedArchiveFile=(\\S+) -Xshare:dump -jar (\\S+);").matcher(text);
    assertThat(written.find()).isTrue();
    assertThat(text.substring(written.end()))
        .contains(
            "test -s " + written.group(1),
            "ENV JDK_JAVA_OPTIONS=\"$JDK_JAVA_OPTIONS -XX:SharedArchiveFile=" + written.group(1))
        .contains("\"java\", \"-jar\", \"" + written.group(2) + "\"")
        .doesNotContain("\nCOPY ");
  }

  @Test
  void nothingMayBeWrittenAndMemoryIsBounded() throws IOException {
    assertThat(text("compose.yaml"))
        .contains("read_only: true", "cap_drop: [ALL]", "mem_limit:", "no-new-privileges:true");
    assertThat(text("kubernetes.yaml"))
        .contains(
            "readOnlyRootFilesystem: true",
            "runAsNonRoot: true",
            "allowPrivilegeEscalation: false",
            "path: /ready",
            "path: /live",
            "limits: {cpu: \"2\", memory: 512Mi}");
    assertThat(text("unroll.service"))
        .contains("DynamicUser=yes", "ProtectSystem=strict", "MemoryMax=", "SuccessExitStatus=143");
  }

  /** A server that ends is given more time than it takes. */
  @Test
  void theGraceOfTheServerIsShorterThanThatOfWhatEndsIt() throws IOException {
    assertThat(text("compose.yaml")).contains("stop_grace_period: 15s"); // --grace is 10
    assertThat(text("unroll.service")).contains("TimeoutStopSec=15");
    assertThat(text("kubernetes.yaml"))
        .contains("\"--grace\", \"15\"", "terminationGracePeriodSeconds: 20");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Dockerfile", "compose.yaml", "kubernetes.yaml", "unroll.service"})
  void optionsAreThoseOfServe(String name) throws IOException {
    var program =
        Main.commandLine(
            new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), "serve");
    var known = program.getSubcommands().get("serve").getCommandSpec().optionsMap().keySet();
    var used = new TreeSet<String>();
    for (String line : text(name).lines().toList()) {
      int serve =
          line.startsWith("ENTRYPOINT") || line.contains(" serve ")
              ? line.indexOf("serve")
              : line.indexOf("args: [");
      if (serve >= 0 && !line.startsWith("#")) {
        var option = Pattern.compile("--[a-z][a-z-]+").matcher(line.substring(serve));
        while (option.find()) {
          used.add(option.group());
        }
      }
    }
    assertThat(known).containsAll(used);
  }
}

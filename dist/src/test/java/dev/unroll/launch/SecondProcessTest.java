package dev.unroll.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.Unroll;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The jar on a JVM without the Vector module, which serves in a second process. */
@DisabledOnOs(OS.WINDOWS)
class SecondProcessTest {

  private static final Pattern LISTENING = Pattern.compile("listening at \\S+");

  /** What is started by a shell in the background, or by nohup, ignores what those ignore. */
  private static final List<String> HEEDING = heeding("env", "--default-signal=INT,HUP");

  @TempDir Path folder;

  /** What stands before a program that is to end by signals; nothing without such an `env`. */
  private static List<String> heeding(String... command) {
    var probe = new ArrayList<>(List.of(command));
    probe.add("true");
    try {
      return new ProcessBuilder(probe).start().waitFor() == 0 ? List.of(command) : List.of();
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A jar as that of the release, whose classes stay where they are. */
  private Path jar() throws IOException {
    var manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.MAIN_CLASS, Launcher.class.getName());
    main.put(
        Attributes.Name.CLASS_PATH,
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(entry -> Path.of(entry).toUri().toString())
            .collect(Collectors.joining(" ")));
    Path jar = folder.resolve("unroll.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        InputStream launcher = Launcher.class.getResourceAsStream("Launcher.class")) {
      out.putNextEntry(new JarEntry(Launcher.class.getName().replace('.', '/') + ".class"));
      launcher.transferTo(out);
    }
    return jar;
  }

  /** A model of 10 MB is served in 128 MB, and replaced there. */
  @Test
  void aServerRunsInASmallHeap() throws Exception {
    Path large = folder.resolve("large.safetensors");
    Unroll.languageModel()
        .characters()
        .sentences()
        .lines(List.of("anna", "bert"))
        .lstm(560)
        .epochs(1)
        .train()
        .save(large);
    assertThat(Files.size(large)).isBetween(10_000_000L, 11_000_000L);
    Path log = folder.resolve("log");
    Process first = start(log, large, "-Xmx128m");
    try {
      server(first, log);
      var listening = LISTENING.matcher(Files.readString(log));
      assertThat(listening.find()).isTrue();
      URI base = URI.create(listening.group().split(" ", -1)[2]);
      for (int i = 0; i < 5; i++) {
        assertThat(post(base.resolve("/v1/models/large/reload"), "")).isEqualTo(200);
        String text = "{\"text\":\"" + "anna bert ".repeat(200) + "\"}";
        assertThat(post(base.resolve("/v1/score"), text)).isEqualTo(200);
      }
    } finally {
      first.destroy();
      assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(Files.readString(log)).doesNotContain("OutOfMemory", "out of memory");
  }

  private static int post(URI uri, String body) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(uri)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  private Path model() {
    Path model = folder.resolve("names.safetensors");
    Unroll.languageModel()
        .characters()
        .sentences()
        .lines(List.of("anna", "bert", "clara"))
        .lstm(4)
        .epochs(1)
        .train()
        .save(model);
    return model;
  }

  private Process start(Path log) throws IOException {
    return start(log, model());
  }

  private Process start(Path log, Path model, String... options) throws IOException {
    var command = new ArrayList<>(HEEDING);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-jar", jar().toString(), "serve", model.toString()));
    command.addAll(List.of("--port", "0"));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("JDK_JAVA_OPTIONS");
    return builder.redirectOutput(log.toFile()).start();
  }

  /** Waits until the server listens, and returns its process. */
  private static ProcessHandle server(Process first, Path log) throws Exception {
    while (!LISTENING.matcher(Files.readString(log, StandardCharsets.UTF_8)).find()) {
      assertThat(first.isAlive()).as(Files.readString(log)).isTrue();
      first.waitFor(20, TimeUnit.MILLISECONDS);
    }
    List<ProcessHandle> children = first.children().toList();
    assertThat(children).hasSize(1);
    return children.getFirst();
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
  void aSignalEndsBothWithTheStatusOfOne(String signal, int status) throws Exception {
    Path log = folder.resolve("log");
    Process first = start(log);
    ProcessHandle second = server(first, log);
    new ProcessBuilder("kill", "-" + signal, "" + first.pid()).start().waitFor();
    assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(first.exitValue()).isEqualTo(status);
    assertThat(second.isAlive()).isFalse();
    assertThat(Files.readString(log)).doesNotContain("Exception");
  }

  @Test
  void aFirstProcessThatIsKilledLeavesNoOrphan() throws Exception {
    Path log = folder.resolve("log");
    Process first = start(log);
    ProcessHandle second = server(first, log);
    first.destroyForcibly().waitFor();
    second.onExit().get(60, TimeUnit.SECONDS);
    assertThat(second.isAlive()).isFalse();
  }

  @Test
  void theStatusIsThatOfTheCommand() throws Exception {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            jar().toString(),
            "serve",
            folder.resolve("none.safetensors").toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    assertThat(process.waitFor()).isEqualTo(2);
  }
}

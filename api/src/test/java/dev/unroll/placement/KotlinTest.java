package dev.unroll.placement;

import static org.assertj.core.api.Assertions.assertThat;

import example.App;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program in Kotlin compiles without a warning, and gets the same answers as one in Java. */
class KotlinTest {

  @TempDir Path folder;

  @Test
  void kotlinCallsUnroll() throws Exception {
    Path classes = folder.resolve("classes");
    var path = new ArrayList<>(Jars.copy(Files.createDirectory(folder.resolve("jars"))));
    Path library =
        Jars.classpath(name -> name.matches(".*/kotlin-stdlib-[0-9.]+\\.jar")).getFirst();
    path.add(library);
    var said = new ByteArrayOutputStream();
    var status =
        new K2JVMCompiler()
            .exec(
                new PrintStream(said, true, StandardCharsets.UTF_8),
                "-Werror",
                "-no-stdlib",
                "-no-reflect",
                "-jvm-target=25",
                "-cp",
                Program.path(path),
                "-d",
                classes.toString(),
                "src/test/kotlin/Tickets.kt");
    assertThat(status.getCode()).as(said.toString(StandardCharsets.UTF_8)).isZero();
    path.add(classes);
    var arguments = new ArrayList<>(Program.VECTOR);
    arguments.addAll(List.of("-cp", Program.path(path), "TicketsKt"));
    var run = new Program(Files.createDirectory(folder.resolve("run"))).run(arguments);
    assertThat(run.out()).isEqualToIgnoringNewLines(App.answer(Program.MODEL));
  }
}

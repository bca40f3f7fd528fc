package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.cli.command.TaskCommands;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What a task gets from its line in the list of tasks. */
class TaskListTest {

  static Stream<TaskCommands> tasks() {
    return TaskList.ALL.stream();
  }

  @Test
  void noTwoTasksHaveOneName() {
    assertThat(tasks().map(TaskCommands::name)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void itsCommandsAreFoundByItsName(TaskCommands task) {
    assertThat(TaskList.find(task.name())).contains(task);
    var nowhere = new PrintWriter(Writer.nullWriter());
    var program = Main.commandLine(nowhere, nowhere, task.name());
    assertThat(program.getSubcommands().get(task.name()).getSubcommands())
        .containsKeys(task.commands().toArray(String[]::new))
        .containsKeys("train", "eval");
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void aCommandIsCreatedByItselfWhereItIsNamed(TaskCommands task) {
    assertThat(task.line("eval").getSubcommands()).containsOnlyKeys("eval");
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void whatTrainsAModelAgainTakesFilesAndOptions(TaskCommands task) {
    var train = task.train();
    var words = List.of("a.tsv", "-o", "m.safetensors", "--valid", "b.tsv", "--threads", "2");
    new CommandLine(train).parseArgs(words.toArray(String[]::new));
    assertThat(train.targets().many()).isNotEmpty();
    assertThat(task.train()).isNotSameAs(train); // options of one model do not reach the next
  }
}

package dev.unroll.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.store.StateFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of file systems that replace nothing, where a program may be killed at any moment. */
class HadoopFilesTest {

  /** Changes until the program is killed. */
  private static int left = Integer.MAX_VALUE;

  /** Whether renaming to a name that is taken is said by an exception, as object stores do. */
  private static boolean throwing;

  @TempDir java.nio.file.Path folder;

  /** The program was killed. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Files of this machine, under the rules of HDFS. */
  public static final class Rigid extends RawLocalFileSystem {

    private static final URI ADDRESS = URI.create("rigid:///");

    @Override
    public URI getUri() {
      return ADDRESS;
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
      change();
      if (!exists(to)) {
        return super.rename(from, to);
      }
      if (throwing) {
        throw new FileAlreadyExistsException(to.toString());
      }
      return false;
    }

    @Override
    public boolean delete(Path file, boolean recursive) throws IOException {
      change();
      return super.delete(file, recursive);
    }

    private static void change() {
      if (left-- == 0) {
        throw new Killed();
      }
    }
  }

  private static Configuration configuration() {
    var configuration = new Configuration(false);
    configuration.setClass("fs.rigid.impl", Rigid.class, FileSystem.class);
    configuration.setClass("fs.file.impl", RawLocalFileSystem.class, FileSystem.class);
    configuration.setBoolean("fs.rigid.impl.disable.cache", true);
    return configuration;
  }

  private Path path(String name) {
    return new Path("rigid://" + folder.resolve(name));
  }

  @AfterEach
  void live() {
    left = Integer.MAX_VALUE;
    throwing = false;
  }

  /** Does something that is killed after so many changes; returns whether it came to its end. */
  private static boolean kill(int changes, Runnable action) {
    left = changes;
    try {
      action.run();
      return true;
    } catch (Killed e) {
      return false;
    } finally {
      left = Integer.MAX_VALUE;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aModelIsOldOrNewWheneverItsReplacementIsKilled(boolean byException) throws IOException {
    throwing = byException;
    var files = new HadoopFiles(configuration());
    var here = Files.writeString(folder.resolve("here"), "new");
    boolean ended = false;
    for (int changes = 0; !ended; changes++) {
      String name = "model" + changes;
      Files.writeString(folder.resolve(name), "old");
      ended = kill(changes, () -> files.send(here, path(name)));
      files.restore(path(name));
      assertThat(Files.readString(folder.resolve(name))).isIn("new", ended ? "new" : "old");
      assertThat(folder.resolve(name + HadoopFiles.REPLACED)).doesNotExist();
      assertThat(changes).isLessThan(9);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCheckpointIsReadWheneverItsReplacementIsKilled(boolean byException) throws IOException {
    throwing = byException;
    var files = new HadoopFiles(configuration());
    boolean ended = false;
    for (int changes = 0; !ended; changes++) {
      Path own = path("run" + changes);
      var store = new HadoopStore(files, own);
      store.write(5, new StateFile(Map.of("state", "old"), Map.of()));
      ended = kill(changes, () -> store.write(5, new StateFile(Map.of("state", "new"), Map.of())));
      var again = new HadoopStore(files, own);
      assertThat(again.steps()).containsExactly(5L);
      assertThat(again.read(5).texts().get("state")).isIn("new", ended ? "new" : "old");
      try (Stream<java.nio.file.Path> all = Files.list(folder.resolve("run" + changes))) {
        assertThat(all.map(each -> String.valueOf(each.getFileName())))
            .isEqualTo(List.of("step-0000000005.safetensors"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"rigid:///a/100%.txt,100%.txt", "rigid:///a/b%20c.txt,b c.txt", "rigid:///a/b c,b c"})
  void anAddressMayBeEscapedOrNot(String address, String name) {
    assertThat(HadoopFiles.path(address).getName()).isEqualTo(name);
  }

  /** A file that the new one cannot follow stays where it is. */
  @Test
  void aReplacementThatFailsLeavesTheOldFile() throws IOException {
    Files.writeString(folder.resolve("model"), "old");
    var system = path("model").getFileSystem(configuration());
    assertThatThrownBy(() -> HadoopFiles.rename(system, path("missing"), path("model")))
        .isInstanceOf(IOException.class);
    assertThat(Files.readString(folder.resolve("model"))).isEqualTo("old");
  }

  @Test
  void aFolderIsNotReplaced() throws IOException {
    var files = new HadoopFiles(configuration());
    var here = Files.writeString(folder.resolve("here"), "new");
    Files.createDirectory(folder.resolve("models"));
    assertThatThrownBy(() -> files.send(here, path("models")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("it is a folder");
  }
}

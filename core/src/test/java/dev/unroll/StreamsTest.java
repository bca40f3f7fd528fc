package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.base.Precision;
import dev.unroll.model.Classifier;
import dev.unroll.model.LanguageModel;
import dev.unroll.result.Model;
import dev.unroll.store.Task;
import dev.unroll.task.RunOutput;
import dev.unroll.tasks.Tasks;
import dev.unroll.train.TrainingListener;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models of every task go through streams as through files. */
class StreamsTest {

  @TempDir Path folder;

  static List<Task<?, ?>> tasks() {
    return List.copyOf(Tasks.ALL);
  }

  private Model trained(String task) {
    Path file = folder.resolve(task + ".safetensors");
    TinyRun.of(task, RunOutput.NOTHING).run(TrainingListener.NONE).write(file);
    return Tasks.open(file);
  }

  private static byte[] bytes(Model model) {
    var out = new ByteArrayOutputStream();
    model.save(out);
    return out.toByteArray();
  }

  /** As a socket gives them out: a few bytes at a time. */
  private static final class Slow extends ByteArrayInputStream {
    boolean closed;

    Slow(byte[] bytes) {
      super(bytes);
    }

    @Override
    public int read(byte[] target, int from, int length) {
      return super.read(target, from, Math.min(7, length));
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void aStreamHasTheBytesOfTheFile(Task<?, ?> task) throws IOException {
    for (Precision precision : List.of(Precision.FLOAT32, Precision.INT8)) {
      Model model = trained(task.name()).withPrecision(precision);
      Path file = folder.resolve("m.safetensors");
      model.save(file);
      assertThat(bytes(model)).isEqualTo(Files.readAllBytes(file));
      Thread.currentThread().interrupt();
      var in = new Slow(bytes(model));
      Model read = Tasks.open(in);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(in.closed).isFalse();
      assertThat(read.task()).isEqualTo(task);
      assertThat(read.precision()).isEqualTo(precision);
      assertThat(read.parameters()).isEqualTo(model.parameters());
      assertThat(read.provenance()).isEqualTo(model.provenance());
    }
  }

  @Test
  void severalModelsFollowOneAnother() {
    var out = new ByteArrayOutputStream();
    Model first = trained("lm");
    Model second = trained("classify");
    first.save(out);
    second.save(out);
    InputStream in = new ByteArrayInputStream(out.toByteArray());
    assertThat(LanguageModel.open(in).parameters()).isEqualTo(first.parameters());
    assertThat(Classifier.open(in).parameters()).isEqualTo(second.parameters());
  }

  @Test
  void whatIsNoWholeModelIsRefused() {
    byte[] bytes = bytes(trained("classify"));
    for (int length = 0; length < bytes.length; length += 1 + length / 3) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> Tasks.open(new ByteArrayInputStream(cut)))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("the stream: cannot be read: it ends too early");
    }
    byte[] changed = bytes.clone();
    changed[bytes.length - 3] ^= 4;
    assertThatThrownBy(() -> Tasks.open(new ByteArrayInputStream(changed)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("the stream: is not whole: its checksum does not match");
    assertThatThrownBy(() -> LanguageModel.open(new ByteArrayInputStream(bytes)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("the stream: is a model of the task classify, not of ");
    assertThatThrownBy(() -> Tasks.open(new ByteArrayInputStream(new byte[100])))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("the stream: is not whole: its first eight bytes");
  }

  @Test
  void aStreamThatFailsIsNamed() {
    Model model = trained("lm");
    var full =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw new IOException("the disk is full");
          }
        };
    assertThatThrownBy(() -> model.save(full))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("the stream: cannot be written: the disk is full");
    var broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }
        };
    assertThatThrownBy(() -> Tasks.open(broken))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("the stream: cannot be read: connection reset");
    assertThatCode(() -> model.save(OutputStream.nullOutputStream())).doesNotThrowAnyException();
  }
}

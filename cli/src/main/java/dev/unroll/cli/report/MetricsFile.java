package dev.unroll.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.base.InputException;
import dev.unroll.file.SafeFiles;
import dev.unroll.learn.ForwardingListener;
import dev.unroll.train.TrainingListener;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what happens in training for machines: a JSON object a line. */
public final class MetricsFile extends ForwardingListener implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private @Nullable BufferedWriter out;
  private boolean failing;

  /**
   * Passes every event on to {@code next}. The file is begun anew with the first event, unless that
   * says that a run is resumed: then what was written up to its checkpoint stays.
   */
  public MetricsFile(Path file, TrainingListener next) {
    super(next);
    this.file = file;
  }

  /**
   * Adds a line to a file when all others are written.
   *
   * @throws InputException if it cannot be written
   */
  public static void append(Path file, String event, Map<String, Object> fields) {
    var line = new LinkedHashMap<String, Object>();
    line.put("event", event);
    line.putAll(fields);
    try {
      Files.writeString(
          file, JsonLine.of(line) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private BufferedWriter out() throws IOException {
    BufferedWriter opened = out;
    if (opened == null) {
      opened = Files.newBufferedWriter(file);
      out = opened;
    }
    return opened;
  }

  /** What was written after the checkpoint happens again. */
  @Override
  public void onResumed(long step) {
    try {
      if (Files.exists(file)) {
        SafeFiles.replace(file, channel -> writeUpTo(step, channel));
      }
      out = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw unwritable(e);
    } catch (UncheckedIOException e) {
      throw unwritable(new IOException(e.getMessage(), e));
    }
    super.onResumed(step);
  }

  private void writeUpTo(long step, FileChannel channel) throws IOException {
    var kept = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
    try (var lines = Files.lines(file)) {
      for (String line : (Iterable<String>) lines::iterator) {
        if (stepOf(line) <= step) {
          kept.write(line);
          kept.write('\n');
        }
      }
    }
    kept.flush();
  }

  /** A line that a killed run did not finish belongs to no step. */
  private static long stepOf(String line) {
    try {
      return JSON.readTree(line).path("step").asLong(Long.MAX_VALUE);
    } catch (JsonProcessingException e) {
      return Long.MAX_VALUE;
    }
  }

  @Override
  public void onStep(StepReport report) {
    write("step", step(report));
    super.onStep(report);
  }

  @Override
  public void onSkipped(StepReport report) {
    write("skipped", step(report));
    flush();
    super.onSkipped(report);
  }

  @Override
  public void onValidation(ValidationReport report) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("step", report.step());
    fields.put("epoch", report.epoch());
    fields.put("trainingLoss", report.trainingLoss());
    fields.put("loss", report.loss());
    var measure = report.validation().measure();
    if (measure == null) {
      fields.put("perplexity", report.perplexity());
    } else {
      fields.put(measure.name(), measure.value());
    }
    fields.put("improved", report.improved());
    write("validation", fields);
    flush();
    super.onValidation(report);
  }

  @Override
  public void onAveraging(long step) {
    write("averaging", Map.of("step", step));
    super.onAveraging(step);
  }

  /** A run that is stopped later resumes from here, so the lines up to here must be there. */
  @Override
  public void beforeCheckpoint(long step) {
    flush();
    super.beforeCheckpoint(step);
  }

  private static Map<String, Object> step(StepReport report) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("step", report.step());
    fields.put("epoch", report.epoch());
    fields.put("tokens", report.tokens());
    fields.put("loss", report.loss());
    fields.put("gradientNorm", report.gradientNorm());
    fields.put("rate", report.rate());
    return fields;
  }

  private void write(String event, Map<String, Object> fields) {
    var line = new LinkedHashMap<String, Object>();
    line.put("event", event);
    line.putAll(fields);
    boolean begun = out != null;
    try {
      out().write(JsonLine.of(line));
      out().write('\n');
    } catch (IOException e) {
      if (!begun) {
        throw unwritable(e); // a wrong place is reported before there is anything to lose
      }
      failed(e);
    }
  }

  private void flush() {
    try {
      out().flush();
      failing = false;
    } catch (IOException e) {
      failed(e);
    }
  }

  /** Lines that cannot be written end no training, which is reported once, not at each step. */
  private void failed(IOException e) {
    if (!failing) {
      failing = true;
      onWriteFailed(unwritable(e));
    }
  }

  private InputException unwritable(IOException e) {
    return unwritable(file, e);
  }

  private static InputException unwritable(Path file, IOException e) {
    return InputException.in(
        file,
        "cannot be written: " + SafeFiles.reason(e),
        "Check the free space, or choose another place for --metrics.");
  }

  @Override
  public void close() {
    BufferedWriter opened = out;
    if (opened == null) {
      return; // nothing has happened, and what an earlier run wrote stays
    }
    try {
      opened.close();
    } catch (IOException e) {
      failed(e);
    }
  }
}

package dev.unroll.spark.train;

import dev.unroll.base.InputException;
import dev.unroll.cli.command.TrainingPlace;
import dev.unroll.learn.CheckpointStore;
import dev.unroll.learn.ForwardingListener;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelFile;
import dev.unroll.task.Run;
import dev.unroll.train.TrainingListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** The cluster as the place where a command trains, with the files of the command. */
final class ClusterPlace implements TrainingPlace {

  private final SparkSession session;
  private final HadoopFiles files;
  private final Path work;
  private final boolean ownsProgram;
  private final List<String> here = new ArrayList<>();
  private final ArrayList<String> there = new ArrayList<>();
  private final List<Path> inputs = new ArrayList<>();

  /** What is written elsewhere, by its name on this machine. */
  private final Map<Path, org.apache.hadoop.fs.Path> outputs = new LinkedHashMap<>();

  /** The addresses of all files that are elsewhere, by the names of their copies. */
  private final Map<String, String> addresses = new LinkedHashMap<>();

  ClusterPlace(SparkSession session, Path work, Arguments arguments, boolean ownsProgram) {
    this.session = session;
    this.work = work;
    this.ownsProgram = ownsProgram;
    files = new HadoopFiles(session.sessionState().newHadoopConf());
    for (Arguments.Word word : arguments.words()) {
      switch (word.kind()) {
        case PLAIN -> add(word, word.value(), word.value());
        case INPUT -> addInput(word);
        case OUTPUT -> addOutput(word);
      }
    }
  }

  private void add(Arguments.Word word, String own, String onExecutors) {
    here.add(word.before() + own);
    there.add(word.before() + onExecutors);
  }

  private void addInput(Arguments.Word word) {
    Path local = Path.of(word.value());
    if (HadoopFiles.isAddress(word.value())) {
      var address = HadoopFiles.path(word.value());
      local = place("in" + inputs.size(), address);
      addresses.put(local.toString(), address.toString());
      files.fetch(address, local);
    }
    if (!Files.exists(local)) {
      throw InputException.in(local, "does not exist", "Check the name.");
    }
    add(word, local.toString(), CommandRecipe.FILES + "" + inputs.size() + "/" + name(local));
    inputs.add(local);
  }

  private void addOutput(Arguments.Word word) {
    Path local = Path.of(word.value());
    if (HadoopFiles.isAddress(word.value())) {
      var address = HadoopFiles.path(word.value());
      local = place("out" + outputs.size(), address);
      outputs.put(local, address);
      addresses.put(local.toString(), address.toString());
      files.restore(address);
      if (files.isFile(address)) {
        files.fetch(address, local); // a run that is resumed goes on with it
      }
    }
    add(word, local.toString(), CommandRecipe.FILES + CommandRecipe.OWN + "/" + name(local));
  }

  private static String name(Path file) {
    return String.valueOf(file.toAbsolutePath().getFileName());
  }

  private Path place(String folder, org.apache.hadoop.fs.Path address) {
    try {
      return Files.createDirectories(work.resolve(folder)).resolve(address.getName());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the arguments for the driver. */
  List<String> here() {
    return here;
  }

  /** Returns a writer that calls files by their addresses. */
  PrintWriter naming(PrintWriter out) {
    return addresses.isEmpty() ? out : Renaming.over(out, addresses);
  }

  @Override
  public <F extends ModelFields> ModelFile<F> train(Run<F> run, TrainingListener listener) {
    String archive = Archive.send(session.sparkContext(), inputs);
    return SparkTraining.run(
        session, new CommandRecipe(archive, there), run, new Sending(listener));
  }

  @Override
  public @Nullable CheckpointStore store(Path folder) {
    for (var output : outputs.entrySet()) {
      String own = output.getKey().toString();
      if (folder.toString().startsWith(own)) { // MODEL.run beside the model, or the folder itself
        String rest = folder.toString().substring(own.length());
        return new HadoopStore(files, output.getValue().suffix(rest));
      }
    }
    return null;
  }

  @Override
  public boolean takesSignals() {
    return ownsProgram;
  }

  /** Sends all that was written to its place. */
  void send() {
    outputs.forEach(
        (local, address) -> {
          if (Files.isRegularFile(local)) {
            files.send(local, address);
          }
        });
  }

  /** Sends what was written whenever a driver that is lost would have it lost. */
  private final class Sending extends ForwardingListener {

    Sending(TrainingListener next) {
      super(next);
    }

    @Override
    public void onImproved(float[] parameters, ValidationReport report) {
      super.onImproved(parameters, report);
      trySend();
    }

    @Override
    public void onCheckpoint(long step) {
      super.onCheckpoint(step);
      trySend();
    }

    private void trySend() {
      try {
        send();
      } catch (InputException e) {
        onWriteFailed(e); // the run continues, and all is sent again at its end
      }
    }
  }
}

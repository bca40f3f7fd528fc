package dev.unroll.server.model;

import dev.unroll.base.InputException;
import dev.unroll.result.Model;
import dev.unroll.server.http.Problem;
import dev.unroll.tasks.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The served models by name. When a file is replaced on disk, its model is, too. */
public final class Models {

  private static final System.Logger LOG = System.getLogger(Models.class.getName());
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final InstantSource clock;
  private final Function<Model, Engine> engines;
  private final Batcher batcher;
  private BiConsumer<Served, Served> replaced = (before, now) -> {};

  /** A name, where its model comes from, and which one it is now. */
  private static final class Entry {
    private final Path file;
    private volatile Served current;
    private final ReentrantLock loading = new ReentrantLock();
    private Stamp seen;
    private volatile Stamp loaded;

    Entry(Path file, Served served, Stamp stamp) {
      this.file = file;
      current = served;
      seen = stamp;
      loaded = stamp;
    }
  }

  /** By what a file is found to be another one. */
  private record Stamp(long time, long size, String key) {
    static Stamp of(Path file) {
      try {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(
            attributes.lastModifiedTime().toMillis(),
            attributes.size(),
            String.valueOf(attributes.fileKey()));
      } catch (IOException e) {
        return new Stamp(0, -1, "");
      }
    }
  }

  /**
   * Opens all models.
   *
   * @param files by the names under which they are served
   * @param engines what computes the answers of each
   * @throws InputException if one cannot be opened, or a name cannot stand in a path
   */
  public Models(
      Map<String, Path> files,
      InstantSource clock,
      Function<Model, Engine> engines,
      Batcher batcher) {
    this.clock = clock;
    this.engines = engines;
    this.batcher = batcher;
    if (files.isEmpty()) {
      throw new InputException("there is no model to serve", "Name one file or more.");
    }
    files.forEach(
        (name, file) -> {
          if (!NAME.matcher(name).matches()) {
            throw new InputException(
                "a model cannot be served as " + name,
                "Give it a name of letters, digits, dots, - and _, as in NAME=FILE.");
          }
          Stamp stamp = Stamp.of(file);
          entries.put(name, new Entry(file, load(name, file), stamp));
        });
  }

  /** Lets somebody know of each model that is replaced: of the old one and the new one. */
  public void onReplaced(BiConsumer<Served, Served> listener) {
    replaced = listener;
  }

  /** Errors do not disclose where files are. */
  private Served again(String name, Path file) {
    try {
      return load(name, file);
    } catch (InputException e) {
      throw Problem.unusable(
          e.problem().replace(file.toString(), "the file of " + name) + "; the old model stays");
    }
  }

  private Served load(String name, Path file) {
    Model model = Tasks.open(file);
    var served = new Served(name, model, engines, clock.instant(), batcher);
    WarmUp.run(model);
    return served;
  }

  /** Returns all models as they are now. */
  public List<Served> all() {
    return entries.values().stream().map(entry -> entry.current).toList();
  }

  /** Returns the names of all models. */
  public Collection<String> names() {
    return entries.keySet();
  }

  /** Returns how many models are of a task. */
  public long count(Class<? extends Model> type) {
    return all().stream().filter(each -> type.isInstance(each.model())).count();
  }

  /**
   * Returns a model.
   *
   * @throws Problem if none has the name
   */
  public Served get(String name) {
    return entry(name).current;
  }

  private Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw Problem.notFound("there is no such model; models are " + String.join(", ", names()));
    }
    return entry;
  }

  /**
   * Returns the model that is asked for, or the only one of a task where none is named.
   *
   * @throws Problem if there is none, or it is of another task
   */
  public Served find(@Nullable String name, Class<? extends Model> type) {
    if (name != null) {
      Served found = get(name);
      if (!type.isInstance(found.model())) {
        throw wrong(
            "the model " + name + " is of the task " + found.task() + ", which does not do this");
      }
      return found;
    }
    return only(type::isInstance);
  }

  /**
   * Returns the only model of a kind.
   *
   * @throws Problem if there is none, or more than one
   */
  public Served only(Predicate<Model> kind) {
    List<Served> fitting = all().stream().filter(each -> kind.test(each.model())).toList();
    if (fitting.isEmpty()) {
      throw wrong("no model of the task is served; models are " + String.join(", ", names()));
    }
    if (fitting.size() > 1) {
      String which = fitting.stream().map(Served::name).collect(Collectors.joining(", "));
      throw wrong("say which model is meant: model is one of " + which);
    }
    return fitting.getFirst();
  }

  private static Problem wrong(String detail) {
    return Problem.ofField(422, "model", detail);
  }

  /**
   * Opens the file of a model again, tries it, and puts it in the place of the model; what runs
   * goes on with the old one.
   *
   * @throws Problem if it cannot be opened: the old one stays
   */
  public Served reload(String name) {
    Entry entry = entry(name);
    var loading = new CompletableFuture<Served>();
    Thread.ofPlatform() // the virtual thread of a request would hold up all others
        .daemon()
        .name("unroll-reload-" + name)
        .start(
            () -> {
              try {
                loading.complete(reload(name, entry));
              } catch (Throwable e) {
                loading.completeExceptionally(e);
              }
            });
    try {
      return loading.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException own) {
        throw own;
      }
      if (e.getCause() instanceof Error own) {
        throw own;
      }
      throw e;
    }
  }

  private Served reload(String name, Entry entry) {
    if (!entry.loading.tryLock()) {
      throw Problem.busy(503, "the model is being loaded already", Duration.ofSeconds(1));
    }
    try {
      entry.loaded = Stamp.of(entry.file); // tried once, whatever comes of it
      Served before = entry.current;
      Served next = again(name, entry.file);
      entry.current = next;
      replaced.accept(before, next);
      LOG.log(System.Logger.Level.INFO, "model " + name + " was replaced by " + next.hash());
      return next;
    } finally {
      entry.loading.unlock();
    }
  }

  /**
   * Loads again what was replaced on disk and has not changed since the last look. A file that
   * cannot be opened is noted in the log and tried again when it changes.
   */
  public void reloadReplaced() {
    entries.forEach(
        (name, entry) -> {
          Stamp now = Stamp.of(entry.file);
          boolean settled = now.equals(entry.seen);
          entry.seen = now;
          boolean known = now.equals(entry.loaded) || now.size < 0;
          if (known || !settled || entry.loading.isLocked()) {
            return;
          }
          try {
            reload(name, entry);
          } catch (RuntimeException | OutOfMemoryError e) {
            LOG.log(
                System.Logger.Level.WARNING,
                "model "
                    + name
                    + " was replaced by what cannot be served, the old one stays: "
                    + e.getMessage());
          }
        });
  }
}

package dev.unroll.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.unroll.base.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many times as long peers take as Unroll, by case. A ratio depends less on the machine than a
 * time does.
 *
 * @param machine where they were measured
 * @param ratios the ratio of each case beside each peer
 */
record Ratios(String machine, Map<String, Double> ratios) {

  /** Sorts them by their names. */
  Ratios {
    ratios = new TreeMap<>(ratios);
  }

  /** Returns what a case beside a peer is called. */
  static String name(Result peer) {
    String work = peer.work().work().name().toLowerCase(Locale.ROOT);
    String threads = peer.threads() == 1 ? "1 thread" : peer.threads() + " threads";
    return "%s, %s, %s, beside %s".formatted(work, peer.work().title(), threads, peer.engine());
  }

  /**
   * A ratio that fell.
   *
   * @param name of which case beside which peer
   * @param before what it was
   * @param now what it is
   */
  record Fall(String name, double before, double now) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%s: %.2f, was %.2f (%.0f%%)", name, now, before, 100 * (now / before - 1));
    }
  }

  /** Returns what has fallen by more than a share since {@code before}, of what both measured. */
  List<Fall> fallen(Ratios before, double share) {
    var fallen = new ArrayList<Fall>();
    ratios.forEach(
        (name, now) -> {
          Double old = before.ratios.get(name);
          if (old != null && now < old * (1 - share)) {
            fallen.add(new Fall(name, old, now));
          }
        });
    return fallen;
  }

  /** Returns how many ratios both have. */
  int shared(Ratios before) {
    return (int) ratios.keySet().stream().filter(before.ratios::containsKey).count();
  }

  static Ratios read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw InputException.in(file, "is not there", "Measure ratios first, with --save.");
    }
    try {
      return new ObjectMapper().readValue(file.toFile(), new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw InputException.in(
          file, "holds no ratios: " + e.getOriginalMessage(), "Measure them again, with --save.");
    }
  }

  void write(Path file) throws IOException {
    var mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    Files.writeString(file, mapper.writeValueAsString(this) + "\n");
  }
}

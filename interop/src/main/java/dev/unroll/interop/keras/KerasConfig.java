package dev.unroll.interop.keras;

import dev.unroll.base.InputException;
import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The layers that the configuration of a model describes, from its input to its output. */
final class KerasConfig {

  private static final String FIX =
      "Build it as keras.Sequential, or of layers that read one another in a row.";

  /** What compares with 0 for a mask; a sequence here has a length instead. */
  private static final String MASK = "NotEqual";

  private static final int DEEPEST = 8;

  private final String file;

  private KerasConfig(String file) {
    this.file = file;
  }

  /**
   * Reads a configuration.
   *
   * @param file what messages call the file
   * @throws InputException if it is not a chain of layers
   */
  static List<KerasLayer> layers(String file, String config) {
    try {
      return new KerasConfig(file).model(KerasJson.parse(config), "", 0);
    } catch (JsonException e) {
      throw InputException.in(file, "the configuration: " + e.getMessage(), FIX);
    }
  }

  /**
   * The layers of a model, and of those inside it.
   *
   * @param prefix the path of the model's own group
   */
  private List<KerasLayer> model(Json.Reader json, String prefix, int depth) {
    String kind = json.text("class_name");
    if (depth > DEEPEST) {
      throw InputException.in(file, "models nested deeper than " + DEEPEST, FIX);
    }
    List<Json.Reader> all = json.member("config").list("layers");
    Map<String, String> paths = paths(all, prefix);
    List<Json.Reader> chain =
        switch (kind) {
          case "Sequential" -> all;
          case "Functional", "Model" -> chain(all);
          default ->
              throw InputException.in(
                  file,
                  "a model of the class " + kind + ", whose Python code says what it does",
                  FIX);
        };
    var layers = new ArrayList<KerasLayer>();
    for (Json.Reader layer : chain) {
      String path = paths.getOrDefault(layer.place(), "");
      if (isModel(layer)) {
        layers.addAll(model(layer, path + "/", depth + 1));
      } else {
        layers.add(
            new KerasLayer(
                file, layer.text("class_name"), name(layer), layer.member("config"), path));
      }
    }
    return layers;
  }

  private static boolean isModel(Json.Reader layer) {
    return Set.of("Sequential", "Functional", "Model").contains(layer.text("class_name"));
  }

  private static String name(Json.Reader layer) {
    return layer.has("name") ? layer.text("name") : layer.member("config").text("name");
  }

  /** Paths by the places of layers: Keras numbers those of a class in the order of its list. */
  private static Map<String, String> paths(List<Json.Reader> layers, String prefix) {
    var used = new HashMap<String, Integer>();
    var paths = new HashMap<String, String>();
    for (Json.Reader layer : layers) {
      String base = snakeCase(layer.text("class_name"));
      int number = used.merge(base, 1, Integer::sum) - 1;
      paths.put(layer.place(), prefix + "layers/" + base + (number == 0 ? "" : "_" + number));
    }
    return paths;
  }

  /** Keras' own {@code to_snake_case}: {@code SimpleRNN} is {@code simple_rnn}. */
  static String snakeCase(String name) {
    return name.replaceAll("\\W+", "")
        .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
        .replaceAll("([a-z])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }

  /** The layers of a graph without branches, in the order in which they read one another. */
  private List<Json.Reader> chain(List<Json.Reader> layers) {
    var readers = new HashMap<String, Json.Reader>();
    Json.Reader first = null;
    int count = 0;
    for (Json.Reader layer : layers) {
      if (layer.text("class_name").equals(MASK)) {
        continue;
      }
      count++;
      String source = source(layer);
      if (source == null && first != null) {
        throw branch(layer, "is a second input");
      } else if (source == null) {
        first = layer;
      } else if (readers.put(source, layer) != null) {
        throw branch(layer, "is not the only one that reads " + source);
      }
    }
    var chain = new ArrayList<Json.Reader>();
    for (Json.Reader layer = first; layer != null && chain.size() < count; ) {
      chain.add(layer);
      layer = readers.get(name(layer));
    }
    if (chain.size() != count) {
      throw InputException.in(file, "the layers do not read one another in a row", FIX);
    }
    return chain;
  }

  /** The name of what a layer reads; null for an input. */
  private @Nullable String source(Json.Reader layer) {
    var sources = new LinkedHashSet<String>();
    List<Json.Reader> nodes = layer.has("inbound_nodes") ? layer.list("inbound_nodes") : List.of();
    nodes.forEach(node -> addSources(node.value(), sources, 0));
    if (nodes.size() > 1 || sources.size() > 1) {
      throw branch(layer, "reads more than one other");
    }
    return sources.isEmpty() ? null : sources.iterator().next();
  }

  private InputException branch(Json.Reader layer, String problem) {
    return InputException.in(file, "the layer " + name(layer) + " " + problem, FIX);
  }

  /** Finds the names of layers in a node, as Keras 3 and Keras 2 write it. */
  private static void addSources(@Nullable Object value, Set<String> sources, int depth) {
    if (value instanceof Map<?, ?> map) {
      if ("__keras_tensor__".equals(map.get("class_name"))) {
        var config = new Json.Reader("inbound_nodes", map).member("config");
        sources.add(config.list("keras_history").getFirst().asText());
      } else {
        map.forEach(
            (name, each) -> {
              if (!"mask".equals(name)) {
                addSources(each, sources, depth + 1);
              }
            });
      }
    } else if (value instanceof List<?> list && !list.isEmpty()) {
      if (list.getFirst() instanceof String name && list.size() > 2) {
        sources.add(name);
        addSources(list.getLast(), sources, depth + 1);
      } else {
        ((Collection<?>) list).forEach(each -> addSources(each, sources, depth + 1));
      }
    }
  }
}

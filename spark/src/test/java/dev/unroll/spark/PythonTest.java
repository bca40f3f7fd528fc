package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The wrappers for Python, without PySpark: what they name and call is there on the side of the
 * JVM, and what is there can be set from Python.
 */
class PythonTest {

  private static final Path FOLDER = Path.of("src/main/python");

  private static final Pattern CLASS =
      Pattern.compile("(?ms)^class (\\w+)\\(([^)]*)\\):\\n(.*?)(?=^\\S|\\z)");
  private static final Pattern PARAM =
      Pattern.compile("(?m)^    (\\w+) = _(text|whole|number|flag)\\(\\s*\"(\\w+)\"");
  private static final Pattern CALL = Pattern.compile("_call_java\\(\"(\\w+)\"((?:, \\w+)*)\\)");

  /** A class of a file: its parameters by kind, and the methods that it calls, with arguments. */
  private record Wrapper(String name, Map<String, String> params, Map<String, Integer> calls) {}

  private static Path file(String module) {
    Path folder = Path.of(System.getProperty("unroll.spark.python", FOLDER.toString()));
    return folder.resolve(module.replace('.', '/')).resolve("__init__.py");
  }

  /** Returns the wrappers of a file; {@code all} has the bases of files before. */
  private static List<Wrapper> wrappers(String text, Map<String, Wrapper> all) {
    var found = new ArrayList<Wrapper>();
    var matcher = CLASS.matcher(text);
    while (matcher.find()) {
      var own = new Wrapper(matcher.group(1), new TreeMap<>(), new TreeMap<>());
      for (String base : matcher.group(2).split(", ")) {
        if (all.containsKey(base)) {
          own.params.putAll(all.get(base).params);
          own.calls.putAll(all.get(base).calls);
        }
      }
      var params = PARAM.matcher(matcher.group(3));
      while (params.find()) {
        assertThat(params.group(3)).isEqualTo(params.group(1));
        own.params.put(params.group(1), params.group(2));
      }
      var calls = CALL.matcher(matcher.group(3));
      while (calls.find()) {
        own.calls.put(calls.group(1), calls.group(2).split(",").length - 1);
      }
      all.put(own.name, own);
      found.add(own);
    }
    return found.stream().filter(each -> !each.name.startsWith("_")).toList();
  }

  private static String kind(Param<?> param) {
    if (param instanceof IntParam || param instanceof LongParam) {
      return "whole";
    }
    return param instanceof DoubleParam
        ? "number"
        : param instanceof BooleanParam ? "flag" : "text";
  }

  @Test
  void wrappersAndClassesHaveTheSameParameters() throws Exception {
    var all = new TreeMap<String, Wrapper>();
    for (var module : stages().entrySet()) {
      var wrappers = wrappers(Files.readString(file(module.getKey())), all);
      for (Wrapper wrapper : wrappers) {
        assertSame(wrapper, Class.forName(module.getKey() + "." + wrapper.name));
      }
      assertThat(wrappers.stream().map(Wrapper::name))
          .as(module.getKey())
          .containsExactlyInAnyOrderElementsOf(module.getValue());
    }
  }

  private static void assertSame(Wrapper wrapper, Class<?> type) throws Exception {
    var stage = (Params) type.getConstructor(String.class).newInstance("a name");
    assertThat(stage.uid()).isEqualTo("a name");
    var params = new TreeMap<String, String>();
    for (Param<?> param : stage.params()) {
      params.put(param.name(), kind(param));
    }
    assertThat(wrapper.params).as(wrapper.name).isEqualTo(params);
    wrapper.calls.forEach(
        (name, arguments) ->
            assertThat(type.getMethods())
                .as(wrapper.name)
                .anyMatch(
                    each -> each.getName().equals(name) && each.getParameterCount() == arguments));
  }

  /** The stages by their packages: what Python must have. */
  private static Map<String, Set<String>> stages() throws Exception {
    var names = new TreeMap<String, Set<String>>();
    Path classes =
        Path.of(UnrollScore.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(classes.resolve("dev/unroll/spark"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        String name = classes.relativize(file).toString().replace(".class", "").replace('/', '.');
        if (!name.contains("$") && !name.endsWith("package-info")) {
          Class<?> type = Class.forName(name, false, PythonTest.class.getClassLoader());
          if (Params.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
            names
                .computeIfAbsent(type.getPackageName(), fresh -> new TreeSet<>())
                .add(type.getSimpleName());
          }
        }
      }
    }
    return names;
  }

  /** What pyspark.ml calls when it saves and loads a stage, and our own function for SQL. */
  @Test
  void modelsAreReadAndFunctionsRegistered() throws Exception {
    for (String name : stages().get("dev.unroll.spark")) {
      Class<?> type = Class.forName("dev.unroll.spark." + name);
      if (ModelStage.class.isAssignableFrom(type)) {
        assertThat(MLReader.class).isAssignableFrom(type.getMethod("read").getReturnType());
        assertThat(Modifier.isStatic(type.getMethod("read").getModifiers())).isTrue();
        assertThat(type).isAssignableTo(MLWritable.class);
      }
    }
    UnrollFunctions.class.getMethod("register", SparkSession.class, Map.class);
  }

  @Test
  void pythonCompilesTheFile() throws Exception {
    var command = new ArrayList<>(List.of("python3", "-c"));
    command.add("import sys; [compile(open(each).read(), each, 'exec') for each in sys.argv[1:]]");
    for (String module : stages().keySet()) {
      command.add(file(module).toString());
    }
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      Assumptions.abort("there is no python3 here");
      return;
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}

package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Workers;
import dev.unroll.data.IdStream;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Measurements;
import dev.unroll.data.Pair;
import dev.unroll.data.Series;
import dev.unroll.model.Backtest;
import dev.unroll.model.CachedModel;
import dev.unroll.model.Classifier;
import dev.unroll.model.DynamicModel;
import dev.unroll.model.Filler;
import dev.unroll.model.Forecaster;
import dev.unroll.model.LanguageBatch;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Mixture;
import dev.unroll.model.Recognizer;
import dev.unroll.model.Regressor;
import dev.unroll.model.StateBytes;
import dev.unroll.model.StreamState;
import dev.unroll.model.Tagger;
import dev.unroll.model.TokenModel;
import dev.unroll.model.Transducer;
import dev.unroll.network.Network;
import dev.unroll.network.NetworkState;
import dev.unroll.result.Decoding;
import dev.unroll.result.Sampling;
import dev.unroll.task.regress.RegressorRun.Example;
import dev.unroll.text.Corpus;
import dev.unroll.train.Training;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Models refuse null, and the message names the parameter. */
class ModelArgumentsTest {

  /** Packages whose types programs can name; methods with others are for our own modules. */
  private static final Set<String> FACE =
      Set.of("base", "cell", "data", "model", "network", "result", "train", "text");

  /** What a call says that is accepted. */
  private static final String NOTHING = "nothing";

  private static final List<String> TEXTS = Collections.nCopies(20, "ab");

  private static final LanguageModel LANGUAGE =
      Unroll.languageModel().characters().sentences().lines(TEXTS).lstm(3).epochs(1).train();

  private static final Classifier CLASSIFIER =
      Unroll.classifier()
          .data(List.of("a", "b", "a", "b"), text -> text, text -> text)
          .lstm(3)
          .epochs(1)
          .train();

  private static final Tagger TAGGER =
      Unroll.tagger()
          .data(List.of("a", "b", "a", "b"), text -> List.of(text), text -> List.of(text))
          .lstm(3)
          .epochs(1)
          .train();

  private static final Transducer TRANSDUCER =
      Unroll.transducer()
          .pairs(List.of("a", "b", "c"), text -> text, text -> text)
          .gru(3)
          .epochs(1)
          .train();

  private static final Recognizer RECOGNIZER =
      Unroll.recognizer()
          .pairs(List.of("aaaa", "bbbb", "cccc"), text -> text, text -> text.substring(0, 1))
          .gru(3)
          .epochs(1)
          .train();

  private static final Regressor REGRESSOR =
      Unroll.regressor()
          .data(List.of("a", "b", "c", "d", "e"), text -> text, text -> text.charAt(0))
          .lstm(3)
          .train();

  private static final Forecaster FORECASTER =
      Unroll.forecaster()
          .values(DoubleStream.iterate(0, n -> n + 1).limit(60).map(Math::sin).boxed().toList())
          .context(4)
          .horizon(2)
          .lstm(3)
          .epochs(1)
          .train();

  private static final IdStream CORPUS = Corpus.of(List.of("ab"), LANGUAGE.tokenizer(), false);
  private static final DynamicModel.Options SLOWLY = new DynamicModel.Options(0.1, 0, 5);
  private static final Series SERIES =
      new Series("series", FORECASTER.forecasting().columns(), new double[9][1]);

  private static final List<Object> OBJECTS =
      List.of(
          LANGUAGE,
          CLASSIFIER,
          TAGGER,
          TRANSDUCER,
          RECOGNIZER,
          REGRESSOR,
          FORECASTER,
          Mixture.equal(List.of(LANGUAGE)),
          DynamicModel.plain(LANGUAGE, SLOWLY),
          new CachedModel(LANGUAGE, 10, 0.5, 0.1),
          Filler.of(LANGUAGE),
          new LanguageBatch(LANGUAGE),
          LANGUAGE.stream(),
          FORECASTER.stream());

  /** By the name of the type, with what stands between angle brackets; else by {@link #plain}. */
  private static final Map<String, Object> USUAL = new HashMap<>();

  static {
    USUAL.put(list(String.class), List.of("ab"));
    USUAL.put("java.util.List<java.util.List<java.lang.String>>", List.of(List.of("ab")));
    USUAL.put(
        list(LabeledSequence.class), List.of(new LabeledSequence(List.of("ab"), List.of("X"))));
    USUAL.put(list(Pair.class), List.of(new Pair("a", "a")));
    USUAL.put(list(Example.class), List.of(new Example("a", 1)));
    USUAL.put(list(int[].class), List.of(new int[] {1}));
    USUAL.put(list(Series.class), List.of(SERIES));
    USUAL.put(list(Double.class), List.of(0.5));
    USUAL.put(list(Integer.class), List.of(4));
    USUAL.put(list(TokenModel.class), List.of(LANGUAGE));
    USUAL.put(list(Transducer.class), List.of(TRANSDUCER));
    USUAL.put(list(NetworkState.class), List.of(LANGUAGE.start()));
    for (Object each :
        List.of(
            "ab",
            Path.of("missing", "model"),
            Workers.single(),
            CORPUS,
            LANGUAGE,
            LANGUAGE.start(),
            FORECASTER,
            Sampling.defaults(),
            Decoding.BEAM,
            Recognizer.Search.GREEDY,
            SLOWLY,
            SERIES,
            Series.Timed.of(SERIES),
            FORECASTER.stream().state(),
            new StreamState.OfTokens(1, LANGUAGE.start()),
            Network.lstm(3),
            Training.defaults(),
            Measurements.of(1, 2, 3))) {
      USUAL.put(each.getClass().getName(), each);
    }
    USUAL.put(InputStream.class.getName(), new ByteArrayInputStream(new byte[0]));
    USUAL.put(OutputStream.class.getName(), new ByteArrayOutputStream());
  }

  private static String list(Class<?> type) {
    return "java.util.List<" + type.getTypeName() + ">";
  }

  @TestFactory
  Stream<DynamicTest> isRefusedByName() {
    var ofClasses = Stream.of(Backtest.class, StateBytes.class, Unroll.class);
    return Stream.concat(OBJECTS.stream(), ofClasses)
        .map(
            each -> {
              Class<?> type = each instanceof Class<?> own ? own : each.getClass();
              return DynamicTest.dynamicTest(
                  type.getSimpleName(), () -> assertThat(accepted(type, each)).isEmpty());
            });
  }

  private static List<String> accepted(Class<?> type, Object own) throws Exception {
    var accepted = new ArrayList<String>();
    var all = new ArrayList<Executable>(List.of(type.getConstructors()));
    for (Method method : type.getMethods()) {
      if (!method.isBridge() && !method.getDeclaringClass().equals(Object.class)) {
        all.add(method);
      }
    }
    for (Executable each : all) {
      boolean asked = isForEveryone(each) && !each.getName().equals("equals");
      for (int i = 0; asked && i < each.getParameterCount(); i++) {
        Parameter parameter = each.getParameters()[i];
        if (!parameter.getType().isPrimitive()
            && !parameter.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
          String message = refusal(own, each, i);
          boolean named =
              message.contains(NullPointerException.class.getName())
                  && message.matches("(?s).*\\b" + parameter.getName() + "\\b.*");
          boolean anyway = !message.equals(NOTHING) && message.equals(refusal(own, each, -1));
          if (!named && !anyway) {
            accepted.add(each.toGenericString() + ", " + parameter.getName() + ": " + message);
          }
        }
      }
    }
    return accepted;
  }

  private static boolean isForEveryone(Executable each) {
    return Stream.of(each.getParameterTypes())
        .map(type -> type.isArray() ? type.getComponentType() : type)
        .map(Class::getPackageName)
        .filter(name -> name.startsWith("dev.unroll."))
        .allMatch(name -> FACE.contains(name.substring("dev.unroll.".length())));
  }

  /** What a call says whose arguments are all there but one. */
  private static String refusal(Object own, Executable called, int missing) throws Exception {
    var arguments = new Object[called.getParameterCount()];
    Type[] types = called.getGenericParameterTypes();
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = i == missing ? null : usual(types[i], called.getParameterTypes()[i]);
    }
    try {
      if (called instanceof Constructor<?> constructor) {
        constructor.newInstance(arguments);
      } else {
        ((Method) called).invoke(Modifier.isStatic(called.getModifiers()) ? null : own, arguments);
      }
      return NOTHING;
    } catch (InvocationTargetException e) {
      return String.valueOf(e.getCause());
    }
  }

  private static Object usual(Type generic, Class<?> type) {
    Object known = USUAL.get(generic.getTypeName());
    if (known != null) {
      return known;
    }
    for (Object each : USUAL.values()) {
      if (type.isInstance(each) && !type.equals(List.class) && !type.equals(Iterable.class)) {
        return each;
      }
    }
    return plain(type);
  }

  private static Object plain(Class<?> type) {
    if (type.equals(int.class)) {
      return 1;
    } else if (type.equals(long.class)) {
      return 1L;
    } else if (type.equals(double.class)) {
      return 0.5;
    } else if (type.equals(boolean.class)) {
      return true;
    } else if (type.equals(float[][].class)) {
      return new float[][] {{1}};
    } else if (type.isArray()) {
      return Array.newInstance(type.getComponentType(), 1);
    } else if (type.isEnum()) {
      return type.getEnumConstants()[0];
    } else if (type.equals(Iterable.class)) {
      return List.of("ab");
    } else if (type.isInterface()) {
      return Proxy.newProxyInstance(
          type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> null);
    }
    throw new IllegalArgumentException("no usual value of " + type);
  }
}

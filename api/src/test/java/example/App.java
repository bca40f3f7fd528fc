package example;

import dev.unroll.Unroll;
import dev.unroll.model.Classifier;
import dev.unroll.model.LanguageModel;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;

/**
 * A program that uses Unroll: opens the model that it is given and trains a tiny one, in each kind
 * of thread, and prints what it finds. Tests start it wherever programs are put.
 */
public final class App {

  private App() {}

  /** Prints which kernels run, then one line per kind of thread. */
  public static void main(String[] args) throws Exception {
    Path model = Path.of(args[0]);
    System.out.println(Unroll.kernels());
    Callable<String> work = () -> answer(model);
    System.out.println("main: " + work.call());
    System.out.println("no context loader: " + inThread(Thread.ofPlatform(), work, null));
    var foreign = new URLClassLoader(new URL[0], null);
    System.out.println("foreign context loader: " + inThread(Thread.ofPlatform(), work, foreign));
    System.out.println("virtual: " + inThread(Thread.ofVirtual(), work, null));
    System.out.println("common pool: " + ForkJoinPool.commonPool().submit(work).get());
  }

  private static String inThread(Thread.Builder kind, Callable<String> work, ClassLoader context)
      throws Exception {
    var task = new FutureTask<>(work);
    Thread thread = kind.unstarted(task);
    thread.setContextClassLoader(context);
    thread.start();
    return task.get();
  }

  /** Returns what a model on disk and one trained here answer, to the last bit. */
  public static String answer(Path model) {
    var read = (LanguageModel) Unroll.open(model);
    var texts = new ArrayList<String>();
    for (int i = 0; i < 20; i++) {
      texts.addAll(List.of("the invoice is wrong", "the screen is black"));
    }
    Classifier trained =
        Unroll.classifier()
            .data(texts, text -> text, text -> text.contains("screen") ? "support" : "billing")
            .lstm(5)
            .epochs(2)
            .threads(2)
            .train();
    return List.of(
            read.score("the cats were full").perplexity(),
            Arrays.hashCode(trained.parameters()),
            trained.classify("a black screen").probability())
        .toString();
  }
}

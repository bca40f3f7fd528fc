package dev.unroll.dist;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/**
 * The lines to which links of pages lead. A link such as {@code
 * [`Dropout.apply`](…/Dropout.java#L9-L20)} ends in the name of a method or type, and leads to the
 * lines where that is declared.
 */
final class SourceLines {

  private static final Pattern LINK =
      Pattern.compile("\\[`([^`]*)`]\\(([^)#]*\\.java)#L(\\d+)-L(\\d+)\\)");

  private final Pages pages;

  SourceLines(Pages pages) {
    this.pages = pages;
  }

  private record Lines(int first, int last) {}

  /** Returns the page with the lines as they are now; unchanged if its links are right. */
  String corrected(Path page, String text) {
    return LINK.matcher(text).replaceAll(link -> escaped(link(page, link)));
  }

  private static String escaped(String text) {
    return java.util.regex.Matcher.quoteReplacement(text);
  }

  private String link(Path page, MatchResult link) {
    Path source = pages.target(page, link.group(2));
    String name = link.group(1).replaceFirst(".*[./]", "");
    int before = Integer.parseInt(link.group(3));
    Optional<Lines> lines =
        declarations(pages.root().resolve(source), name).stream()
            .min(Comparator.comparingInt(each -> Math.abs(each.first - before)));
    if (lines.isEmpty()) {
      throw new IllegalStateException(page + ": " + source + " declares no " + name);
    }
    return "[`%s`](%s#L%d-L%d)"
        .formatted(link.group(1), link.group(2), lines.get().first, lines.get().last);
  }

  /** Returns the lines of each method and type of that name. */
  private static List<Lines> declarations(Path source, String name) {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var task =
          (JavacTask)
              compiler.getTask(null, files, null, null, null, files.getJavaFileObjects(source));
      var found = new ArrayList<Lines>();
      for (CompilationUnitTree unit : task.parse()) {
        unit.accept(new Finder(name, unit, Trees.instance(task), found), null);
      }
      return found;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static final class Finder extends TreeScanner<Void, Void> {
    private final String name;
    private final CompilationUnitTree unit;
    private final Trees trees;
    private final List<Lines> found;

    Finder(String name, CompilationUnitTree unit, Trees trees, List<Lines> found) {
      this.name = name;
      this.unit = unit;
      this.trees = trees;
      this.found = found;
    }

    private void add(Tree tree) {
      var positions = trees.getSourcePositions();
      var lines = unit.getLineMap();
      found.add(
          new Lines(
              (int) lines.getLineNumber(positions.getStartPosition(unit, tree)),
              (int) lines.getLineNumber(positions.getEndPosition(unit, tree) - 1)));
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      if (method.getName().contentEquals(name)) {
        add(method);
      }
      return super.visitMethod(method, null);
    }

    @Override
    public Void visitClass(ClassTree type, Void nothing) {
      if (type.getSimpleName().contentEquals(name)) {
        add(type);
      }
      return super.visitClass(type, null);
    }
  }
}

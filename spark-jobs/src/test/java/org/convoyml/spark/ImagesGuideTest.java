package org.convoyml.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.policy.PolicyEntry;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.spark.cli.ConvoyProcess;
import org.convoyml.spark.train.Trainings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the guide to images says of policies, and its example. */
@Timeout(180)
class ImagesGuideTest {
  private static final Path GUIDE = ConvoyProcess.repository().resolve("docs/guide/images.md");
  private static final Pattern LONG_NUMBER = Pattern.compile("(\\.\\d{4})\\d+");

  @TempDir private Path folder;

  /** Each has a row that begins with its arguments and their defaults. */
  @Test
  void everyOperationIsInTheTables() throws IOException {
    List<String> rows =
        Files.readAllLines(GUIDE).stream().filter(line -> line.startsWith("| `")).toList();
    for (PolicyEntry entry : PolicyEntry.all()) {
      String arguments =
          entry.arguments().stream()
              .filter(argument -> !(argument.name() + argument.byDefault()).equals("pOptional[1]"))
              .map(
                  argument ->
                      argument.name() + argument.byDefault().map(value -> "=" + value).orElse(""))
              .collect(Collectors.joining(", "));
      String usage = entry.word() + (arguments.isEmpty() ? "" : "(" + arguments + ")");
      String cell = "| `" + LONG_NUMBER.matcher(usage).replaceAll("$1") + "` |";
      assertThat(rows).anyMatch(row -> row.startsWith(cell), cell);
    }
  }

  /** Saves, loads, transforms, writes Parquet and reads it back; then that is trained on. */
  @Test
  void theExampleRunsAndItsResultCanBeTrainedOn() throws Exception {
    Path images = Samples.mnist(folder.resolve("data"), 20);
    String example =
        example()
            .replace("\"flowers/train\"", quoted(images))
            .replace("\"flowers-augmenter\"", quoted(folder.resolve("augmenter")))
            .replace("\"flowers-augmented\"", quoted(folder.resolve("augmented")));
    assertThat(example).contains(folder.toString());
    SparkSession session = LocalSpark.session();
    ImageDataset augmented = run(example, session);
    assertThat(augmented.rows().count()).isEqualTo(4 * 20);
    assertThat(augmented.classes()).hasSize(10);
    Path model = folder.resolve("model");
    Trainings.train(
        session, Trainings.LENET, augmented, Trainings.config(Map.of("epochs", "1")), model);
    assertThat(model.resolve("weights.safetensors")).exists();
  }

  private static String example() throws IOException {
    String text = Files.readString(GUIDE);
    int begin = text.indexOf("```java\n") + "```java\n".length();
    return text.substring(begin, text.indexOf("```", begin));
  }

  private static String quoted(Path path) {
    return '"' + path.toString() + '"';
  }

  private ImageDataset run(String example, SparkSession session) throws Exception {
    Path source = folder.resolve("Example.java");
    Files.writeString(
        source,
        """
        import org.apache.spark.sql.*;
        import org.convoyml.aug.source.*;
        import org.convoyml.aug.spark.Augmenter;
        public class Example {
          public static ImageDataset run(SparkSession spark) throws Exception {
            %s
            return augmented;
          }
        }
        """
            .formatted(example));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter problems = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  problems,
                  files,
                  null,
                  List.of("-proc:none", "-nowarn", "-d", folder.toString(), "-cp", classPath()),
                  null,
                  files.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as(problems.toString()).isTrue();
    }
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      return (ImageDataset)
          loader.loadClass("Example").getMethod("run", SparkSession.class).invoke(null, session);
    } catch (InvocationTargetException e) {
      throw new AssertionError(e.getCause());
    }
  }

  /** Surefire starts the JVM with one jar that names the others. */
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}

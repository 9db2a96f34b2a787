package org.convoyml.spark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.convoyml.nn.ConvoyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is replaced is there before or after, and nothing else is. */
class HadoopFilesTest {
  @TempDir private Path folder;
  private HadoopFiles files;

  @BeforeEach
  void open() {
    files = HadoopFiles.of(new Configuration(), folder.toString());
  }

  @AfterEach
  void close() {
    files.close();
  }

  private org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toString());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFileIsReplacedAndNothingStaysBesideIt() throws IOException {
    files.replaceText(path("file"), "old");
    files.replaceText(path("file"), "new");
    assertThat(files.readText(path("file"))).isEqualTo("new");
    assertThat(names()).containsExactly("file");
  }

  @Test
  void whatCannotBeWrittenLeavesWhatWasThere() throws IOException {
    files.replaceText(path("file"), "old");
    assertThatThrownBy(
            () ->
                files.replace(
                    path("file"),
                    out -> {
                      out.write("half".getBytes(StandardCharsets.UTF_8));
                      throw new IOException("no space left");
                    }))
        .isInstanceOf(ConvoyException.class)
        .hasMessageContaining("no space left");
    assertThat(files.readText(path("file"))).isEqualTo("old");
    assertThat(names()).containsExactly("file");
  }

  @Test
  void whatCannotBeRenamedLeavesWhatWasThere() throws IOException {
    Files.createDirectories(folder.resolve("model"));
    Files.writeString(folder.resolve("model/weights"), "old");
    assertThatThrownBy(() -> files.renameOver(path("missing"), path("model")))
        .isInstanceOf(ConvoyException.class)
        .hasMessageContaining("missing: cannot rename");
    assertThat(folder.resolve("model/weights")).hasContent("old");
    assertThat(names()).containsExactly("model");
  }
}

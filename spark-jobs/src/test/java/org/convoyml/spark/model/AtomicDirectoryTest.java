package org.convoyml.spark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.convoyml.nn.ConvoyException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicDirectoryTest {
  private static final Configuration CONFIGURATION = new Configuration();

  @TempDir private Path folder;
  private Path target;

  @BeforeEach
  void chooseTarget() {
    target = folder.resolve("model");
  }

  @Test
  void itAppearsWholeWhenCommitted() throws IOException {
    try (AtomicDirectory directory = create(false)) {
      write(directory, "new");
      assertThat(target).doesNotExist();
      directory.commit();
    }
    assertThat(target.resolve("network.json")).hasContent("new");
    assertOnlyTheTargetIsLeft();
  }

  @Test
  void nothingIsLeftWhenItWasNotCommitted() {
    try (AtomicDirectory directory = create(false)) {
      write(directory, "half");
      assertThat(folder).isNotEmptyDirectory();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatIsThereStaysWithoutOverwrite() throws IOException {
    oldModel();
    assertThatThrownBy(() -> create(false))
        .isInstanceOf(ConvoyException.class)
        .hasMessage(target + ": already exists (--overwrite replaces a model)");
    assertOldModelIsAllThereIs();
  }

  @Test
  void aModelIsReplacedWithOverwrite() throws IOException {
    oldModel();
    try (AtomicDirectory directory = create(true)) {
      write(directory, "new");
      assertThat(target.resolve("network.json")).hasContent("old");
      directory.commit();
    }
    assertThat(target.resolve("network.json")).hasContent("new");
    assertOnlyTheTargetIsLeft();
  }

  @Test
  void aFailureLeavesTheModelThatWasToBeReplaced() throws IOException {
    oldModel();
    try (AtomicDirectory directory = create(true)) {
      write(directory, "half");
    }
    assertOldModelIsAllThereIs();
  }

  @Test
  void anEmptyDirectoryMayBeReplacedAndOtherThingsMayNot() throws IOException {
    Files.createDirectory(target);
    create(true).close();
    Path mine = Files.writeString(target.resolve("thesis.tex"), "years");
    assertThatThrownBy(() -> create(true))
        .isInstanceOf(ConvoyException.class)
        .hasMessage(target + ": expected a model directory to overwrite, found something else");
    assertThat(mine).hasContent("years");
    assertOnlyTheTargetIsLeft();
  }

  @Test
  void aFileIsNotReplaced() throws IOException {
    Files.writeString(target, "text");
    assertThatThrownBy(() -> create(true)).isInstanceOf(ConvoyException.class);
    assertThat(target).hasContent("text");
  }

  @Test
  void whatAppearedInTheMeantimeIsNotMixedWithIt() throws IOException {
    try (AtomicDirectory directory = create(false)) {
      write(directory, "new");
      oldModel();
      assertThatThrownBy(directory::commit)
          .isInstanceOf(ConvoyException.class)
          .hasMessageContaining("already exists");
    }
    assertOldModelIsAllThereIs();
  }

  @Test
  void aPlaceBelowAFileCannotBeWritten() throws IOException {
    Files.writeString(target, "text");
    String below = target.resolve("inside").toString();
    assertThatThrownBy(() -> AtomicDirectory.create(CONFIGURATION, below, false))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith(below)
        .hasMessageContaining("cannot create");
    assertOnlyTheTargetIsLeft();
  }

  @Test
  void whatIsNoPlaceForADirectoryIsRefused() {
    assertThatThrownBy(() -> AtomicDirectory.create(CONFIGURATION, "/", true))
        .isInstanceOf(ConvoyException.class)
        .hasMessage("/: expected a directory to write, got a root");
    assertThatThrownBy(() -> AtomicDirectory.create(CONFIGURATION, "", true))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith("'': expected a path");
    assertThatThrownBy(() -> AtomicDirectory.create(CONFIGURATION, "nofs://x/y", true))
        .isInstanceOf(ConvoyException.class)
        .hasMessageContaining("nofs");
    assertThatThrownBy(() -> AtomicDirectory.create(CONFIGURATION, "s3a://x/y", true))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith("s3a://x/y: cannot open the file system of")
        .hasMessageContaining("S3AFileSystem");
  }

  private AtomicDirectory create(boolean overwrite) {
    return AtomicDirectory.create(CONFIGURATION, target.toString(), overwrite);
  }

  private static void write(AtomicDirectory directory, String content) {
    directory
        .files()
        .writeText(new org.apache.hadoop.fs.Path(directory.path(), "network.json"), content);
  }

  private void oldModel() throws IOException {
    Files.createDirectory(target);
    Files.writeString(target.resolve("network.json"), "old");
  }

  private void assertOldModelIsAllThereIs() throws IOException {
    assertThat(target.resolve("network.json")).hasContent("old");
    assertOnlyTheTargetIsLeft();
  }

  private void assertOnlyTheTargetIsLeft() throws IOException {
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(target);
    }
  }
}

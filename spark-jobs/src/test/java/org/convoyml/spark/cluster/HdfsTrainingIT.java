package org.convoyml.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.convoyml.spark.FaultyImages;
import org.convoyml.spark.cli.ConvoyProcess;
import org.convoyml.spark.cli.ConvoyProcess.Result;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two executors on two workers, with all data and models on HDFS. */
@Timeout(300)
class HdfsTrainingIT {
  private static final int IMAGES = 100;

  @TempDir private static Path folder;
  private static TestCluster cluster;
  private static FileSystem hdfs;
  private static Path images;
  private static Path local;

  @BeforeAll
  static void start() throws IOException {
    cluster = TestCluster.start(folder.resolve("cluster"), ClusterLayout.of(2, 1).withHdfs());
    hdfs = FileSystem.newInstance(URI.create(cluster.hdfsUrl()), new Configuration());
    images = FaultyImages.digits(folder.resolve("digits"), IMAGES);
    hdfs.copyFromLocalFile(hadoop(images), hadoop("/digits"));
    local = folder.resolve("local");
    succeed(train(List.of("--master", "local[1]"), images.toString(), local.toString()));
  }

  @AfterAll
  static void stop() throws IOException {
    if (hdfs != null) {
      hdfs.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void aModelFromAFolderIsThatOfALocalTrainingAndIsEvaluatedThere() throws IOException {
    trainsTheSame("/digits", "/models/folder");
    List<String> words = new ArrayList<>(cluster.submitOptions(2, 1));
    words.addAll(List.of("evaluate", "--data", url("/digits"), "--model", url("/models/folder")));
    words.addAll(List.of("--json", url("/reports/folder.json")));
    Result result = convoy(words);
    succeed(result);
    assertThat(result.out()).startsWith("accuracy ").contains("of " + IMAGES + " images");
    assertThat(hdfs.exists(hadoop("/reports/folder.json"))).isTrue();
  }

  @Test
  void aModelFromATarIsThatOfALocalTraining() throws IOException {
    try (OutputStream out = hdfs.create(hadoop("/digits.tar"))) {
      writeTar(out);
    }
    trainsTheSame("/digits.tar", "/models/tar");
  }

  @Test
  void aModelFromAnImportedDatasetIsThatOfALocalTraining() throws IOException {
    List<String> words = new ArrayList<>(cluster.submitOptions(2, 1));
    words.addAll(List.of("import-dataset", "--data", url("/digits")));
    words.addAll(List.of("--output", url("/packed"), "--files", "2"));
    succeed(convoy(words));
    assertThat(hdfs.listStatus(hadoop("/packed")))
        .filteredOn(file -> file.getPath().getName().endsWith(".parquet"))
        .hasSize(2);
    trainsTheSame("/packed", "/models/packed");
  }

  private static void trainsTheSame(String data, String model) throws IOException {
    Result result = train(cluster.submitOptions(2, 1), url(data), url(model));
    succeed(result);
    assertThat(result.err()).contains("2 workers");
    for (String file : List.of("weights.safetensors", "network.json", "classes.json")) {
      try (InputStream in = hdfs.open(hadoop(model + "/" + file))) {
        assertThat(in.readAllBytes()).as(file).isEqualTo(Files.readAllBytes(local.resolve(file)));
      }
    }
    // Written under another name and renamed: nothing of that remains.
    assertThat(hdfs.listStatus(hadoop("/models")))
        .allSatisfy(status -> assertThat(status.getPath().getName()).doesNotContain(".tmp"));
  }

  private static Result train(List<String> submitOptions, String data, String output) {
    List<String> words = new ArrayList<>(submitOptions);
    words.addAll(List.of("train", "--data", data, "--model", "lenet", "--output", output));
    words.addAll(List.of("--augment", "rotate(10)", "--epochs", "2", "--batch-size", "32"));
    return convoy(words);
  }

  private static Result convoy(List<String> words) {
    return ConvoyProcess.here()
        .with("SPARK_LOCAL_IP", Commands.HOST)
        .run(words.toArray(String[]::new));
  }

  private static void succeed(Result result) {
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err()).doesNotContain("Exception");
  }

  private static String url(String path) {
    return cluster.hdfsUrl() + path;
  }

  private static org.apache.hadoop.fs.Path hadoop(Object path) {
    return new org.apache.hadoop.fs.Path(path.toString());
  }

  private static void writeTar(OutputStream out) throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out);
        Stream<Path> files = Files.walk(images)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        tar.putArchiveEntry(new TarArchiveEntry(file.toFile(), images.relativize(file).toString()));
        Files.copy(file, tar);
        tar.closeArchiveEntry();
      }
    }
  }
}

package org.convoyml.aug.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class DriverDirectoryTest {
  private static final Path HERE = new Path(System.getProperty("user.dir"));

  @Test
  void relativePathsBeginThere(SparkSession spark) {
    Configuration configuration = DriverDirectory.configuration(spark);

    assertThat(DriverDirectory.resolve(configuration, new Path("models/mine")))
        .isEqualTo(new Path(HERE, "models/mine"));
    assertThat(DriverDirectory.resolve(configuration, new Path("../mine")))
        .isEqualTo(new Path(HERE.getParent(), "mine"));
  }

  @Test
  void absolutePathsRemain(SparkSession spark) {
    Configuration configuration = DriverDirectory.configuration(spark);

    for (String path : new String[] {"/models/mine", "file:/models/mine", "hdfs://host/mine"}) {
      assertThat(DriverDirectory.resolve(configuration, new Path(path))).isEqualTo(new Path(path));
    }
  }

  /** The user's home there is the same everywhere. */
  @Test
  void whereHdfsIsTheDefaultRelativePathsRemain(SparkSession spark) {
    SparkSession session = spark.newSession();
    session.conf().set("fs.defaultFS", "hdfs://localhost:1");
    Configuration configuration = DriverDirectory.configuration(session);

    assertThat(DriverDirectory.resolve(configuration, new Path("models/mine")))
        .isEqualTo(new Path("models/mine"));
  }

  /** As on an executor, which begins elsewhere. */
  @Test
  void aFileSystemIsBroughtThere(SparkSession spark) throws IOException {
    Configuration configuration = DriverDirectory.configuration(spark);
    try (FileSystem own = FileSystem.newInstance(URI.create("file:///"), configuration)) {
      own.setWorkingDirectory(new Path("/elsewhere"));

      DriverDirectory.enter(own, configuration);

      assertThat(own.makeQualified(new Path("mine")).toUri().getPath()).isEqualTo(HERE + "/mine");
    }
  }
}

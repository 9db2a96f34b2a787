package org.convoyml.spark.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Hadoop's own name node and data node, on loopback. */
final class HdfsDaemons {
  private static final String SERVER = "org.apache.hadoop.hdfs.server.";
  private static final String ANY_PORT = Commands.HOST + ":0";

  /** What a formatting name node says last. */
  static final Pattern FORMATTED = Pattern.compile("has been successfully formatted");

  /** What a name node says when clients can come. */
  static final Pattern NAMES = Pattern.compile("NameNode RPC up at: \\S*?:(\\d+)");

  /** What a data node says when the name node knows it. */
  static final Pattern DATA = Pattern.compile("(successfully registered) with NN");

  private HdfsDaemons() {}

  static List<String> format(Path folder) {
    return nameNode(folder, "-format", "-force", "-nonInteractive");
  }

  static List<String> nameNode(Path folder, String... options) {
    return Commands.hdfs(
        SERVER + "namenode.NameNode",
        Map.of(
            "fs.defaultFS",
            "hdfs://" + ANY_PORT,
            "dfs.namenode.name.dir",
            folder.resolve("names").toUri().toString(),
            "dfs.namenode.http-address",
            ANY_PORT),
        options);
  }

  static List<String> dataNode(Path folder, String url) {
    return Commands.hdfs(
        SERVER + "datanode.DataNode",
        Map.of(
            "fs.defaultFS", url,
            "dfs.datanode.data.dir", folder.resolve("data").toUri().toString(),
            "dfs.datanode.address", ANY_PORT,
            "dfs.datanode.ipc.address", ANY_PORT,
            "dfs.datanode.http.address", ANY_PORT));
  }
}

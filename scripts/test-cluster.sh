#!/usr/bin/env bash
# A Spark cluster on this machine, with HDFS if wanted: scripts/test-cluster.sh start|status|stop [OPTIONS]; --help has
# all options. Integration tests use the same code, org.convoyml.spark.cluster in spark-jobs/src/test.
set -euo pipefail

root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"
target="$root/spark-jobs/target"

# What Maven makes in the phase before integration tests: the application, Spark, HDFS, and the class that runs here.
if [[ ! -f "$target/convoy.jar" || ! -d "$target/spark/jars" || ! -d "$target/hdfs/jars" ||
  ! -f "$target/test-classes/org/convoyml/spark/cluster/TestClusterCommand.class" ]]; then
  echo "Building Convoy; the first time, Maven fetches Spark, Hadoop and the native libraries (about 650 MB) ..." >&2
  (cd "$root" && mvn -q -B -DskipTests -pl spark-jobs -am pre-integration-test)
fi

exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto "-Dconvoy.root=$root" \
  -cp "$target/test-classes:$target/convoy.jar:$target/spark/jars/*" \
  org.convoyml.spark.cluster.TestClusterCommand "$@"

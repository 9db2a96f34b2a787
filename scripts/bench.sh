#!/usr/bin/env bash
# Measures Convoy: scripts/bench.sh lenet [JMH OPTIONS]. Nothing else should run on the machine meanwhile.
#
#   lenet    one LeNet training step at batch 64 in images/s, beside the bare oneDNN primitives that it is made of
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

[[ $# -ge 1 ]] || usage
suite="$1"
shift
case "$suite" in
  lenet) benchmark=LeNetStep ;;
  *) usage ;;
esac

mvn -q -B -DskipTests -pl benchmarks -am package
exec java -cp "benchmarks/target/classes:benchmarks/target/lib/*" org.openjdk.jmh.Main "$benchmark" "$@"

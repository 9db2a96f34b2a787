#!/usr/bin/env bash
# Measures Convoy: scripts/bench.sh SUITE [OPTIONS]. Nothing else should run on the machine meanwhile.
#
#   training     whole training steps beside the bare oneDNN primitives and libtorch, in f32 and bf16
#   inference    the same for inference
#   memory       peak memory of a training step, of Convoy and of libtorch
#   step         JMH: one training step beside its primitives; JMH's options follow, such as -p network=resnet20
#
#   --networks A,B,...   of lenet, resnet20, resnet50, vgg16 (all; memory: resnet50)
#   --rounds N           turns that each contestant takes (7)
#
# Tables are Markdown and also go to benchmarks/target/SUITE.md.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  sed -n '2,/^$/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

[[ $# -ge 1 ]] || usage
suite="$1"
shift
case "$suite" in
  training | inference) networks=lenet,resnet20,resnet50,vgg16 ;;
  memory) networks=resnet50 ;;
  step) ;;
  *) usage ;;
esac

if [[ "$suite" == step ]]; then
  mvn -q -B -DskipTests -pl benchmarks -am package
  exec java -cp "benchmarks/target/classes:benchmarks/target/lib/*" org.openjdk.jmh.Main EngineStep "$@"
fi

rounds=7
while [[ $# -gt 0 ]]; do
  [[ $# -ge 2 ]] || usage
  case "$1" in
    --networks) networks="$2" ;;
    --rounds) rounds="$2" ;;
    *) usage ;;
  esac
  shift 2
done

mvn -q -B -DskipTests -Ppeers -pl benchmarks -am package
IFS=, read -r -a names <<<"$networks"
java -cp "benchmarks/target/classes:benchmarks/target/lib/*" org.convoyml.benchmarks.SideBySide \
  "$suite" "$rounds" "${names[@]}" | tee "benchmarks/target/$suite.md"

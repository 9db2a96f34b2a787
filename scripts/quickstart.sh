#!/usr/bin/env bash
# From a fresh clone to a trained model: builds Convoy, trains LeNet on the MNIST sample, evaluates it. Needs JDK 17 and
# Maven; everything else is fetched by Maven or lies in the repository.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
jar=spark-jobs/target/convoy.jar
model=models/mnist

fail() {
  printf 'quickstart: %s\n' "$1" >&2
  exit 1
}

require_tools() {
  local bin="${JAVA_HOME:+$JAVA_HOME/bin/}" version
  command -v "${bin}java" >/dev/null || fail "no Java found as '${bin}java': install a JDK 17 or newer, or set JAVA_HOME"
  command -v "${bin}javac" >/dev/null ||
    fail "Java is here, but no compiler ('${bin}javac'): install a JDK 17 or newer, not only a JRE"
  version="$("${bin}javac" -version 2>&1 | sed -n 's/^javac //p')"
  [[ "${version%%.*}" =~ ^[0-9]+$ && "${version%%.*}" -ge 17 ]] ||
    fail "JDK 17 or newer is needed, '${bin}javac' is $version: set JAVA_HOME"
  command -v mvn >/dev/null || fail "Maven is needed, there is no 'mvn': install Maven 3.8 or newer"
}

up_to_date() {
  [[ -f "$jar" && (-n "${SPARK_HOME:-}" || -d spark-jobs/target/spark/jars) ]] || return 1
  [[ -z "$(find pom.xml {core-nn,data-aug,spark-jobs}/{pom.xml,src/main} -newer "$jar" -print -quit)" ]]
}

build() {
  up_to_date && return
  echo "Building Convoy; the first time, Maven fetches Spark and the native libraries (about 600 MB) ..."
  mvn -q -B -Dstyle.color=never -DskipTests -pl spark-jobs -am package ||
    fail "the build failed, see above"
}

require_tools
build

echo "Training LeNet on 10,000 handwritten digits ..."
scripts/convoy train \
  --data samples/mnist/train-images-idx3-ubyte.gz \
  --model lenet --augment "rotate(10), translate(0.07)" --epochs 15 \
  --output "$model" --overwrite

echo
echo "Evaluating it on 2,000 others ..."
scripts/convoy evaluate --model "$model" --data samples/mnist/t10k-images-idx3-ubyte.gz

cat <<EOF_NEXT

The model is in $model. What to try next:
  scripts/convoy train --help          all options, with examples; --data takes your own folder or tar of images
  scripts/datasets.sh mnist            fetch all 60,000 training images, then train with --data datasets/mnist/...
  scripts/convoy --master 'local[1]' train ...
                                       the same with one worker: the same weights, to the last bit
EOF_NEXT

#!/usr/bin/env bash
# Measures Convoy: scripts/bench.sh SUITE [OPTIONS]. Nothing else should run on the machine meanwhile.
#
#   training     whole training steps beside the bare oneDNN primitives (the bound) and libtorch
#   inference    the same for inference
#   memory       memory of a training step beside its plan, and beside libtorch's
#   breakdown    best times of the bare primitives of training, layer by layer
#   lenet        JMH: one training step of LeNet in f32 beside its primitives; options are JMH's
#   augmented    training with augmentation beside the same without, through scripts/convoy; needs --data
#   workers      one worker on Spark beside a plain loop without it, and several beside one; needs --data
#   bytes        SHA-256 of one training's weights on 1, 2, 4 and 8 workers, local and on a cluster, with an executor
#                killed, and with the driver killed and resumed; ends with 1 unless all are equal; needs --data
#   peers        speed and peak memory of training with Convoy, libtorch, DJL, DL4J and dl4j-spark, on one core and on two;
#                Convoy alone and on Spark; DL4J as it is, and repaired so that it finds its oneDNN helpers; an hour;
#                the picture needs python3-matplotlib
#   mnist        time until LeNet reaches an accuracy on MNIST through Spark, Convoy and dl4j-spark
#   averaging    accuracy where lanes average gradients or parameters, through scripts/convoy; needs --data, --test
#   step         JMH: the same for other networks, such as -p network=resnet20 -p precision=BF16 -p threads=1
#   augmentation one thread from a JPEG file to the batch beside torchvision with PIL (python3-torchvision)
#   pipeline     JMH: the same beside decoding alone; options are JMH's, such as -p which=CIFAR
#   allreduce    all-reduce between two processes beside bare socket channels, and training steps on 1, 2 and 4
#                workers with its share of them
#
#   --networks A,B,...     of lenet, resnet20, resnet50, vgg16 (all; memory: resnet50)
#   --precisions A,B,...   of f32, bf16 (both)
#   --threads N            compute threads (2; LeNet also on one, where libtorch is faster)
#   --cores A,B,...        peers: how many each process is given (1,2)
#   --rounds N             turns that each contestant takes (7; peers: 3, mnist: 1)
#   --megabytes N          of the vector of allreduce (100)
#   --no-libtorch          without libtorch, which is a large download
#   --cifar FILE           augmentation, pipeline: a tar of CIFAR-10's images (../shared/data/cifar10/test.tar)
#   --photographs DIR      augmentation, pipeline: JPEGs of at least 2000x1500 (made of CIFAR's images)
#   --data PATH            training images of augmented, workers, bytes and averaging, such as a tar of CIFAR-10;
#                          mnist: an IDX file (samples/mnist/train-images-idx3-ubyte.gz)
#   --threshold P          mnist: accuracy on held-out images, a sixth of all, in per cent (98.5;
#                          98 for the sample, whose 8,334 images to train on are too few for more)
#   --epochs N             mnist: how many to try (30)
#   --test PATH            test images of averaging
#   --model NAME           its network (resnet20)
#   --augment POLICY       its policy (pad-crop(4), flip)
#
# Tables are Markdown and also go to benchmarks/target/bench/SUITE.md, pictures beside them.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  sed -n '2,/^$/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" | sed '/^set /,$d' >&2
  exit 2
}

build() {
  mvn -q -B -DskipTests "$@" -pl benchmarks -am package
}

run() {
  java -cp "benchmarks/target/classes:benchmarks/target/lib/*" "$@"
}

# The images/s that a training prints; further options of train may follow.
images_per_second() {
  scripts/convoy train --data "$data" --model "$model" --epochs 2 --output "$work/model" --overwrite "$@" \
    >"$work/log" 2>&1 || { cat "$work/log" >&2; return 1; }
  sed -n 's/^trained in .*, \([0-9,]*\) images\/s;.*/\1/p' "$work/log" | tr -d ,
}

# The images/s of the last epoch, which no class is loaded in any more; arguments go before the command.
last_epoch() {
  scripts/convoy "$@" train --data "$data" --model "$model" --epochs 2 --output "$work/model" --overwrite \
    >"$work/log" 2>&1 || { cat "$work/log" >&2; return 1; }
  sed -n 's/^epoch 2\/2 .*accuracy.* \([0-9,]*\) images\/s.*/\1/p' "$work/log" | tail -1 | tr -d ,
}

# A cluster until this script ends, with so many cores; $cluster are the options for executors of one core.
start_cluster() {
  work="$(mktemp -d)"
  trap 'scripts/test-cluster.sh stop --folder "$work/cluster" >&2; rm -rf "$work"' EXIT
  scripts/test-cluster.sh start --workers 2 --cores "$(($1 / 2))" --folder "$work/cluster" >"$work/start" 2>&1 ||
    { cat "$work/start" >&2; return 1; }
  cluster=(--master "$(grep -o 'spark://[^ ]*' "$work/start" | head -1)" --executor-cores 1 --executor-memory 1g)
}

# Workers of one thread each: without Spark, with Spark in one JVM, in one executor, in two, in four.
workers() {
  build
  start_cluster 4
  local images first round plain alone one two four
  first="$(last_epoch --master 'local[1]')"
  images="$(sed -n 's/^\([0-9,]*\) images, 2 epochs of.*/\1/p' "$work/log" | tr -d ,)"
  printf '%s, %s images an epoch, one thread a worker; images/s of the second epoch (%s before)\n\n' \
    "$model" "$images" "$first"
  printf '| plain loop | one worker, local | to the loop | one executor | two executors | two to one | four executors |\n|---|---|---|---|---|---|---|\n'
  for ((round = 0; round < rounds; round++)); do
    plain="$(run org.convoyml.benchmarks.PlainLoop "$model" "$images" 2 128 1)"
    alone="$(last_epoch --master 'local[1]')"
    one="$(last_epoch "${cluster[@]}" --total-executor-cores 1)"
    two="$(last_epoch "${cluster[@]}" --total-executor-cores 2)"
    four="$(last_epoch "${cluster[@]}" --total-executor-cores 4)"
    awk -v p="$plain" -v l="$alone" -v o="$one" -v t="$two" -v f="$four" \
      'BEGIN { printf "| %d | %d | %.3f | %d | %d | %.2f | %d |\n", p, l, l / p, o, t, t / o, f }'
  done
}

# Starts the training NAME on N workers, with options for spark-submit; it goes on if it was begun before.
start_training() {
  local name="$1" workers="$2"
  shift 2
  scripts/convoy "$@" train --data "$data" --model "$model" --augment "$augment" --epochs 2 --lanes 8 \
    --learning-rate 0.1 --workers "$workers" --output "$folder/$name" --resume >>"$folder/$name.log" 2>&1 &
  training=$!
}

# A row of the table, when the training that was started has ended as it should.
await_bytes() {
  wait "$training" || { cat "$folder/$2.log" >&2; return 1; }
  printf '| %s | `%s` |\n' "$1" "$(sha256sum "$folder/$2/weights.safetensors" | cut -c 1-16)"
}

# Waits until a training is well within its second epoch.
await_second_epoch() {
  until grep -q ' 0 missing' "$folder/$1.log"; do
    kill -0 "$training" || { cat "$folder/$1.log" >&2; return 1; }
    sleep 1
  done
  sleep 5
}

# The same two epochs in each way; what is killed gets no chance to say so.
bytes() {
  mvn -q -B -DskipTests -pl spark-jobs -am package
  start_cluster 8
  local folder="$PWD/benchmarks/target/bench/bytes" workers training executor
  rm -rf "$folder"
  mkdir -p "$folder"
  printf '| %s, workers of one thread each | SHA-256 of the weights begins with |\n|---|---|\n' "$model"
  for workers in 1 2 4 8; do
    start_training "local-$workers" "$workers" --master "local[$workers]"
    await_bytes "local, $workers" "local-$workers"
  done
  for workers in 1 2 4 8; do
    start_training "cluster-$workers" "$workers" "${cluster[@]}" --total-executor-cores "$workers"
    await_bytes "cluster, $workers" "cluster-$workers"
  done

  start_training executor 4 "${cluster[@]}" --total-executor-cores 4
  await_second_epoch executor
  executor="$(scripts/test-cluster.sh status --folder "$work/cluster" | sed -n 's/^executor .*(pid \([0-9]*\))$/\1/p' | head -1)"
  kill -KILL "$executor"
  await_bytes "cluster, 4, an executor killed in the second epoch" executor
  grep -q '; again from step' "$folder/executor.log"

  start_training driver 2 "${cluster[@]}" --total-executor-cores 2
  await_second_epoch driver
  kill -KILL "$training"
  wait "$training" || true
  start_training driver 4 "${cluster[@]}" --total-executor-cores 4
  await_bytes "cluster, 2, the driver killed in the second epoch, resumed with 4" driver
  grep -q 'goes on from epoch 2' "$folder/driver.log"
  [[ "$(sha256sum "$folder"/*/weights.safetensors | cut -c 1-64 | sort -u | wc -l)" == 1 ]] ||
    { echo "the weights are not the same" >&2; return 1; }
}

# Twelve epochs in eight lanes of 16 images; curves.py draws a picture and prints the table.
averaging() {
  mvn -q -B -DskipTests -pl spark-jobs -am package
  local folder=benchmarks/target/bench/averaging mode sync every name
  rm -rf "$folder"
  mkdir -p "$folder"
  for mode in gradients "parameters 1" "parameters 4" "parameters 16"; do
    read -r sync every <<<"$mode"
    name="$sync${every:+-$every}"
    scripts/convoy train --data "$data" --model "$model" --augment "$augment" --validation-split 0.1 \
      --evaluate-every 1 --epochs 12 --micro-batch-size 16 --lanes 8 --precision bf16 --learning-rate 0.1 \
      --schedule cosine --weight-decay 0.0005 --sync "$sync" ${every:+--averaging-frequency "$every"} \
      --output "$folder/$name" >"$folder/$name.log" 2>&1 || { cat "$folder/$name.log" >&2; return 1; }
    scripts/convoy evaluate --data "$test" --model "$folder/$name" --json "$folder/$name.json" >&2
  done
  "$python" benchmarks/src/peers/python/curves.py "$folder" "$folder.svg"
}

# One of each in turn, so that both have the same share of what else the machine does.
augmented() {
  mvn -q -B -DskipTests -pl spark-jobs -am package
  work="$(mktemp -d)"
  trap 'rm -rf "$work"' EXIT
  printf '%s, %s; images/s\n\n| without | with | loss |\n|---|---|---|\n' "$model" "$augment"
  local round without with
  for ((round = 0; round < rounds; round++)); do
    without="$(images_per_second)"
    with="$(images_per_second --augment "$augment")"
    awk -v a="$without" -v b="$with" 'BEGIN { printf "| %d | %d | %.1f%% |\n", a, b, 100 * (1 - b / a) }'
  done
}

# Spark, Convoy and Deeplearning4j.
spark_classpath="benchmarks/target/classes:dl4j-bridge/target/convoy-dl4j.jar:spark-jobs/target/convoy.jar"
spark_classpath+=":spark-jobs/target/spark/jars/*"

# What Spark needs of a JVM, as it is in pom.xml.
spark_options() {
  sed -n '/<spark.jvm.options>/,/<\/spark.jvm.options>/ s/^ *\(-.*\)/\1/p' pom.xml | tr '\n' ' '
}

# DJL unpacks libtorch into a folder of its own.
peers() {
  build -Ppeers
  local csv=benchmarks/target/bench/peers.csv
  SPARK_LOCAL_IP=127.0.0.1 DJL_CACHE_DIR=benchmarks/target/djl DJL_OFFLINE=true run \
    "-Dbenchmarks.spark.classpath=$spark_classpath" "-Dbenchmarks.spark.options=$(spark_options)" \
    org.convoyml.benchmarks.PeersTable "$networks" "$cores" "$rounds" "$csv"
  "$python" benchmarks/src/peers/python/peers.py "$csv" "${csv%.csv}.svg"
}

# The same network, images, held-out images, learning rate and first weights; two workers with one thread each.
mnist() {
  build -Ppeers
  work="$(mktemp -d)"
  trap 'rm -rf "$work"' EXIT
  local rate=0.05 split=0.1667 seed=42 batch=64 dl4j arguments
  dl4j="env SPARK_LOCAL_IP=127.0.0.1 OMP_NUM_THREADS=1 java $(spark_options) -Xmx4g"
  dl4j+=" -Dlog4j2.configurationFile=scripts/log/quiet.properties -cp $spark_classpath"
  arguments="org.convoyml.benchmarks.peers.Dl4jSparkMnist $data $split $epochs $rate $batch 2 $seed"
  "$python" benchmarks/src/peers/python/time_to_accuracy.py "$threshold" "$rounds" \
    Convoy "scripts/convoy --master local[2] train --data $data --model lenet --epochs $epochs --lanes 2 \
      --micro-batch-size $batch --learning-rate $rate --schedule constant --optimizer 'sgd(momentum=0.9, nesterov)' \
      --validation-split $split --evaluate-every 1 --seed $seed --output $work/model --overwrite" \
    dl4j-spark "$dl4j $arguments" \
    "dl4j-spark, repaired" "$dl4j -Dorg.eclipse.deeplearning4j.helpers.disable=false $arguments"
}

# Makes benchmarks/target/pictures.
pictures() {
  rm -rf benchmarks/target/pictures
  "$python" benchmarks/src/peers/python/pictures.py benchmarks/target/pictures "$cifar" ${photographs:+"$photographs"}
}

[[ $# -ge 1 ]] || usage
suite="$1"
shift
networks=lenet,resnet20,resnet50,vgg16
libtorch=true
rounds=7
# Not one from a virtual environment: torchvision is a package of the system.
python="${PYTHON:-/usr/bin/python3}"
cifar=../shared/data/cifar10/test.tar
photographs=
case "$suite" in
  training | inference) ;;
  memory) networks=resnet50 ;;
  peers) rounds=3 ;;
  mnist) rounds=1 ;;
  breakdown | augmented | augmentation | allreduce | workers | bytes | averaging) libtorch=false ;;
  pipeline)
    while [[ "${1:-}" == --cifar || "${1:-}" == --photographs ]]; do
      [[ $# -ge 2 ]] || usage
      declare "${1#--}=$2"
      shift 2
    done
    build
    pictures
    run org.openjdk.jmh.Main PipelineStep "$@"
    exit
    ;;
  lenet | step)
    build
    run org.openjdk.jmh.Main EngineStep "$@"
    exit
    ;;
  *) usage ;;
esac

precisions=f32,bf16
threads=2
cores=1,2
threshold=""
epochs=30
megabytes=100
data=""
test=""
model=resnet20
augment="pad-crop(4), flip"
while [[ $# -gt 0 ]]; do
  case "$1" in
    --cores | --threshold | --epochs | --networks | --precisions | --threads | --rounds | --megabytes | --data | --test | --model | --augment | --cifar | --photographs)
      [[ $# -ge 2 ]] || usage
      declare "${1#--}=$2"
      shift
      ;;
    --no-libtorch) libtorch=false ;;
    *) usage ;;
  esac
  shift
done
[[ "$suite" != memory || "$libtorch" == true ]] || usage
[[ "$threads" =~ ^[1-9][0-9]*$ ]] || usage
[[ "$rounds" =~ ^[1-9][0-9]*$ ]] || usage
[[ "$megabytes" =~ ^[1-9][0-9]*$ ]] || usage

mkdir -p benchmarks/target/bench
if [[ "$suite" == augmentation ]]; then
  build
  pictures
  run org.convoyml.benchmarks.PipelineTable benchmarks/target/pictures "$rounds" "$python" \
    benchmarks/src/peers/python/torchvision_pipeline.py | tee benchmarks/target/bench/augmentation.md
  exit
fi
if [[ "$suite" == peers ]]; then
  peers | tee "benchmarks/target/bench/$suite.md"
  exit
fi
if [[ "$suite" == mnist ]]; then
  threshold="${threshold:-$([[ -n "$data" ]] && echo 98.5 || echo 98)}"
  data="${data:-samples/mnist/train-images-idx3-ubyte.gz}"
  mnist | tee "benchmarks/target/bench/$suite.md"
  exit
fi
if [[ "$suite" == averaging ]]; then
  [[ -n "$data" && -n "$test" ]] || usage
  averaging | tee "benchmarks/target/bench/$suite.md"
  exit
fi
if [[ "$suite" == augmented ]]; then
  [[ -n "$data" ]] || usage
  augmented | tee "benchmarks/target/bench/$suite.md"
  exit
fi

if [[ "$suite" == workers || "$suite" == bytes ]]; then
  [[ -n "$data" ]] || usage
  "$suite" | tee "benchmarks/target/bench/$suite.md"
  exit
fi
if [[ "$suite" == allreduce ]]; then
  build
  SPARK_LOCAL_IP=127.0.0.1 java -Dlog4j2.configurationFile=scripts/log/quiet.properties \
    -cp "benchmarks/target/classes:spark-jobs/target/convoy.jar:spark-jobs/target/spark/jars/*" \
    org.convoyml.benchmarks.allreduce.AllReduceTable "$megabytes" "$rounds" | tee "benchmarks/target/bench/$suite.md"
  exit
fi

if [[ "$libtorch" == true ]]; then build -Ppeers; else build; fi
run org.convoyml.benchmarks.SideBySide "$suite" "$networks" "$precisions" "$threads" "$rounds" "$libtorch" |
  tee "benchmarks/target/bench/$suite.md"

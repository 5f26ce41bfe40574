#!/bin/sh
# One training on several machines. On each of them, with its number in NODE and the first one's name in FIRST:
#   NODES=2 NODE=0 FIRST=first.example packaging/torchrun.sh fit tag train.conllu --out tagger
# The data and --out are on a file system that all see; the first machine alone writes.
set -eu
processes="${PROCESSES:-1}"
exec torchrun --nnodes "${NODES:-1}" --node-rank "${NODE:-0}" --nproc-per-node "$processes" \
  --master-addr "${FIRST:-127.0.0.1}" --master-port "${PORT:-29500}" \
  -m recurra "$@" --devices "$processes"

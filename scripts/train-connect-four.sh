#!/usr/bin/env bash
# Trains the connect-four specialist that ships, from nothing, in two hours on two cores: scripts/train-connect-four.sh FOLDER
#
# First games that begin anywhere, then games that begin early, where most moves that matter are; never a labelled position.
# The snapshot that ships was made in these two steps; its first ran while self-play still played out what was proven.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:?say where the two runs go, as in scripts/train-connect-four.sh runs/connect-four}

node dist/swp.js train connect-four --minutes 36 --out "$folder/anywhere" \
  --set filters=48 --set policyPlanes=16 --set valuePlanes=16 --set valueUnits=128 \
  --set optimizer=muon --set rate=0.004,0.0032 --set lessonsPerPosition=2.5 --set gamesPerIteration=1024 \
  --set fullSimulations=96 --set fastSimulations=12 --set randomShare=0.8 --set randomPlies=30

snapshot=$(dirname "$(ls -t "$folder"/anywhere/*/manifest.json | head -1)")
node dist/swp.js train connect-four --recipe alphago --from "$snapshot" --minutes 82 --out "$folder/early" \
  --set optimizer=muon --set rate=0.003,0.00003 --set lessonsPerPosition=3 --set gamesPerIteration=1024 \
  --set fullSimulations=128 --set fastSimulations=16 --set fullShare=0.6 --set proofs=1 --set randomShare=0.9 --set randomPlies=20

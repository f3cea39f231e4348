#!/usr/bin/env bash
# Trains the connect-four specialist that ships, from nothing, in three hours on two cores: scripts/train-connect-four.sh FOLDER
#
# Four runs: a small network plays itself; games that begin later, where a search tells how each of their positions ends, make
# more lessons in less time; a larger network learns all those lessons, then plays itself, mostly in the first plies. A search to
# the end looks at 8,000,000 positions at most, without a book; never a labelled position, and nothing but the rules.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:?say where the four runs go, with no comma in its name, as in scripts/train-connect-four.sh runs/connect-four}

heads=(--set policyPlanes=16 --set valuePlanes=16 --set valueUnits=128)
exact=(--set exactPositions=8000000 --set exactPlies=10 --set policyShare=0.34 --set greedyShare=0.5
  --set fullShare=1 --set fullSimulations=160 --set proofs=1)
newest() { dirname "$(ls -t "$1"/*/manifest.json | head -1)"; }

node dist/swp.js train connect-four --minutes 111 --out "$folder/first" "${exact[@]}" "${heads[@]}" --set filters=64 \
  --set exactFrom=10 --set randomShare=0.95 --set randomPlies=34 --set gamesPerIteration=1024 \
  --set lessonsPerPosition=20 --set window=0.85 --set optimizer=muon --set rate=0.004,0.00002

node dist/swp.js train connect-four --recipe alphago --from "$(newest "$folder/first")" --seed 2 --minutes 13 --out "$folder/second" \
  "${exact[@]}" --set exactLeaves=1000 --set exactFrom=12 --set randomShare=1 --set leastPlies=12 --set randomPlies=26 \
  --set gamesPerIteration=10240 --set lessonsPerPosition=0

node dist/swp.js train connect-four --from "$folder/second,$folder/first" --out "$folder/third" "${heads[@]}" \
  --set filters=96 --set blocks=6 --set lessonsPerPosition=4.6 --set optimizer=muon --set rate=0.004,0.00002

node dist/swp.js train connect-four --recipe alphago --from "$(newest "$folder/third")" --seed 3 --minutes 8 --out "$folder/fourth" \
  "${exact[@]}" --set exactPositions=4000000 --set exactPlies=12 --set exactLeaves=1000 --set exactFrom=12 \
  --set policyShare=0.5 --set fullShare=0.5 --set fullSimulations=128 --set fastSimulations=12 --set randomShare=0.7 --set randomPlies=12 \
  --set gamesPerIteration=128 --set lessonsPerPosition=6 --set window=1 --set optimizer=muon --set rate=0.0006,0.00002

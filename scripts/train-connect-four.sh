#!/usr/bin/env bash
# Trains the connect-four specialist that ships, from nothing, in three hours on two cores: scripts/train-connect-four.sh FOLDER
#
# Three runs, each from where the one before ended: short searches while the network knows little, then longer ones at a rate
# that falls, then once more in games that begin earlier, where most moves that matter are. A game ends where a search of
# 8,000 positions tells how it will; never a labelled position, and nothing but the rules.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:?say where the three runs go, as in scripts/train-connect-four.sh runs/connect-four}

games=(--set optimizer=muon --set lessonsPerPosition=4 --set gamesPerIteration=1024 --set fullShare=0.6 --set proofs=1
  --set randomShare=0.95 --set policyShare=0.6 --set exactPositions=8000 --set exactFrom=16)
newest() { dirname "$(ls -t "$1"/*/manifest.json | head -1)"; }

node dist/swp.js train connect-four --minutes 20 --out "$folder/first" "${games[@]}" \
  --set filters=64 --set policyPlanes=16 --set valuePlanes=16 --set valueUnits=128 \
  --set rate=0.004,0.0035 --set fullSimulations=64 --set fastSimulations=12 --set randomPlies=34

node dist/swp.js train connect-four --recipe alphago --from "$(newest "$folder/first")" --minutes 75 --out "$folder/second" "${games[@]}" \
  --set rate=0.0035,0.00003 --set fullSimulations=128 --set fastSimulations=16 --set randomPlies=34

node dist/swp.js train connect-four --recipe alphago --from "$(newest "$folder/second")" --minutes 83 --out "$folder/third" "${games[@]}" \
  --set rate=0.003,0.00002 --set fullSimulations=128 --set fastSimulations=16 --set randomPlies=26

#!/usr/bin/env bash
# Trains the connect-four specialist that ships, from nothing, in three hours on two cores, and some minutes that measure it:
# scripts/train-connect-four.sh FOLDER
#
# Backwards from the end. Three runs only collect lessons that a search to the end gives, of positions after 5, 9 and 14 plies and
# later. A small network learns them and searches the plies before, where no search sees the end; a large network learns all that.
# Then three more runs collect lessons, as before and by searches of the large network, and it goes on with these and all but the
# late ones of those.
# No book, never a labelled position, nothing but the rules.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:?say where the ten runs go, with no comma in its name, as in scripts/train-connect-four.sh runs/connect-four}

# Goes on where it was stopped.
train() {
  if compgen -G "$folder/$1/*/manifest.json" > /dev/null; then return; fi
  if [ -e "$folder/$1/run.json" ]; then set -- "$1" --resume; fi
  node dist/swp.js train connect-four --out "$folder/$1" "${@:2}"
}
newest() { dirname "$(ls -t "$folder/$1"/*/manifest.json | head -1)"; }
runs() { local IFS=,; echo "${*/#/"$folder/"}"; }
# Lessons that nobody learns yet. Without searches by the network nearly every game ends where it begins.
lessons=(--set lessonsPerPosition=0 --set randomShare=1 --set greedyShare=0.5 --set decidedShare=0.3)
truth=("${lessons[@]}" --set exactPositions=100000000 --set fullSimulations=8 --set fullShare=0.0001)
searches=("${lessons[@]}" --set exactPositions=8000000 --set fullShare=1 --set proofs=0 --set policyShare=0.34)
study=(--set optimizer=muon)
fresh=(--set rate=0.004,0.00002 --set policyPlanes=16 --set valuePlanes=16 --set valueUnits=128)
tiny=(--set filters=16 --set blocks=1)

train early "${truth[@]}" "${tiny[@]}" --iterations 6 --set gamesPerIteration=24 --set leastPlies=5 --set randomPlies=8 \
  --set exactPlies=36 --set exactLines=32
train middle "${truth[@]}" "${tiny[@]}" --seed 2 --iterations 5 --set gamesPerIteration=2048 --set leastPlies=9 --set randomPlies=34 \
  --set exactPlies=12 --set exactLines=3
train late "${truth[@]}" "${tiny[@]}" --seed 4 --iterations 15 --set gamesPerIteration=4096 --set leastPlies=14 --set randomPlies=36 \
  --set exactPlies=8

train small --from "$(runs early middle late)" "${study[@]}" "${fresh[@]}" --set filters=64 --set blocks=4 \
  --set lessonsPerPosition=6.5
train opening --recipe alphago --from "$(newest small)" "${searches[@]}" --seed 3 --iterations 4 --set gamesPerIteration=768 \
  --set fullSimulations=160 --set randomPlies=9 --set exactFrom=11 --set exactPlies=12 --set exactLines=2 --set exactLeaves=1000
train large --from "$(runs early middle opening late)" "${study[@]}" "${fresh[@]}" --set filters=96 --set blocks=6 \
  --set lessonsPerPosition=8.8

train next --recipe alphago --from "$(newest small)" "${truth[@]}" --seed 6 --iterations 6 --set gamesPerIteration=512 \
  --set leastPlies=8 --set randomPlies=16 --set policyShare=0.5 --set exactPlies=8 --set exactLines=3
train first --recipe alphago --from "$(newest large)" "${searches[@]}" --seed 7 --iterations 13 --set gamesPerIteration=512 \
  --set fullSimulations=200 --set leastPlies=3 --set randomPlies=9 --set exactFrom=12 --set exactPlies=2 \
  --set exactLeaves=500
train later "${truth[@]}" "${tiny[@]}" --seed 8 --iterations 10 --set gamesPerIteration=4096 --set leastPlies=14 --set randomPlies=28 \
  --set exactPlies=8
train last --recipe alphago --from "$(newest large),$(runs early middle opening next first later)" "${study[@]}" \
  --set rate=0.002,0.00002 --set lessonsPerPosition=9

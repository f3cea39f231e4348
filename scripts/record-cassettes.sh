#!/bin/sh
# Records a match of the local default model on each game into test/cassettes:
# the model's replies, and the match record they make. To be run again whenever
# a game's documents or the prompts change. Give it names of games to do only those.
set -eu
cd "$(dirname "$0")/.."
logs=$(mktemp -d)
for game in ${*:-tic-tac-toe connect-four othello kuhn-poker pig}; do
  rm -f "test/cassettes/$game.jsonl.gz"
  node dist/swp.js match "$game" --agents llm,random --seed 3 --log "$logs/$game.db" --record "test/cassettes/$game.jsonl.gz"
  node dist/swp.js export --log "$logs/$game.db" --format jsonl > "test/cassettes/$game.record.jsonl"
done

#!/usr/bin/env python3
"""Writes connect-four positions with the exact score of every move, one JSON object a line.

    pip install bitbully bitbully-databases
    cd test/positions
    python3 ../../scripts/label-positions.py --seed heldout --per-ply 60 | gzip -9n > connect-four.jsonl.gz
    python3 ../../scripts/label-positions.py --seed validation --per-ply 12 --without connect-four.jsonl.gz \
        | gzip -9n > connect-four-validation.jsonl.gz

bitbully (AGPL) is a tool for these files and no part of the product. A line is
{"moves": "dde", "ply": 3, "scores": [...]}: a score for each column, null where it
is full; n > 0 wins with the seat's n-th last stone, n < 0 loses so, 0 draws (Pascal
Pons' convention). Positions are distinct, mirror images counted as one, equally
many at each of the plies 0-35 (as far as there are so many), and come from three
kinds of play: random, tactical (takes a win, stops a loss, else random) and noisy
perfect (35 % random, else best).
"""

import argparse
import gzip
import json
import random

from bitbully import BitBully, Board

PLIES = 36
# So many positions there are at each ply, mirror images counted as one, as far as it matters.
THERE_ARE = [1, 4, 25] + [10**9] * (PLIES - 3)
# Gives up after so many games in a row that showed no new position.
MOST_TRIES = 100_000


def scores_of(solver, board):
    found = solver.score_all_moves(board)
    return [found.get(column) for column in range(7)]


def wins(board, column):
    after = board.copy()
    return after.play(column) and after.has_win()


def tactical(board, legal, rng):
    own = [c for c in legal if wins(board, c)]
    if own:
        return own[0]
    safe = []
    for c in legal:
        after = board.copy()
        after.play(c)
        if not any(wins(after, reply) for reply in range(7) if after.is_legal_move(reply)):
            safe.append(c)
    return rng.choice(safe or legal)


def choose(kind, board, legal, solver, rng):
    if kind == "tactical":
        return tactical(board, legal, rng)
    if kind == "noisy-perfect" and rng.random() >= 0.35:
        scores = scores_of(solver, board)
        best = max(scores[c] for c in legal)
        return rng.choice([c for c in legal if scores[c] == best])
    return rng.choice(legal)


def key_of(board):
    return min(str(board.to_array()), str(board.mirror().to_array()))


def plies_in(path):
    """The ply of each position in a file, by its key."""
    plies = {}
    with gzip.open(path, "rt") as lines:
        for line in lines:
            board = Board()
            for column in json.loads(line)["moves"]:
                board.play("abcdefg".index(column))
            plies[key_of(board)] = board.count_tokens()
    return plies


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--seed", required=True)
    arguments.add_argument("--per-ply", type=int, default=60)
    arguments.add_argument("--without", help="a .jsonl.gz of positions to leave out, mirror images too")
    options = arguments.parse_args()
    rng = random.Random(options.seed)
    solver = BitBully(opening_book="12-ply-dist")
    without = plies_in(options.without) if options.without else {}
    seen = set(without)
    left = [there_are - list(without.values()).count(ply) for ply, there_are in enumerate(THERE_ARE)]
    missing = [min(options.per_ply, there_are) for there_are in left]
    tries = 0
    while any(missing) and tries < MOST_TRIES:
        tries += 1
        target = rng.randrange(PLIES)
        kind = rng.choice(["random", "tactical", "noisy-perfect"])
        board, moves = Board(), []
        while len(moves) < target and not board.is_game_over():
            legal = [c for c in range(7) if board.is_legal_move(c)]
            move = choose(kind, board, legal, solver, rng)
            board.play(move)
            moves.append(move)
        if len(moves) < target or board.is_game_over():
            continue
        key = key_of(board)
        if key in seen:
            continue
        seen.add(key)
        if missing[target] == 0:
            continue
        tries = 0
        missing[target] -= 1
        text = "".join("abcdefg"[m] for m in moves)
        print(json.dumps({"moves": text, "ply": target, "scores": scores_of(solver, board)}, separators=(",", ":")))


if __name__ == "__main__":
    main()

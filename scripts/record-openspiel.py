"""Records random playouts of an OpenSpiel game as JSON lines, for `swp games --trace GAME FILE`.

    pip install open_spiel==2.0.2
    python3 scripts/record-openspiel.py 'mnk(m=15,n=15,k=5)' --seed golden-mnk | gzip -9n > gomoku.jsonl.gz

First a header, then a playout a line: every step's player (-1 is chance), action and legal actions, runs
of three or more as [first, last], and what the player knows where information is hidden; then the returns.
"""

import argparse
import importlib.metadata
import json
import random

import pyspiel


def runs(actions):
    found = []
    for action in sorted(actions):
        if found and action == found[-1][1] + 1:
            found[-1][1] = action
        else:
            found.append([action, action])
    return [item for first, last in found for item in ([[first, last]] if last > first + 1 else range(first, last + 1))]


def step(state, rng, hidden):
    if state.is_chance_node():
        actions, chances = zip(*state.chance_outcomes())
        return [-1, rng.choices(actions, chances)[0], runs(actions)]
    player = state.current_player()
    legal = state.legal_actions()
    told = [state.information_state_string(player)] if hidden else []
    return [player, rng.choice(legal), runs(legal), *told]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("game", help="as OpenSpiel names it, with parameters: 'hex(board_size=5)'")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--playouts", type=int, default=100)
    options = parser.parse_args()
    game = pyspiel.load_game(options.game)
    hidden = game.get_type().information == pyspiel.GameType.Information.IMPERFECT_INFORMATION
    header = {
        "game": str(game),
        "open_spiel": importlib.metadata.version("open_spiel"),
        "params": game.get_parameters(),
        "rng": f'random.Random("{options.seed}")',
    }
    print(json.dumps(header, separators=(",", ":")))
    rng = random.Random(options.seed)
    for number in range(options.playouts):
        state = game.new_initial_state()
        steps = []
        while not state.is_terminal():
            steps.append(step(state, rng, hidden))
            state.apply_action(steps[-1][1])
        print(json.dumps({"id": number, "steps": steps, "returns": state.returns()}, separators=(",", ":")))


main()

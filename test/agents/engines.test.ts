import { describe, expect, test } from 'vitest';
import type { Agent } from '../../agents/agent.ts';
import { greedyAgent } from '../../agents/greedy.ts';
import { minimaxAgent } from '../../agents/minimax.ts';
import { perfectAgent, searchingSolver } from '../../agents/perfect.ts';
import { randomAgent } from '../../agents/random.ts';
import { playMatch, points, turnAfter } from '../../arena/match.ts';
import { connectFour as connectFourFamily } from '../../games/connect-four/rules.ts';
import { gameOf } from '../../games/family.ts';
import { type Game, replay } from '../../games/game.ts';
import { othello as othelloFamily } from '../../games/othello/rules.ts';
import { ticTacToe as ticTacToeFamily } from '../../games/tic-tac-toe/rules.ts';

const connectFour = gameOf(connectFourFamily);
const othello = gameOf(othelloFamily);
const ticTacToe = gameOf(ticTacToeFamily);

/** What an agent plays after these moves, in the game's notation. */
async function answer(agent: Agent, game: Game, moves: readonly string[], seed = 0): Promise<string> {
  const decision = await agent.decide(turnAfter(game, moves, seed)!);
  return 'move' in decision ? game.formatMove(decision.move) : decision.fault;
}

/** Points of `agent` against random in `games` games, seats exchanged. */
async function scoreAgainstRandom(agent: Agent, game: Game, games: number): Promise<number> {
  let score = 0;
  for (let seed = 0; seed < games; seed++) {
    const first = seed % 2 === 0;
    const { ending } = await playMatch({
      game,
      agents: first ? [agent, randomAgent] : [randomAgent, agent],
      seed,
      opening: [],
    });
    score += points(ending)![first ? 0 : 1];
  }
  return score;
}

describe.each([greedyAgent, minimaxAgent({ depth: 2 }), minimaxAgent({ depth: 5 })])('$name', agent => {
  test.each([
    ['takes a win', 'aabbcc', 'd'],
    ['stops a loss', 'gabaca', 'a'],
  ])('%s', async (_, columns, best) => {
    expect(await answer(agent, connectFour, [...columns])).toBe(best);
  });

  // 40 games of two equals: 32 points or more happen once in 10,000 tries.
  test('beats random by more than luck', async () => {
    expect(await scoreAgainstRandom(agent, connectFour, 40)).toBeGreaterThanOrEqual(32);
  });
});

test('minimax sees a forced win three plies ahead', async () => {
  expect(['c', 'f']).toContain(await answer(minimaxAgent({ depth: 3 }), connectFour, [...'ddeeag']));
});

test('minimax plays Othello to the end, passes included', async () => {
  expect(await scoreAgainstRandom(minimaxAgent({ depth: 1 }), othello, 2)).toBeGreaterThanOrEqual(0);
});

describe('perfect', () => {
  const perfect = perfectAgent(searchingSolver(ticTacToe, 10_000));

  test('never loses a line of tic-tac-toe, whoever begins and whatever is answered', async () => {
    const walk = async (moves: readonly string[], mine: 0 | 1): Promise<void> => {
      const state = replay(ticTacToe, moves);
      const outcome = ticTacToe.outcome(state);
      if (outcome) {
        expect(outcome.kind === 'win' && outcome.winner !== mine, moves.join(' ')).toBe(false);
        return;
      }
      const texts =
        ticTacToe.turn(state) === mine
          ? [await answer(perfect, ticTacToe, moves, moves.length)]
          : ticTacToe.moves(state).map(move => ticTacToe.formatMove(move));
      for (const text of texts) await walk([...moves, text], mine);
    };
    await walk([], 0);
    await walk([], 1);
  });

  test('takes the soonest win', async () => {
    expect(await answer(perfect, ticTacToe, ['a1', 'b3', 'a2', 'b1'])).toBe('a3');
  });

  test('says why it cannot play a large game', () => {
    expect(() => searchingSolver(othello, 1000)(othello.start)).toThrow(
      'more than 1000 positions would have to be searched',
    );
  });
});

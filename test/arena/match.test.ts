import { describe, expect, test } from 'vitest';
import type { Agent, Decision, Fault, Turn } from '../../agents/agent.ts';
import { mctsAgent } from '../../agents/mcts.ts';
import { randomAgent } from '../../agents/random.ts';
import { movesOf, type Ply, playMatch, points, randomOpening } from '../../arena/match.ts';
import { connectFour as connectFourFamily } from '../../games/connect-four/rules.ts';
import { gameOf } from '../../games/family.ts';
import { type Game, replay } from '../../games/game.ts';
import { othello as othelloFamily } from '../../games/othello/rules.ts';
import { type TicTacToe, ticTacToe as ticTacToeFamily } from '../../games/tic-tac-toe/rules.ts';

const connectFour = gameOf(connectFourFamily);
const othello = gameOf(othelloFamily);
const ticTacToe = gameOf(ticTacToeFamily);

const games: readonly Game[] = [ticTacToe, connectFour, othello];

const agentOf = (decide: (turn: Turn) => Decision | Promise<Decision>, name = 'made up'): Agent => ({
  name,
  conditions: { division: 'engine', budget: {} },
  decide,
});

/** Plays these moves, one after the other, whether they are legal or not. */
const scripted = (...texts: readonly string[]): Agent => {
  const left = [...texts];
  return agentOf(({ game }) => ({ move: game.parseMove(left.shift()!)! }));
};

const never = agentOf(() => {
  throw new Error('nobody should ask');
});

describe.each(games)('$title', game => {
  test('the same seed gives the same record, byte for byte', async () => {
    const agents = [mctsAgent({ simulations: 30 }), randomAgent] as const;
    const record = async (seed: number) => JSON.stringify(await playMatch({ game, agents, seed, opening: [] }));
    expect(await record(5)).toBe(await record(5));
    expect(await record(6)).not.toBe(await record(5));
  });

  test('a record tells a match that the rules allow, and how it ended', async () => {
    const opening = randomOpening(game, game.openingPlies, 3);
    const record = await playMatch({ game, agents: [randomAgent, randomAgent], seed: 3, opening });
    const end = replay(game, movesOf(record));
    expect(record.ending).toEqual({ kind: 'played', outcome: game.outcome(end) });
    expect(movesOf(record).slice(0, opening.length)).toEqual(opening);
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
    let state = replay(game, opening);
    for (const { seat, move } of record.plies) {
      expect(seat).toBe(game.turn(state));
      state = game.play(state, game.parseMove(move!)!);
    }
  });
});

test('a match played by hand', async () => {
  const record = await playMatch({
    game: ticTacToe,
    agents: [scripted('a3', 'b3', 'c3'), scripted('a1', 'b1')],
    seed: 1,
    opening: ['b2', 'c1'],
  });
  expect(movesOf(record)).toEqual(['b2', 'c1', 'a3', 'a1', 'b3', 'b1']);
  expect(record.ending).toEqual({ kind: 'played', outcome: { kind: 'win', winner: 1, how: 'three in a row' } });
});

describe('what an agent is told', () => {
  test('is the position, its seat, the legal moves and the moves so far, the opening first', async () => {
    const turns: Turn[] = [];
    const spy = agentOf(turn => {
      turns.push(turn);
      return { move: turn.legal[0]! };
    });
    await playMatch({ game: ticTacToe, agents: [spy, spy], seed: 1, opening: ['b2', 'c1', 'a3', 'b3', 'c2'] });
    const told = turns.map(({ history }) => history.map(move => ticTacToe.formatMove(move!)).join(' '));
    // o takes the first free square, c3, and x the next, a2, which gives it the middle row.
    expect(told).toEqual(['b2 c1 a3 b3 c2', 'b2 c1 a3 b3 c2 c3']);
    expect(turns.map(({ seat }) => seat)).toEqual([1, 0]);
    for (const { state, legal, history } of turns) {
      const played = history.map(move => ticTacToe.formatMove(move!));
      expect(state).toEqual(replay(ticTacToe, played));
      expect(legal).toEqual(ticTacToe.moves(replay(ticTacToe, played)));
    }
  });

  test('is luck of its own: the players draw different numbers', async () => {
    const numbers: number[] = [];
    const spy = agentOf(({ random, legal }) => {
      numbers.push(random());
      return { move: legal[0]! };
    });
    await playMatch({ game: ticTacToe, agents: [spy, spy], seed: 4, opening: [] });
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test('is luck of its own: what the opponent draws does not change it', async () => {
    const drawn = async (opponentDraws: number) => {
      const numbers: number[] = [];
      const spy = agentOf(({ random, legal }) => {
        numbers.push(random());
        return { move: legal[0]! };
      });
      const other = agentOf(({ random, legal }) => {
        for (let i = 0; i < opponentDraws; i++) random();
        return { move: legal[0]! };
      });
      await playMatch({ game: ticTacToe, agents: [spy, other], seed: 4, opening: [] });
      return numbers;
    };
    const numbers = await drawn(0);
    expect(numbers.length).toBeGreaterThan(2);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(await drawn(9)).toEqual(numbers);
  });
});

test('a spectator sees every decision in order', async () => {
  const seen: Ply[] = [];
  const record = await playMatch(
    { game: ticTacToe, agents: [randomAgent, randomAgent], seed: 2, opening: [] },
    (ply, { state, history }) => {
      expect(ply.seat).toBe(ticTacToe.turn(state as TicTacToe));
      expect(history.length).toBe(seen.length);
      seen.push(ply);
    },
  );
  expect(seen).toEqual(record.plies);
});

describe('a decision is logged with', () => {
  test('its misses, its reasons and its cost', async () => {
    const usage = { promptTokens: 5, cachedTokens: 1, completionTokens: 2 };
    const agent = agentOf(({ legal }) => ({ move: legal[0]!, misses: ['empty'], trace: { visits: [1, 2] }, usage }));
    const { plies } = await playMatch({ game: ticTacToe, agents: [agent, agent], seed: 1, opening: [] });
    expect(plies[0]).toEqual({ seat: 0, move: 'a3', misses: ['empty'], trace: { visits: [1, 2] }, usage });
  });

  test('nothing where it has none', async () => {
    const { plies } = await playMatch({ game: ticTacToe, agents: [randomAgent, randomAgent], seed: 1, opening: [] });
    expect(plies[0]).toMatchObject({ misses: [], usage: null });
  });
});

test('players are logged with their name, fingerprint and conditions', async () => {
  const learned: Agent = { ...randomAgent, name: 'learned', fingerprint: 'ab'.repeat(32) };
  const { players } = await playMatch({ game: ticTacToe, agents: [learned, randomAgent], seed: 1, opening: [] });
  expect(players).toEqual([
    { name: 'learned', fingerprint: 'ab'.repeat(32), conditions: randomAgent.conditions },
    { name: 'random', fingerprint: null, conditions: randomAgent.conditions },
  ]);
});

describe('an agent forfeits', () => {
  test.each(['illegal', 'unparsable', 'empty', 'truncated', 'resigned', 'failed'] satisfies Fault[])(
    'with the fault it names: %s',
    async fault => {
      const agent = agentOf(() => ({ fault, misses: ['empty'], trace: 'why' }));
      const { plies, ending } = await playMatch({
        game: ticTacToe,
        agents: [randomAgent, agent],
        seed: 1,
        opening: [],
      });
      expect(ending).toEqual({ kind: 'forfeit', loser: 1, fault });
      expect(points(ending)).toEqual([1, 0]);
      expect(plies.at(-1)).toEqual({ seat: 1, move: null, misses: ['empty'], trace: 'why', usage: null });
    },
  );

  test.each([
    ['a square that is taken', ticTacToe.parseMove('b2')!],
    ['a number that is no move', 99],
    ['a negative number', -1],
    ['half a move', 0.5],
    ['no number', Number.NaN],
  ])('by an illegal move, which nothing replaces: %s', async (_, move) => {
    const agent = agentOf(() => ({ move }));
    const record = await playMatch({ game: ticTacToe, agents: [agent, never], seed: 1, opening: ['b2', 'c1'] });
    expect(record.ending).toEqual({ kind: 'forfeit', loser: 0, fault: 'illegal' });
    expect(record.plies).toMatchObject([{ seat: 0, move: null }]);
    expect(movesOf(record)).toEqual(['b2', 'c1']);
    expect(points(record.ending)).toEqual([0, 1]);
  });
});

describe('a match is void', () => {
  test.each([
    [
      'throws',
      agentOf(() => {
        throw new Error('the line is dead');
      }, 'broken'),
    ],
    ['rejects', agentOf(() => Promise.reject(new Error('the line is dead')), 'broken')],
    ['throws what is no Error', agentOf(() => Promise.reject('the line is dead'), 'broken')],
  ])('when an agent %s', async (_, broken) => {
    const { plies, ending } = await playMatch({
      game: ticTacToe,
      agents: [scripted('a3'), broken],
      seed: 1,
      opening: [],
    });
    expect(ending).toEqual({ kind: 'void', reason: 'broken: the line is dead' });
    expect(points(ending)).toBeUndefined();
    expect(plies.map(({ move }) => move)).toEqual(['a3']);
  });
});

test.each([
  [{ kind: 'played', outcome: { kind: 'win', winner: 0, how: '' } } as const, [1, 0]],
  [{ kind: 'played', outcome: { kind: 'win', winner: 1, how: '' } } as const, [0, 1]],
  [{ kind: 'played', outcome: { kind: 'win', winner: 1, how: '', stake: 0.5 } } as const, [0.25, 0.75]],
  [{ kind: 'played', outcome: { kind: 'draw', how: '' } } as const, [0.5, 0.5]],
  [{ kind: 'forfeit', loser: 0, fault: 'empty' } as const, [0, 1]],
  [{ kind: 'forfeit', loser: 1, fault: 'empty' } as const, [1, 0]],
  [{ kind: 'void', reason: '' } as const, undefined],
])('%j gives the points %j', (ending, expected) => {
  expect(points(ending)).toEqual(expected);
});

describe('a random opening', () => {
  test.each(games)('of $title is legal, as long as asked, decides nothing, and follows its seed', game => {
    for (let seed = 0; seed < 50; seed++) {
      const opening = randomOpening(game, 4, seed);
      expect(opening).toHaveLength(4);
      expect(game.outcome(replay(game, opening))).toBeUndefined();
      expect(randomOpening(game, 4, seed)).toEqual(opening);
    }
  });

  test('never ends the game, though most of its length would', () => {
    for (let seed = 0; seed < 50; seed++) {
      const opening = randomOpening(ticTacToe, 8, seed);
      expect(opening).toHaveLength(8);
      expect(ticTacToe.outcome(replay(ticTacToe, opening))).toBeUndefined();
    }
  });
});

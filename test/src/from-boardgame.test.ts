/** boardgame.io games of others at our table: small ones, each with something of boardgame.io's in it. */

import type { ActionShape, Game as BoardgameIoGame, State } from 'boardgame.io';
import { describe, expect, test } from 'vitest';
import { CreateGameReducer, InitializeGame } from '#bgio/internal';
import { movePrompt } from '../../agents/llm/prompt.ts';
import { mctsAgent } from '../../agents/mcts.ts';
import { randomAgent } from '../../agents/random.ts';
import { movesOf, playMatch, points, turnAfter } from '../../arena/match.ts';
import { type Game, replay, type Seat } from '../../games/game.ts';
import { pick, seededRandom } from '../../games/random.ts';
import { documentsOf } from '../../src/documents.ts';
import { fromBoardgameIo, fromModule } from '../../src/from-boardgame.ts';
import { bringGame, gameNamed } from '../../src/games.ts';
import { leanFlow } from '../../src/lean-flow.ts';
import { playout } from '../playouts.ts';

/** What a move function returns to refuse a move; it is this word. */
const INVALID_MOVE = 'INVALID_MOVE';

const LINES = ['012', '345', '678', '036', '147', '258', '048', '246'].map(line => [...line].map(Number));

/** Moves, `endIf`, a refused move. */
const noughts: BoardgameIoGame<{ cells: (string | null)[] }> = {
  name: 'noughts',
  setup: () => ({ cells: Array(9).fill(null) }),
  turn: { minMoves: 1, maxMoves: 1 },
  moves: {
    clickCell: ({ G, playerID }, id: number) => {
      if (G.cells[id] !== null) return INVALID_MOVE;
      G.cells[id] = playerID;
      return;
    },
  },
  endIf: ({ G, ctx }) => {
    if (LINES.some(line => line.every(id => G.cells[id] === ctx.currentPlayer))) return { winner: ctx.currentPlayer };
    return G.cells.every(cell => cell !== null) ? { draw: true } : undefined;
  },
  // More than is legal: what the reducer refuses is left out.
  ai: { enumerate: G => G.cells.map((_, id) => ({ move: 'clickCell', args: [id] })) },
};

/** Phases with their own moves and turn orders, dice in a move, an event that ends the turn. */
const stakes: BoardgameIoGame<{ points: number[]; stake: number }> = {
  name: 'stakes',
  setup: () => ({ points: [0, 0], stake: 0 }),
  phases: {
    bid: {
      start: true,
      next: 'throw',
      turn: { minMoves: 1, maxMoves: 1 },
      moves: {
        bid: ({ G }, stake: number) => {
          G.stake = stake;
        },
      },
      endIf: ({ G }) => G.stake > 0,
    },
    throw: {
      next: 'bid',
      moves: {
        roll: ({ G, random, playerID, events }) => {
          G.points[Number(playerID)]! += random.D6() >= 4 ? G.stake : 0;
          G.stake = 0;
          events.endPhase();
        },
      },
      onEnd: ({ G }) => {
        G.stake = 0;
      },
    },
  },
  endIf: ({ G, ctx }) =>
    Math.max(...G.points) >= 10 || ctx.turn > 60
      ? G.points[0] === G.points[1]
        ? { draw: true }
        : { winner: G.points[0]! > G.points[1]! ? '0' : '1' }
      : undefined,
  ai: {
    enumerate: (_, ctx) =>
      ctx.phase === 'bid'
        ? [1, 2, 3].map(stake => ({ move: 'bid', args: [stake] }))
        : [{ move: 'roll' }, { event: 'endTurn' }],
  },
};

/** Both choose at once, in a stage, and neither sees the other's choice before both are made. */
const fingers: BoardgameIoGame<{ chosen: Record<string, number>; won: number[] }> = {
  name: 'fingers',
  setup: () => ({ chosen: {}, won: [0, 0] }),
  turn: {
    activePlayers: { all: 'choose' },
    stages: {
      choose: {
        moves: {
          show: ({ G, playerID }, count: number) => {
            if (playerID in G.chosen) return INVALID_MOVE;
            G.chosen[playerID] = count;
            if ('0' in G.chosen && '1' in G.chosen) {
              G.won[(G.chosen['0']! + G.chosen['1']!) % 2]! += 1;
              G.chosen = {};
            }
            return;
          },
        },
      },
    },
  },
  playerView: ({ G, playerID }) => ({
    ...G,
    chosen: Object.fromEntries(Object.entries(G.chosen).filter(([player]) => player === playerID)),
  }),
  endIf: ({ G }) => (Math.max(...G.won) === 3 ? { winner: String(G.won.indexOf(3)) } : undefined),
  ai: {
    enumerate: (G, _, playerID) => (playerID in G.chosen ? [] : [1, 2].map(count => ({ move: 'show', args: [count] }))),
  },
};

interface Cards {
  secret?: { deck: number[] };
  players: Record<string, { hand: number[] }>;
  table: number | null;
  won: number[];
}

/** A shuffled deck and hands that only their owners see. */
const tricks: BoardgameIoGame<Cards> = {
  name: 'tricks',
  setup: ({ random }) => {
    const deck = random.Shuffle(Array.from({ length: 16 }, (_, card) => card));
    return {
      players: { 0: { hand: deck.splice(0, 4) }, 1: { hand: deck.splice(0, 4) } },
      secret: { deck },
      table: null,
      won: [0, 0],
    };
  },
  turn: { minMoves: 1, maxMoves: 1 },
  moves: {
    play: ({ G, playerID }, card: number) => {
      const { hand } = G.players[playerID]!;
      if (!hand.includes(card)) return INVALID_MOVE;
      hand.splice(hand.indexOf(card), 1);
      if (G.table === null) {
        G.table = card;
        return;
      }
      G.won[card > G.table ? Number(playerID) : 1 - Number(playerID)]! += 1;
      G.table = null;
      return;
    },
  },
  playerView: ({ G, playerID }) => {
    const { secret: _, ...rest } = G;
    const hidden = (hand: number[]) => hand.map(() => null as unknown as number);
    return {
      ...rest,
      players: Object.fromEntries(
        Object.entries(G.players).map(([player, { hand }]) => [
          player,
          { hand: player === playerID ? hand : hidden(hand) },
        ]),
      ),
    };
  },
  endIf: ({ G }) => {
    if (G.won[0]! + G.won[1]! < 4) return undefined;
    return G.won[0] === G.won[1] ? { draw: true } : { winner: G.won[0]! > G.won[1]! ? '0' : '1' };
  },
  ai: { enumerate: (G, _, playerID) => G.players[playerID]!.hand.map(card => ({ move: 'play', args: [card] })) },
};

const hosted = ([noughts, stakes, fingers, tricks] as BoardgameIoGame[]).map(theirs => {
  const { game } = fromBoardgameIo(theirs);
  return [game.name, game] as const;
});

describe.each(hosted)('%s', (_, game: Game) => {
  test('random games end, their states are JSON, and their moves lead back to their last state', () => {
    for (let seed = 0; seed < 10; seed++) {
      const steps = playout(game, seed);
      const { state } = steps.at(-1)!;
      expect(game.outcome(state)).toBeDefined();
      expect(game.moves(state)).toEqual([]);
      expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      expect(
        replay(
          game,
          steps.slice(0, -1).map(({ move }) => game.formatMove(move!)),
        ),
      ).toEqual(state);
      for (const { state } of steps) expect(game.observe(state).length).toBe(game.observationShape[0]);
    }
  });

  test('tree search plays it to the end, and plays the same again', async () => {
    const agents = [mctsAgent({ simulations: 8 }), randomAgent] as const;
    const record = await playMatch({ game, agents, seed: 1, opening: [] });
    expect(record.ending).toMatchObject({ kind: 'played', outcome: game.outcome(replay(game, movesOf(record))) });
    expect(await playMatch({ game, agents, seed: 1, opening: [] })).toEqual(record);
  });

  test('a seat cannot tell a guess from the truth', () => {
    if (!game.guess) return;
    for (const [i, { state }] of playout(game, 3).entries()) {
      if (game.outcome(state)) continue;
      for (const seat of [0, 1] as const) {
        const guess = game.guess(state, seat, seededRandom(i));
        expect(game.show(guess, seat)).toBe(game.show(state, seat));
        expect(game.turn(guess)).toBe(game.turn(state));
        if (game.turn(state) === seat) expect(game.moves(guess)).toEqual(game.moves(state));
      }
    }
  });

  test('its documents list its moves', async () => {
    const { rules } = await documentsOf(game);
    const state = playout(game, 1)[1]!.state;
    expect(rules).toContain(`\`${game.formatMove(game.moves(state)[0]!)}\``);
  });
});

test('a language model is told the rules, how a move is written, whose seat it has, and the board in rows', async () => {
  await bringGame('examples/subtract.js');
  const subtract = gameNamed('examples/subtract.js');
  expect(subtract.title).toBe('Subtract');
  expect((await documentsOf(subtract)).rules).toBe(`# Subtract

Twenty counters. Take one, two or three in turn. Whoever takes the last one wins.

R1. A move is written as the game names it, with its arguments after a colon, for instance:
\`take:1\`, \`take:2\`, \`take:3\`.

R2. Which moves are legal, the position decides. Any other move is refused.`);
  expect(
    movePrompt(turnAfter(subtract, ['take:2', 'take:1', 'take:2'], 1)!).content,
  ).toBe(`You are player 1, your opponent is player 0. The position:
counters: 15
player 1 is to move
Moves so far: take:2 take:1 take:2
It is your turn. Reply with one JSON object: {"why": "a few words", "move": "your move"}`);
  const { game } = fromBoardgameIo(noughts);
  expect(game.show(replay(game, ['clickcell:4', 'clickcell:0']))).toBe(`cells:
  1 . .
  . 0 .
  . . .
player 0 is to move`);
});

test('where nobody wrote rules, the code tells them, without what boardgame.io adds', async () => {
  const { rules } = await documentsOf(fromBoardgameIo({ ...noughts, turn: { minMoves: 1, maxMoves: 1 } }).game);
  expect(rules.startsWith('# noughts\n')).toBe(true);
  expect(rules).toContain('```js\nsetup: () => ');
  expect(rules).toContain('\nturn:\n  minMoves: 1\n  maxMoves: 1\nmoves:\n  clickCell: ({ G, playerID }, id) => {');
  expect(rules).toContain('\nendIf: ');
});

test.each([hosted[0]!, hosted[3]!])('%s: tree search beats random play', async (_, game) => {
  const search = mctsAgent({ simulations: 50 });
  let won = 0;
  for (let seed = 0; seed < 10; seed++) {
    const seat = (seed % 2) as Seat;
    const agents = seat === 0 ? ([search, randomAgent] as const) : ([randomAgent, search] as const);
    won += points((await playMatch({ game, agents, seed, opening: [] })).ending)![seat];
  }
  expect(won).toBeGreaterThan(6);
});

const hand = (game: Game, state: unknown, seat: Seat): string | undefined =>
  new RegExp(`${seat}: hand: (.*)`).exec(game.show(state))?.[1];

test("the other's cards are guessed, one's own are kept", () => {
  const [, game] = hosted[3]!;
  const { state } = playout(game, 5)[3]!;
  const guesses = Array.from({ length: 20 }, (_, i) => game.guess!(state, 0, seededRandom(i)));
  expect(new Set(guesses.map(guess => hand(game, guess, 1))).size).toBeGreaterThan(10);
  expect(new Set(guesses.map(guess => hand(game, guess, 0)))).toEqual(new Set([hand(game, state, 0)]));
  for (const guess of guesses) {
    const cards = [...game.show(guess).matchAll(/\d+/g)].map(Number);
    expect(cards.length).toBe([...game.show(state).matchAll(/\d+/g)].length);
  }
});

test('a choice that is not yet shown is guessed, and hidden from the other', () => {
  const [, game] = hosted[2]!;
  const [one, two] = ['show:1', 'show:2'].map(text => game.play(game.start, game.parseMove(text)!));
  expect(game.hides!(game.start, game.parseMove('show:1')!, 1)).toBe(true);
  expect(game.hides!(one, game.parseMove('show:1')!, 0)).toBe(false);
  for (const state of [one, two]) {
    const guesses = Array.from({ length: 20 }, (_, i) => game.guess!(state, 1, seededRandom(i)));
    expect(new Set(guesses.map(guess => game.show(guess))).size).toBe(2);
  }
});

const free = ({ taken }: { taken: Set<number> }) =>
  [1, 2].filter(id => !taken.has(id)).map(id => ({ move: 'clickCell', args: [id] }));

describe('what cannot be hosted is refused with the reason', () => {
  const { ai: _, ...silent } = noughts;
  test.each([
    ['no ai.enumerate', silent, 'it has no ai.enumerate'],
    ['for more players', { ...noughts, minPlayers: 3 }, 'it is for 3 players or more'],
    ['nothing to do', { ...noughts, ai: { enumerate: () => [] } }, 'offers no move at the start'],
    ['moves all refused', { ...noughts, ai: { enumerate: () => [{ move: 'fly' }] } }, 'offers no move at the start'],
    [
      'a Set in the state',
      {
        ...noughts,
        setup: () => ({ taken: new Set() }),
        endIf: () => undefined,
        ai: { enumerate: (G: never) => free(G) },
      },
      'G.taken is a Set, which is lost where a state is kept as JSON',
    ],
    [
      'a state that holds itself',
      {
        ...noughts,
        setup: () => {
          const G: Record<string, unknown> = { cells: Array(9).fill(null), rooms: [{}] };
          (G['rooms'] as Record<string, unknown>[])[0]!['game'] = G;
          return G;
        },
      },
      'G.rooms.0.game is G again, which is lost where a state is kept as JSON',
    ],
    ['a stranger wins', { ...noughts, endIf: () => ({ winner: 'X' }) }, '{"winner":"X"}'],
    ['a stranger loses', { ...noughts, endIf: () => ({ loser: 'X' }) }, '{"loser":"X"}'],
    [
      'a set-up that complains at length',
      {
        ...noughts,
        setup: () => {
          throw new Error('no cards.\nSee the manual.');
        },
      },
      /its setup failed: no cards$/,
    ],
    ['words for moves', { ...noughts, ai: { enumerate: () => ['fly'] } }, 'ai.enumerate offers "fly"'],
  ] as const)('%s', (_, theirs, reason) => {
    expect(() => fromBoardgameIo(theirs as unknown as BoardgameIoGame)).toThrow(reason);
  });

  test.each([
    ['no game', { rules: 'text' }, 'exports no boardgame.io game'],
    ['two games', { noughts, stakes }, 'exports 2 boardgame.io games'],
  ])('a module with %s', (_, module, reason) => {
    expect(() => fromModule(module, 'games.js')).toThrow(reason);
  });
});

test('a module needs no default export where it exports one game', () => {
  expect(fromModule({ Noughts: noughts, rules: '# Noughts' }, 'noughts.js').game.name).toBe('noughts.js');
});

test.each([
  [{ winner: 0 }, { kind: 'win', winner: 0 }],
  [{ winner: '1' }, { kind: 'win', winner: 1 }],
  ['1', { kind: 'win', winner: 1 }],
  [{ winners: ['0'] }, { kind: 'win', winner: 0 }],
  [{ winners: ['0', '1'] }, { kind: 'draw' }],
  [{ winner: null }, { kind: 'draw' }],
  [{ draw: true }, { kind: 'draw' }],
  [true, { kind: 'draw' }],
  ['Draw', { kind: 'draw' }],
  [{ loser: '0' }, { kind: 'win', winner: 1 }],
  [{ loser: 'none' }, { kind: 'draw' }],
  [['1'], { kind: 'win', winner: 1 }],
  [{ winner: { id: '1', name: 'Black' } }, { kind: 'win', winner: 1 }],
])('endIf that gives %j is read as such', (told, outcome) => {
  const theirs: BoardgameIoGame<{ done: boolean }> = {
    setup: () => ({ done: false }),
    moves: {
      finish: ({ G }) => {
        G.done = true;
      },
    },
    endIf: ({ G }) => (G.done ? told : undefined),
    ai: { enumerate: () => [{ move: 'finish' }] },
  };
  const { game } = fromBoardgameIo(theirs as BoardgameIoGame);
  expect(game.outcome(replay(game, ['finish']))).toMatchObject(outcome);
});

/** As it was written before boardgame.io 0.50. */
const old = {
  setup: (ctx: { numPlayers: number }) => ({ left: 5 * ctx.numPlayers }),
  turn: { moveLimit: 1 },
  moves: {
    take: (G: { left: number }, _ctx: unknown, count: number) =>
      count > G.left ? INVALID_MOVE : { ...G, left: G.left - count },
  },
  endIf: (G: { left: number }, ctx: { currentPlayer: string }) =>
    G.left === 0 ? { winner: ctx.currentPlayer } : undefined,
  ai: { enumerate: () => [1, 2].map(count => ({ move: 'take', args: [count] })) },
};

test('functions of (G, ctx) are called as they were before 0.50', () => {
  const { game } = fromBoardgameIo(old as unknown as BoardgameIoGame);
  const state = replay(game, ['take:2', 'take:2', 'take:2', 'take:2', 'take:1']);
  expect(game.moves(state).map(game.formatMove)).toEqual(['take:1']);
  expect(game.outcome(replay(game, ['take:2', 'take:2', 'take:2', 'take:2', 'take:2']))).toMatchObject({ winner: 0 });
});

test('those of old that take G or ctx apart, and moves called impl, too', () => {
  const theirs = {
    ...old,
    setup: ({ numPlayers }: { numPlayers: number }) => ({ left: 5 * numPlayers }),
    moves: { take: { impl: old.moves.take } },
    endIf: ({ left }: { left: number }, ctx: { currentPlayer: string }) =>
      left === 0 ? { winner: ctx.currentPlayer } : undefined,
  };
  const { game } = fromBoardgameIo(theirs as unknown as BoardgameIoGame);
  const state = replay(game, ['take:2', 'take:2', 'take:2', 'take:2', 'take:2']);
  expect(game.outcome(state)).toMatchObject({ winner: 0 });
});

test('of old, what is taken apart before ctx is G, though it holds a log', () => {
  type G = { left: number; log: number[] };
  const theirs = {
    ...old,
    setup: () => ({ left: 10, log: [] }),
    moves: { take: ({ left, log }: G, _ctx: unknown, count: number) => ({ left: left - count, log: [...log, count] }) },
    ai: {
      enumerate: ({ log, left }: G, ctx: { turn: number }) =>
        ctx.turn > log.length
          ? [1, 2].filter(count => count <= left).map(count => ({ move: 'take', args: [count] }))
          : [],
    },
  };
  const { game } = fromBoardgameIo(theirs as unknown as BoardgameIoGame);
  const state = replay(game, ['take:2', 'take:2', 'take:2', 'take:2', 'take:1']);
  expect(game.moves(state).map(game.formatMove)).toEqual(['take:1']);
});

test('what is observed lies in 0 … 1, of numbers below 0 too, and beyond all that were seen', () => {
  const theirs: BoardgameIoGame<{ balance: number; made: number }> = {
    setup: () => ({ balance: 0, made: 0 }),
    turn: { minMoves: 1, maxMoves: 1 },
    moves: { pay: ({ G }, by: number) => ({ balance: G.balance + by, made: G.made + 1 }) },
    endIf: ({ G }) => (G.made === 60 ? { winner: G.balance > 0 ? '0' : '1' } : undefined),
    ai: { enumerate: () => [-9, 9].map(by => ({ move: 'pay', args: [by] })) },
  };
  const { game } = fromBoardgameIo(theirs as BoardgameIoGame);
  const seenAfter = (...moves: readonly string[]) => [...game.observe(replay(game, moves))];
  const balances = [
    Array.from({ length: 59 }, () => 'pay:-9'),
    ['pay:-9', 'pay:-9'],
    ['pay:-9', 'pay:9'],
    ['pay:9', 'pay:9'],
    Array.from({ length: 59 }, () => 'pay:9'),
  ].map(moves => seenAfter(...moves)[0]!);
  expect(balances[0]).toBe(0);
  expect(balances).toEqual(balances.toSorted((a, b) => a - b));
  expect(new Set(balances).size).toBe(5);
  expect(balances[4]).toBe(1);
});

test('enumerate may take G and ctx apart as moves do', () => {
  const theirs = {
    ...noughts,
    ai: {
      enumerate: ({ G, ctx }: { G: { cells: unknown[] }; ctx: unknown }, playerID: string) =>
        ctx && playerID ? G.cells.map((_, id) => ({ move: 'clickCell', args: [id] })) : [],
    },
  };
  const { game } = fromBoardgameIo(theirs as unknown as BoardgameIoGame);
  expect(game.moves(game.start).length).toBe(9);
});

const dice = (sides: number): number => Math.ceil(sides * Math.random());

/** It throws its dice without boardgame.io, and leaves a mark in what it shows. */
const careless: BoardgameIoGame<{ deck: number[]; points: number[]; seenBy?: unknown }> = {
  setup: () => ({ deck: Array.from({ length: 12 }, (_, i) => i).sort(() => Math.random() - 0.5), points: [0, 0] }),
  turn: { minMoves: 1, maxMoves: 1 },
  moves: {
    roll: ({ G, playerID }) => {
      G.points[Number(playerID)]! += G.deck.pop()! + dice(6);
    },
  },
  playerView: ({ G, playerID }) => {
    G.seenBy = playerID;
    return G;
  },
  endIf: ({ G }) => (G.deck.length === 0 ? { winner: G.points[0]! > G.points[1]! ? '0' : '1' } : undefined),
  ai: { enumerate: () => [{ move: 'roll' }] },
};

test('Math.random becomes luck that the deal decides', () => {
  const random = Math.random;
  const { game } = fromBoardgameIo(careless as BoardgameIoGame);
  const moves = (deal: number) => [`deal-${deal}`, ...Array.from({ length: 12 }, () => 'roll')];
  const ends = [1, 2, 3].map(deal => game.show(replay(game, moves(deal))));
  expect(new Set(ends).size).toBe(3);
  expect([1, 2, 3].map(deal => game.show(replay(game, moves(deal))))).toEqual(ends);
  const dealt = replay(game, ['deal-1']);
  const guesses = Array.from({ length: 9 }, (_, i) => game.play(game.guess!(dealt, 0, seededRandom(i)), 0));
  expect(new Set(guesses.map(guess => /points: (\d+)/.exec(game.show(guess))![1])).size).toBeGreaterThan(2);
  expect(Math.random).toBe(random);
});

test('what playerView writes stays out of the state', () => {
  const { game } = fromBoardgameIo(careless as BoardgameIoGame);
  const dealt = replay(game, ['deal-1']);
  expect(game.show(dealt, 1)).toContain('seenBy: 1');
  expect(game.show(dealt)).not.toContain('seenBy');
});

test("what a plugin keeps is shown as it says, guessed, and the game's own afterwards", () => {
  type Numbers = Record<string, { number: number }>;
  type Context = { G: { turns: number }; player: { mine(): { number: number } } };
  const theirs = {
    setup: () => ({ turns: 0 }),
    plugins: [
      {
        name: 'player',
        setup: () => ({ players: Object.fromEntries(['0', '1'].map(id => [id, { number: dice(5) }])) }),
        // As boardgame.io's own plugin of players does, it hands out what it keeps.
        api: ({ ctx, data }: { ctx: { currentPlayer: string }; data: { players: Numbers } }) => ({
          players: data.players,
          mine: () => data.players[ctx.currentPlayer],
        }),
        flush: ({ api }: { api: { players: Numbers } }) => ({ players: api.players }),
        playerView: ({ data, playerID }: { data: { players: Numbers }; playerID: string }) => ({
          players: { [playerID]: data.players[playerID] },
        }),
      },
    ],
    turn: { minMoves: 1, maxMoves: 1 },
    moves: {
      count: ({ G, player }: Context) => {
        player.mine().number -= 1;
        G.turns += 1;
      },
    },
    endIf: ({ G, player }: Context) => (G.turns > 8 ? { winner: player.mine().number > -2 ? '0' : '1' } : undefined),
    ai: { enumerate: () => [{ move: 'count' }] },
  } as unknown as BoardgameIoGame;
  const { game } = fromBoardgameIo(theirs);
  const dealt = replay(game, ['deal-4']);
  const number = (state: unknown, seat: Seat) => new RegExp(`${seat}: number: (\\d)`).exec(game.show(state))![1];
  const [mine, hidden] = [number(dealt, 0), number(dealt, 1)];
  expect(game.show(dealt, 0)).toBe(`G: turns: 0\nplayer: players: 0: number: ${mine}\nplayer 0 is to move`);
  const guesses = Array.from({ length: 30 }, (_, i) => game.guess!(dealt, 0, seededRandom(i)));
  expect(new Set(guesses.map(guess => number(guess, 0)))).toEqual(new Set([mine]));
  expect(new Set(guesses.map(guess => number(guess, 1))).size).toBeGreaterThan(2);
  const after = game.play(dealt, 0);
  expect(number(after, 0)).toBe(String(Number(mine) - 1));
  expect([number(dealt, 0), number(dealt, 1)]).toEqual([mine, hidden]);
});

test('there is room for the moves that a look at the game did not find', () => {
  const side = 40;
  const around = [-side, -1, 1, side];
  const onward = (at: number) => around.map(by => at + by).filter(to => to >= 0 && to < side * side);
  const theirs: BoardgameIoGame<{ at: number; made: number }> = {
    setup: ({ random }) => ({ at: random.Die(side * side) - 1, made: 0 }),
    turn: { minMoves: 1, maxMoves: 1 },
    moves: { walk: ({ G }, _from: number, to: number) => ({ at: to, made: G.made + 1 }) },
    endIf: ({ G }) => (G.made === 20 ? { draw: true } : undefined),
    ai: { enumerate: G => onward(G.at).map(to => ({ move: 'walk', args: [G.at, to] })) },
  };
  const { game } = fromBoardgameIo(theirs as BoardgameIoGame);
  expect(game.moveCount).toBeGreaterThan(4 * side * side);
});

/** Reducer and lean flow, on hooks, events and turn orders that both know. */
test('the lean flow does as the reducer does', () => {
  const theirs: BoardgameIoGame<{ log: string[]; left: number }> = {
    setup: () => ({ log: [], left: 12 }),
    turn: {
      minMoves: 1,
      maxMoves: 3,
      order: { first: () => 1, next: ({ ctx }) => (ctx.turn % 3 === 0 ? ctx.playOrderPos : 1 - ctx.playOrderPos) },
      onBegin: ({ G, ctx }) => void G.log.push(`begin ${ctx.turn}`),
      onEnd: ({ G, ctx }) => void G.log.push(`end ${ctx.currentPlayer}`),
      onMove: ({ G, ctx }) => void G.log.push(`move ${ctx.numMoves}`),
      stages: { pause: { moves: { wait: () => undefined } } },
    },
    moves: {
      take: ({ G, events, ctx }, count: number) => {
        if (count > G.left) return INVALID_MOVE;
        G.left -= count;
        if (count === 2) events.endTurn();
        if (G.left === 0) events.endGame({ winner: ctx.currentPlayer });
        return;
      },
      wait: { move: ({ G }) => void G.log.push('wait'), noLimit: true },
    },
    ai: { enumerate: () => [] },
  };
  const lean = leanFlow(theirs as BoardgameIoGame)!;
  const reduce = CreateGameReducer({ game: { ...theirs } as BoardgameIoGame });
  const random = seededRandom(1);
  for (let number = 0; number < 20; number++) {
    let state: State = InitializeGame({ game: { ...theirs } as BoardgameIoGame, numPlayers: 2 });
    while (state.ctx.gameover === undefined) {
      const [move, ...args] = pick([['take', 1], ['take', 2], ['take', 3], ['wait']] as const, random);
      const playerID = state.ctx.currentPlayer;
      const action = { type: 'MAKE_MOVE', payload: { type: move, args, playerID } } as unknown as ActionShape.MakeMove;
      const after = lean(state, move, args, playerID);
      if (args[0]! > state.G.left) {
        expect(after).toBe('refused');
        continue;
      }
      state = JSON.parse(JSON.stringify(reduce(state, action))) as State;
      expect(JSON.parse(JSON.stringify(after))).toEqual({ G: state.G, ctx: state.ctx });
    }
  }
});

test.each([
  ['never ends', { endIf: undefined }, 'it has no endIf'],
  ['of one player', { maxPlayers: 1 }, 'it is for one player'],
  ['as before 0.33', { flow: {} }, 'before 0.33'],
  [
    'whose setup fails',
    {
      setup: () => {
        throw new Error('no deck');
      },
    },
    'its setup failed: no deck',
  ],
])('a game %s is refused', (_, change, reason) => {
  const endless = { moves: { wait: () => undefined }, ai: { enumerate: () => [{ move: 'wait' }] } };
  expect(() => fromBoardgameIo({ ...endless, ...change } as unknown as BoardgameIoGame)).toThrow(reason);
});

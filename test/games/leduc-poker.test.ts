import { expect, test } from 'vitest';
import { gameOf } from '../../games/family.ts';
import { plainPlayout, replay, type Seat } from '../../games/game.ts';
import { type LeducPoker, leducPoker as leducPokerFamily } from '../../games/leduc-poker/rules.ts';
import { leducPokerView } from '../../games/leduc-poker/view.ts';
import { seededRandom } from '../../games/random.ts';
import { bestAnswer, decisions, informationStates, pointsMade, uniform } from '../hidden.ts';
import { perft, playout } from '../playouts.ts';

const leducPoker = gameOf(leducPokerFamily);

const after = (moves: string, game = leducPoker) => replay(game, moves.split(' ').filter(Boolean));
const movesIn = (state: LeducPoker, game = leducPoker) => game.moves(state).map(move => game.formatMove(move));

/** Counted by OpenSpiel, and all of them: no game is longer. */
test.each([
  [1, 6],
  [2, 30],
  [3, 60],
  [4, 150],
  [5, 390],
  [6, 780],
  [7, 1800],
  [8, 2640],
  [9, 2280],
  [10, 1080],
  [11, 240],
  [12, 0],
])('%i moves can be played in %i ways', (depth, count) => {
  expect(perft(leducPoker, depth)).toBe(count);
});

test('there are 936 situations that the seats can tell apart, as in OpenSpiel', () => {
  const seen = decisions(leducPoker).map(state => leducPoker.show(state, leducPoker.turn(state) as Seat));
  expect(new Set(seen).size).toBe(936);
});

test('random play is worth to the first player, and leaves to be gained, what OpenSpiel says', () => {
  expect(pointsMade(leducPoker, uniform)).toBeCloseTo(-0.078_125, 12);
  expect((bestAnswer(leducPoker, 0, uniform) + bestAnswer(leducPoker, 1, uniform)) / 2).toBeCloseTo(
    2.373_611_111_111_111,
    12,
  );
});

test('a seat is shown exactly what OpenSpiel lets it know', () => {
  expect(informationStates(leducPoker)).toBe(158);
});

test.each([
  ['at first there is nothing to fold for', 'js ks', 'call raise'],
  ['after a call neither', 'js ks call', 'call raise'],
  ['a raise may be raised', 'js ks raise', 'fold call raise'],
  ['the second raise may not', 'js ks raise raise', 'fold call'],
  ['not after a call, either', 'js ks call raise raise', 'fold call'],
  ['the second round begins anew', 'js ks raise raise call qs', 'call raise'],
  ['and has as many raises', 'js ks raise raise call qs raise', 'fold call raise'],
  ['but no more', 'js ks raise raise call qs call raise raise', 'fold call'],
])('%s', (_, moves, expected) => {
  expect(movesIn(after(moves)).join(' ')).toBe(expected);
});

test.each([
  ['js ks', 0],
  ['js ks call', 1],
  ['js ks call raise', 0],
  ['js ks call call', 'chance'],
  ['js ks raise call', 'chance'],
  ['js ks call raise call', 'chance'],
  ['js ks raise raise call', 'chance'],
  ['js ks raise raise call qs', 0],
  ['js ks call call qs call', 1],
])('after "%s" it is the turn of %s', (moves, turn) => {
  expect(leducPoker.turn(after(moves))).toBe(turn);
});

test('no card is dealt twice', () => {
  expect(movesIn(leducPoker.start)).toEqual(['js', 'jh', 'qs', 'qh', 'ks', 'kh']);
  expect(movesIn(after('qs'))).toEqual(['js', 'jh', 'qh', 'ks', 'kh']);
  expect(movesIn(after('qs jh call call'))).toEqual(['js', 'qh', 'ks', 'kh']);
});

test.each<[string, object, string, 0 | 1 | undefined, string, number]>([
  ['a fold costs what was put in', {}, 'ks js raise fold', 0, 'the other folded', 1],
  ['a raise that was not called is not won', {}, 'ks js raise raise fold', 1, 'the other folded', 3],
  ['the second round costs more', {}, 'ks js raise raise call jh raise raise fold', 1, 'the other folded', 9],
  ['a fold of the second', {}, 'js ks call raise call kh raise fold', 0, 'the other folded', 3],
  ['the higher card wins', {}, 'ks qs call call js call call', 0, 'higher card', 1],
  ['the higher card wins, also below the public one', {}, 'js qs raise call ks call call', 1, 'higher card', 3],
  ['a pair beats the highest card', {}, 'ks js call call jh raise call', 1, 'pair', 5],
  ['a pair of the first', {}, 'qs ks call call qh call raise raise call', 0, 'pair', 9],
  ['the most that can be won', {}, 'js ks raise raise call kh raise raise call', 1, 'pair', 13],
  ['equal cards draw', {}, 'js jh raise raise call kh raise raise call', undefined, 'equal cards', 0],
  ['the lower card wins', { lowest: true }, 'ks qs call call js call call', 1, 'lower card', 1],
  ['a pair beats the lowest card', { lowest: true }, 'ks js call call kh raise call', 0, 'pair', 5],
  ['a pair counts for nothing', { pairs: false }, 'ks js call call jh raise call', 0, 'higher card', 5],
  ['lower without pairs', { pairs: false, lowest: true }, 'ks js call call kh call call', 1, 'lower card', 1],
  ['other raises', { small: 3, large: 1 }, 'ks qs call raise raise call js raise call', 0, 'higher card', 8],
])('%s', (_, values, moves, winner, how, chips) => {
  const game = gameOf(leducPokerFamily, values);
  const scores = winner === undefined ? [0, 0] : winner === 0 ? [chips, -chips] : [-chips, chips];
  const result = winner === undefined ? { kind: 'draw' } : { kind: 'win', winner };
  expect(game.outcome(after(moves, game))).toMatchObject({ ...result, how, scores });
  expect(game.moves(after(moves, game))).toEqual([]);
  expect(game.outcome(after(moves.slice(0, moves.lastIndexOf(' ')), game))).toBeUndefined();
});

/** The rules once more, for the moves of a game: chips, whose turn it is, and how often each round was raised. */
function plainly(texts: readonly string[], values: { raises: number; small: number; large: number }) {
  const chips: [number, number] = [1, 1];
  let dealt = 0;
  let turn: 0 | 1 = 0;
  let raised = 0;
  let made = 0;
  let folded: 0 | 1 | undefined;
  for (const text of texts) {
    if (text.length === 2) {
      dealt++;
      continue;
    }
    const most = Math.max(...chips);
    if (text === 'fold') folded = turn;
    if (text === 'call') chips[turn] = most;
    if (text === 'raise') {
      chips[turn] = most + (dealt === 2 ? values.small : values.large);
      raised++;
    }
    made++;
    turn = turn === 0 ? 1 : 0;
    if (text === 'call' && made > 1) {
      if (dealt === 3) return { chips, folded, legal: [] };
      [turn, raised, made] = [0, 0, 0];
    }
  }
  const open = chips[turn] < Math.max(...chips);
  const legal = [...(open ? ['fold'] : []), 'call', ...(raised < values.raises ? ['raise'] : [])];
  return { chips, folded, legal: folded === undefined ? legal : [] };
}

test.each([
  { ranks: 3, raises: 2, small: 2, large: 4 },
  { ranks: 5, raises: 1, small: 2, large: 4 },
  { ranks: 4, raises: 4, small: 5, large: 1 },
])('with %o moves and chips are those of plain rules', values => {
  const game = gameOf(leducPokerFamily, values);
  for (let seed = 0; seed < 300; seed++) {
    const texts: string[] = [];
    for (const { state, move } of playout(game, seed)) {
      const { chips, folded, legal } = plainly(texts, values);
      const outcome = game.outcome(state);
      if (outcome || game.turn(state) !== 'chance') expect(movesIn(state, game)).toEqual(legal);
      expect(game.show(state)).toMatch(new RegExp(`^x: .* chips ${chips[0]}\no: .* chips ${chips[1]}\n`));
      if (outcome?.kind === 'win') {
        if (folded !== undefined) expect(outcome.winner).toBe(1 - folded);
        expect(outcome.scores![outcome.winner]).toBe(chips[1 - outcome.winner]);
      }
      if (move !== undefined) texts.push(game.formatMove(move));
    }
  }
});

const picture = (...lines: readonly string[]) => lines.join('\n');

test.each<[string, Seat | undefined, string, string]>([
  [
    'the first sees its card and the public one',
    0,
    'qs kh raise call js call',
    picture(
      'x: card qs, chips 3',
      'o: card ?, chips 3',
      'public card: js',
      'first round: raise call',
      'second round: call',
      'o is to move',
    ),
  ],
  [
    'the second sees its card before the public one is dealt',
    1,
    'qs kh call call',
    picture(
      'x: card ?, chips 1',
      'o: card kh, chips 1',
      'public card: -',
      'first round: call call',
      'second round: -',
      'the public card is dealt',
    ),
  ],
  [
    'cards stay hidden after a fold',
    0,
    'qs kh raise raise fold',
    picture(
      'x: card qs, chips 3',
      'o: card ?, chips 5',
      'public card: -',
      'first round: raise raise fold',
      'second round: -',
      'over, o wins 3',
    ),
  ],
  [
    'cards stay hidden after a fold in the second round',
    1,
    'qs kh call call js raise fold',
    picture(
      'x: card ?, chips 5',
      'o: card kh, chips 1',
      'public card: js',
      'first round: call call',
      'second round: raise fold',
      'over, x wins 1',
    ),
  ],
  [
    'both cards are shown in the end',
    1,
    'qs qh call call js call call',
    picture(
      'x: card qs, chips 1',
      'o: card qh, chips 1',
      'public card: js',
      'first round: call call',
      'second round: call call',
      'over, a draw',
    ),
  ],
  [
    'a spectator sees everything',
    undefined,
    'qs',
    picture(
      'x: card qs, chips 1',
      'o: card -, chips 1',
      'public card: -',
      'first round: -',
      'second round: -',
      'o is dealt a card',
    ),
  ],
])('%s', (_, seat, moves, expected) => {
  expect(leducPoker.show(after(moves), seat)).toBe(expected);
});

test('a seat sees its own deal and the public one', () => {
  const hidden = (moves: string, move: string) =>
    ([0, 1] as const).filter(seat => leducPoker.hides!(after(moves), leducPoker.parseMove(move)!, seat));
  expect(hidden('', 'qs')).toEqual([1]);
  expect(hidden('qs', 'ks')).toEqual([0]);
  expect(hidden('qs ks', 'call')).toEqual([]);
  expect(hidden('qs ks call call', 'js')).toEqual([]);
});

test.each([
  ['each card that it does not hold, as first', 0, 'js ks raise', [['js'], ['jh', 'qs', 'qh', 'ks', 'kh']]],
  ['no card that lies open', 0, 'js ks call call qs', [['js'], ['jh', 'qh', 'ks', 'kh']]],
  ['no card that lies open, as second', 1, 'js ks call call qs call', [['js', 'jh', 'qh', 'kh'], ['ks']]],
  ['any card before it has its own', 1, 'js', [['js', 'jh', 'qs', 'qh', 'ks', 'kh']]],
  ['nothing before the other has a card', 0, 'js', [['js']]],
  ['nothing after a showdown', 0, 'js ks call call qs call call', [['js'], ['ks']]],
  ['each card after the other folded', 0, 'js ks call call qs raise fold', [['js'], ['jh', 'qh', 'ks', 'kh']]],
] as const)('a seat guesses %s', (_, seat, moves, expected) => {
  const random = seededRandom(1);
  const state = after(moves);
  const guesses = Array.from({ length: 4000 }, () => leducPoker.guess!(state, seat, random));
  for (const [whose, cards] of expected.entries()) {
    const counts = new Map<string, number>();
    for (const guess of guesses) {
      const card = leducPoker.formatMove(leducPoker.moveCount + guess.cards[whose]!);
      counts.set(card, (counts.get(card) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([...cards].sort());
    for (const count of counts.values()) expect(count).toBeGreaterThan((0.85 * guesses.length) / cards.length);
  }
  for (const guess of guesses) expect(guess.cards[2]).toBe(state.cards[2]);
});

test.each([
  ['', 'ks', 'R1'],
  ['ks', 'kh', 'R1'],
  ['ks', 'ks', 'R2'],
  ['ks js call call', 'kh', 'R9'],
  ['ks js call call', 'js', 'R2'],
  ['ks js', 'fold', 'R8'],
  ['ks js', 'call', 'R4'],
  ['ks js', 'raise', 'R5'],
  ['ks js raise', 'raise', 'R5 R6'],
  ['ks js raise raise', 'raise', 'R6'],
  ['ks js raise', 'fold', 'R7'],
  ['ks js raise', 'call', 'R3 R4'],
  ['ks js call call kh', 'call', 'R4'],
  ['ks js call call qh call', 'call', 'R3 R4 R10'],
  ['ks kh call call qh call', 'call', 'R3 R4 R11'],
  ['ks js call call kh call', 'call', 'R3 R4 R12'],
  ['ks js call call jh raise', 'call', 'R3 R4 R12'],
])('after "%s", %s is decided by %s', (moves, move, rules) => {
  expect(leducPoker.explain(after(moves), leducPoker.parseMove(move)!).join(' ')).toBe(rules);
});

test('an observation tells the ranks in sight and the betting, and nothing else', () => {
  const observed = (moves: string) => [...leducPoker.observe(after(moves))];
  const planes = (moves: string) => Array.from({ length: 10 }, (_, i) => observed(moves).slice(3 * i, 3 * i + 3));
  expect(planes('js kh raise')[0]).toEqual([0, 0, 1]);
  expect(planes('js kh raise')[2]).toEqual([1, 1, 1]);
  expect(observed('js kh raise').reduce((sum, value) => sum + value, 0)).toBe(4);
  const second = planes('qs kh call call js call raise');
  expect(second.slice(0, 2)).toEqual([
    [0, 1, 0],
    [1, 0, 0],
  ]);
  expect(second.slice(2).map(([value]) => value)).toEqual([0.5, 0.5, 0, 0, 0.5, 1, 0, 0]);
  expect(observed('js')).toEqual(Array(30).fill(0));
});

test('the view hides the card of the other until it is shown, and its moves are buttons', () => {
  const view = leducPokerView(leducPoker);
  const signs = (moves: string, seat?: Seat) =>
    view.squares(after(moves), seat).map(row => row.map(cell => (cell as { sign?: string }).sign ?? '-').join(' '));
  expect(signs('qs kh raise', 0)).toEqual(['? 1', '- 4', 'Q♠ 3']);
  expect(signs('qs kh raise', 1)).toEqual(['K♥ 1', '- 4', '? 3']);
  expect(signs('qs kh raise')).toEqual(['K♥ 1', '- 4', 'Q♠ 3']);
  expect(signs('qs kh raise call js', 0)).toEqual(['? 3', 'J♠ 6', 'Q♠ 3']);
  expect(signs('qs kh raise call js call call', 0)).toEqual(['K♥ 3', 'J♠ 6', 'Q♠ 3']);
  expect(signs('qs', 1)).toEqual(['- 1', '- 2', '? 1']);
  expect(view.movesAt(after('qs kh'), [0])).toEqual([]);
});

test.each([{ players: 3 }, { starting_player: 1 }, { action_mapping: true }, { suit_isomorphism: true }])(
  'a recording with %o is refused',
  theirs => {
    expect(() => leducPokerFamily.openSpiel!.values!(theirs)).toThrow(RangeError);
  },
);

test.each(['', 'f', 'check', 'bet', 'Call', 'KS', 'k', 's', 'kd', 'ts', 'sk', 'ks ', 'ksjs'])('%j is no move', text => {
  expect(leducPoker.parseMove(text)).toBeUndefined();
});

test.each([{}, { ranks: 5, raises: 1 }])('with %j random play from the start is the same, fast and plain', values => {
  const game = gameOf(leducPokerFamily, values);
  for (let seed = 0; seed < 600; seed++) {
    const [fast, plain] = [seededRandom(seed), seededRandom(seed)];
    expect(game.playout!(game.start, fast)).toEqual(plainPlayout(game, game.start, plain));
    expect(fast()).toBe(plain());
  }
});

/**
 * Games that others wrote for boardgame.io, at our table: agents search them,
 * read them and learn them as they do our own.
 *
 * A move is whatever the game's `ai.enumerate` offers and its reducer accepts. A
 * game that draws random numbers begins with a move of chance, the deal, that
 * seeds them: the seed is known to nobody at the table.
 */

import type { ActionShape, Game as BoardgameIoGame, Ctx, PlayerID, State } from 'boardgame.io';
import { CreateGameReducer, InitializeGame } from '#bgio/internal';
import type { Entry } from '../games/catalog.ts';
import type { Game, Move, Outcome, Seat } from '../games/game.ts';
import { pick, type Random, seededRandom, seedOf } from '../games/random.ts';
import type { View } from '../games/view.ts';
import { InputError } from './errors.ts';
import { reshuffled } from './hidden.ts';
import { copied, type LeanFlow, leanFlow } from './lean-flow.ts';
import { isModern, modernised } from './old-boardgame.ts';

/** What a game may say about itself beyond what boardgame.io knows. */
export interface Introduction {
  /** Its name at our table; the game's own where left out. */
  readonly name?: string | undefined;
  /** Markdown for those who learn by reading. */
  readonly rules?: string | undefined;
  readonly guide?: string | undefined;
  /**
   * A random G that the player cannot tell from the true one, for games with a
   * `playerView` that are too large to find one by dealing again and again.
   */
  readonly guess?: ((G: unknown, ctx: Ctx, playerID: PlayerID, random: Random) => unknown) | undefined;
}

/** boardgame.io's state without its history, as plain JSON. */
interface Played {
  readonly G: unknown;
  readonly ctx: Ctx;
  readonly plugins: State['plugins'];
  /** How many moves were made. */
  readonly plies: number;
  /** Which deal it was, and all moves since, where players' views differ; else nothing. */
  readonly deal?: number;
  readonly made: readonly string[];
}

/** Null before the deal. */
type Hosted = Played | null;

/** A move or event of the game, as boardgame.io's reducer takes it. */
interface Action {
  readonly kind: 'MAKE_MOVE' | 'GAME_EVENT';
  readonly type: string;
  readonly args: readonly unknown[];
}

/** Different deals. */
const DEALS = 4096;

/** Something is done so often at most, to states of so many characters in all: a large state makes it slow. */
class Budget {
  #times: number;
  #characters: number;

  constructor({ times, characters }: { readonly times: number; readonly characters: number }) {
    this.#times = times;
    this.#characters = characters;
  }

  /** Whether it may be done so often more. */
  spend(times: number, characters: number): boolean {
    const isLeft = this.#times > 0 && this.#characters > 0;
    this.#times -= times;
    this.#characters -= times * characters;
    return isLeft;
  }
}

/** The moves of a game are those met in so many random games, in so many plies at most, and room for those not met. */
const EXPLORED_GAMES = 60;
const EXPLORED = { times: 3000, characters: 10e6 };
/** So many of the moves offered are tried; what is offered later counts as met without a look whether it is legal. */
const TRIED = { times: 12_000, characters: 15e6 };
/** So many moves are made by boardgame.io's reducer and by the lean flow, which is used where they never differ. */
const COMPARED = { times: 3000, characters: 3e6 };

/** `late` of them were met in the later half of all plies for the first time. */
const spareFor = (met: number, late: number): number => Math.max(16, Math.ceil(met / 4), 8 * late);

/** A game of random play is given up after so many plies: it may go round in circles. */
const LONGEST = 500;

/** A game that is not over after so many moves is drawn. */
const MOST_PLIES = 1000;

/** Deals tried for one that agrees with all that a player has seen; and then, changes of what the player cannot see. */
const TRIES = 60;

/** What `endIf` calls a game that nobody has won. */
const NOBODY: ReadonlySet<string> = new Set(['', 'draw', 'tie', 'none', 'nobody', 'true', '-1']);

/** What learning agents see of a game: so many numbers and words of its state at most. */
const MOST_FEATURES = 2048;

/**
 * Hosts a boardgame.io game of two players. Throws InputError, with the reason,
 * for one that cannot be hosted.
 */
export function fromBoardgameIo(theirs: BoardgameIoGame, introduction: Introduction = {}): Entry {
  const name = introduction.name ?? theirs.name ?? 'boardgame';
  const refuse = (reason: string): never => {
    throw new InputError(`the boardgame.io game '${name}' cannot be hosted: ${reason}`);
  };
  const enumerate = theirs.ai?.enumerate;
  if (!enumerate) {
    return refuse(
      "it has no ai.enumerate, which tells the moves of a position; see boardgame.io's documentation of bots",
    );
  }
  const { minPlayers = 2, maxPlayers = 2 } = theirs;
  if (minPlayers > 2) refuse(`it is for ${minPlayers} players or more, and here two play`);
  if (maxPlayers < 2) refuse('it is for one player, and here two play');
  if ('flow' in theirs || 'processMove' in theirs) {
    refuse(
      "it was written for boardgame.io before 0.33: its 'flow' has to become 'turn', 'phases' and 'endIf', without 'Game(…)' around them",
    );
  }
  // boardgame.io calls it with G and ctx; some who write it take it apart as they do with moves.
  const taking = enumerate as unknown as (context: object, playerID: PlayerID) => ReturnType<Enumerate>;
  const offering: Enumerate = isModern(taking as never)
    ? (G, ctx, playerID) => taking({ G, ctx, playerID }, playerID)
    : enumerate;
  const host = new Host(theirs, offering, introduction, refuse);
  const game = host.game(name);
  const view: View<Hosted> = {
    look: 'text',
    squares: () => [[]],
    movesAt: (state, clicks) => (clicks.length === 0 ? game.moves(state) : []),
    chance: 'dealt',
  };
  return { game: game as Game, view: view as View };
}

/**
 * Hosts the boardgame.io game that a module exports, as its default or as the
 * only one, with the `rules`, `guide` and `guess` it may export beside it.
 */
export function fromModule(module: Readonly<Record<string, unknown>>, name: string): Entry {
  const { rules, guide, guess } = module as Introduction;
  const isGame = (value: unknown): value is BoardgameIoGame =>
    isTree(value) && ['setup', 'moves', 'phases'].some(key => key in value);
  const all = isGame(module['default']) ? [module['default']] : [...new Set(Object.values(module).filter(isGame))];
  const searchable = all.filter(({ ai }) => ai?.enumerate);
  const games = searchable.length === 1 ? searchable : all;
  if (games.length !== 1) {
    throw new InputError(
      `${name} exports ${games.length === 0 ? 'no boardgame.io game' : `${games.length} boardgame.io games`}; 'export default' an object with setup and moves`,
    );
  }
  return fromBoardgameIo(games[0]!, { name, rules, guide, guess });
}

type Enumerate = NonNullable<NonNullable<BoardgameIoGame['ai']>['enumerate']>;
type Offer = ReturnType<Enumerate>[number];

class Host {
  readonly #theirs: BoardgameIoGame;
  /** What is read where no rules were written: its code, before boardgame.io adds to it. */
  readonly #code: string;
  /** The name that it gives itself. */
  readonly #named: string | undefined;
  readonly #enumerate: Enumerate;
  readonly #introduction: Introduction;
  readonly #refuse: (reason: string) => never;
  readonly #reducer: ReturnType<typeof CreateGameReducer>;
  #lean: LeanFlow | undefined;
  /** What went wrong in the game's own code, the first time: for those who are told that it cannot be hosted. */
  #failure: unknown;
  readonly #hasSecrets: boolean;
  readonly #hasLuck: boolean;
  /** What its set-up gave last, before it was kept as JSON. */
  #set: unknown;
  /** Whether its set-up or a move called Math.random, which is then ours. */
  #hasDrawn = false;
  /** The texts of the moves by their numbers, and what they do. */
  readonly #texts: string[] = [];
  readonly #actions: Action[] = [];
  readonly #numbers = new Map<string, Move>();
  readonly #known = new WeakMap<Played, Open>();
  /** For states with secrets: what each seat has seen of the moves made, and whether dealing again finds nothing. */
  readonly #witnessed = new WeakMap<Played, [(readonly Witnessed[])?, (readonly Witnessed[])?]>();
  readonly #redealable = new WeakMap<Played, boolean>();
  readonly #moveCount: number;
  readonly #features: readonly Feature[];

  constructor(
    theirs: BoardgameIoGame,
    enumerate: Enumerate,
    introduction: Introduction,
    refuse: (reason: string) => never,
  ) {
    // boardgame.io completes the object that it is given, and allows no blanks in its name.
    this.#theirs = { ...modernised(theirs), name: 'guest' };
    this.#named = theirs.name;
    this.#code = codeOf(theirs);
    this.#enumerate = enumerate;
    this.#introduction = introduction;
    this.#refuse = refuse;
    this.#reducer = CreateGameReducer({ game: { ...this.#theirs }, isClient: false });
    this.#lean = leanFlow(this.#theirs);
    this.#hasSecrets = [theirs, ...(theirs.plugins ?? [])].some(({ playerView }) => playerView !== undefined);
    const { hasLuck, views, late } = this.#explore();
    this.#hasLuck = hasLuck;
    this.#moveCount = this.#texts.length + spareFor(this.#texts.length, late);
    this.#features = featuresOf(views);
  }

  game(name: string): Game<Hosted> {
    const moveCount = this.#moveCount;
    const hides = this.#hasLuck || this.#hasSecrets;
    const rules = this.#introduction.rules ?? `# ${this.#named ?? name}\n\n${this.#code}`;
    return {
      name,
      family: name,
      title: titleOf(this.#introduction.rules) ?? this.#named ?? name,
      seatNames: ['player 0', 'player 1'],
      facts: {},
      documents: { rules: `${rules.trim()}\n\n${this.#notation()}`, guide: this.#introduction.guide ?? '' },
      moveCount,
      observationShape: [Math.max(1, this.#features.length), 1, 1],
      symmetries: [],
      openingPlies: this.#hasLuck ? 0 : 2,
      start: this.#hasLuck ? null : this.#deal(0),
      ...(this.#hasLuck
        ? {
            chanceCount: DEALS,
            chances: () => Array.from({ length: DEALS }, () => 1 / DEALS),
          }
        : {}),
      turn: state => (state === null ? 'chance' : this.#mover(state)),
      moves: state => (state === null ? Array.from({ length: DEALS }, (_, i) => moveCount + i) : this.#moves(state)),
      play: (state, move) => (state === null ? this.#deal(move - moveCount) : this.#play(state, move)),
      outcome: state => (state === null ? undefined : this.#outcome(state)),
      playout: (state, random) => this.#playout(state, random),
      explain: (state, move) => [state === null || this.#moves(state).includes(move) ? 'R1' : 'R2'],
      ...(hides
        ? {
            hides: (state: Hosted, move: Move, seat: Seat) => state === null || this.#isUnseen(state, move, seat),
            guess: (state: Hosted, seat: Seat, random: Random) =>
              state === null ? null : this.#guess(state, seat, random),
          }
        : {}),
      show: (state, seat) => (state === null ? 'not yet dealt' : this.#show(state, seat)),
      notation: `one of those that the rules list, such as ${this.#texts[0] ?? 'a move'}`,
      formatMove: move => (move < moveCount ? (this.#texts[move] ?? `unknown-${move}`) : `deal-${move - moveCount}`),
      parseMove: text => {
        const dealt = this.#hasLuck ? /^deal-(0|[1-9]\d{0,3})$/.exec(text) : null;
        if (dealt) return Number(dealt[1]) < DEALS ? moveCount + Number(dealt[1]) : undefined;
        const unknown = /^unknown-([1-9]\d*)$/.exec(text);
        if (unknown) {
          const move = Number(unknown[1]);
          return move >= this.#texts.length && move < moveCount ? move : undefined;
        }
        return this.#numbers.get(text);
      },
      observe: state => this.#observe(state),
    };
  }

  #deal(number: number): Played {
    // boardgame.io keeps what a game was dealt apart from the game, but reads the seed from it.
    const setup: BoardgameIoGame['setup'] = (...context) => {
      this.#set = this.#theirs.setup?.(...context) ?? {};
      return this.#set;
    };
    const game = { ...this.#theirs, setup, seed: `deal ${number}` };
    const { G, ctx, plugins } = this.#tried('setup', game.seed, () => InitializeGame({ game, numPlayers: 2 }));
    return plain({ G, ctx, plugins, plies: 0, ...(this.#hasSecrets ? { deal: number } : {}), made: [] });
  }

  /** What the game's own code answers. Throws InputError with its message where it throws. */
  #tried<Answer>(part: string, seed: string, work: () => Answer): Answer {
    try {
      return alone(seed, work, () => {
        this.#hasDrawn ||= part === 'setup';
      });
    } catch (error) {
      return this.#refuse(`its ${part} failed: ${messageOf(error)}${this.#whatIsLost()}`);
    }
  }

  #whatIsLost(): string {
    const lost = lostIn(this.#set, 'G');
    return lost === undefined ? '' : `; ${lost}, which is lost where a state is kept as JSON`;
  }

  /** What a move does, in which Math.random says the same each time. */
  #moved<After>({ plugins, plies }: Played, work: () => After): After {
    return alone(`${plugins['random']?.data?.seed} ${plies}`, work, () => {
      this.#hasDrawn = true;
    });
  }

  #mover(state: Played): Seat {
    const { activePlayers, currentPlayer } = state.ctx;
    return activePlayers ? this.#open(state).seat : seatOf(currentPlayer);
  }

  #offered(G: unknown, ctx: Ctx, player: PlayerID): readonly Action[] {
    const offers = this.#tried('ai.enumerate', `${ctx.turn} ${ctx.numMoves}`, () => this.#enumerate(G, ctx, player));
    return (listOf(offers ?? undefined) as readonly Offer[]).map(offer => {
      if (!isTree(offer)) return this.#refuse(`its ai.enumerate offers ${JSON.stringify(offer)}, no { move, args }`);
      if ('payload' in offer) {
        const { type, payload } = offer as ActionShape.MakeMove;
        return { kind: type as Action['kind'], type: payload.type, args: listOf(payload.args) };
      }
      if ('event' in offer) return { kind: 'GAME_EVENT', type: offer.event, args: listOf(offer.args) };
      return { kind: 'MAKE_MOVE', type: offer.move, args: listOf(offer.args) };
    });
  }

  #moves(state: Played): readonly Move[] {
    return this.#open(state).moves;
  }

  /** Whose turn it is: with several active players, the first that can move. And what it can do. */
  #open(state: Played): Open {
    const known = this.#known.get(state);
    if (known) return known;
    const players = activeIn(state.ctx);
    let open: Open = { seat: seatOf(players[0] ?? state.ctx.currentPlayer), moves: [] };
    for (const player of this.#outcomeOf(state) ? [] : players) {
      const moves = this.#legal(state, player);
      if (moves.length === 0) continue;
      open = { seat: seatOf(player), moves };
      break;
    }
    this.#known.set(state, open);
    return open;
  }

  #legal(state: Played, player: PlayerID): readonly Move[] {
    const moves = this.#offered(state.G, state.ctx, player)
      .filter(action => this.#after(state, action, player) !== undefined)
      .map(action => this.#numberOf(action));
    return [...new Set(moves)].sort((a, b) => a - b);
  }

  /** The state after an action; undefined where the game refuses it. */
  #after(state: Played, action: Action, player: PlayerID): Played | undefined {
    if (!this.#lean || action.kind !== 'MAKE_MOVE') return this.#reduce(state, action, player);
    try {
      const after = this.#moved(state, () => this.#lean!(state, action.type, action.args, player));
      if (after === 'refused') return undefined;
      if (after !== 'unknown') return { ...state, G: after.G, ctx: after.ctx, plies: state.plies + 1 };
    } catch {
      // It fails in the reducer too, which knows what that means.
    }
    return this.#reduce(state, action, player);
  }

  /**
   * Random play, drawn without looking which of the moves offered are legal, but
   * for those that are drawn: as likely as `plainPlayout`, by other random numbers.
   */
  #playout(begin: Hosted, random: Random): Outcome {
    let state = begin ?? this.#deal(Math.floor(random() * DEALS));
    const last = state.plies + LONGEST;
    for (;;) {
      if (state.plies >= last) return { kind: 'draw', how: `not over after ${LONGEST} moves` };
      const outcome = this.#outcomeOf(state);
      if (outcome) return outcome;
      const after = this.#randomly(state, random);
      if (!after) return { kind: 'draw', how: 'nobody can move' };
      state = after;
    }
  }

  /** The state after a random move; undefined where there is none. */
  #randomly(state: Played, random: Random): Played | undefined {
    for (const player of activeIn(state.ctx)) {
      const offers = [...this.#offered(state.G, state.ctx, player)];
      while (offers.length > 0) {
        const [action] = offers.splice(Math.floor(random() * offers.length), 1);
        const after = this.#after(state, action!, player);
        if (after) return this.#hasSecrets ? { ...after, made: [] } : after;
      }
    }
    return undefined;
  }

  /** The same, told by boardgame.io's reducer. */
  #reduce(state: Played, { kind, type, args }: Action, playerID: PlayerID): Played | undefined {
    const { G, ctx, plugins } = state;
    // boardgame.io counts the moves of active players in the ctx that it is given.
    // And its own plugin of players changes them in place.
    const kept = this.#theirs.plugins?.length ? copied(plugins) : plugins;
    const before = { G, ctx: copied(ctx), plugins: kept, _undo: [], _redo: [], _stateID: 0, deltalog: [] };
    const action = {
      type: kind,
      payload: { type, args: args.map(copied), playerID },
    } as unknown as ActionShape.MakeMove;
    let after: State & { transients?: { error?: unknown } };
    try {
      after = this.#moved(state, () => this.#reducer(before, action)) as typeof after;
    } catch (error) {
      this.#failure ??= error;
      return undefined;
    }
    if (after.transients?.error !== undefined) return undefined;
    const played = plain({ ...state, G: after.G, ctx: after.ctx, plugins: after.plugins, plies: state.plies + 1 });
    // An event that the game did not heed is no move.
    if (kind === 'GAME_EVENT' && isEqual([played.G, played.ctx], [G, ctx])) return undefined;
    return played;
  }

  #play(state: Played, move: Move): Played {
    const action = this.#actions[move];
    const after = action && this.#after(state, action, String(this.#mover(state)));
    if (!after) throw new Error(`${this.#texts[move] ?? move} is not legal`);
    return this.#hasSecrets ? { ...after, made: [...state.made, this.#texts[move]!] } : after;
  }

  /** What `endIf` said, read as boardgame.io's users write it: { winner }, { winners }, { loser }, { draw }, or the player alone. */
  #outcomeOf({ ctx: { gameover }, plies }: Played): Outcome | undefined {
    if (gameover === undefined || gameover === null) {
      return plies < MOST_PLIES ? undefined : { kind: 'draw', how: `not over after ${MOST_PLIES} moves` };
    }
    const winners = winnersIn(gameover);
    if (winners.length !== 1 || NOBODY.has(winners[0]!.toLowerCase())) return { kind: 'draw', how: 'as its rules say' };
    const [winner] = winners;
    if (winner === '0' || winner === '1') return { kind: 'win', winner: seatOf(winner), how: 'as its rules say' };
    return this.#refuse(
      `its endIf gave ${JSON.stringify(gameover)}, in which no player '0' or '1' wins and nobody draws`,
    );
  }

  #outcome(state: Played): Outcome | undefined {
    return (
      this.#outcomeOf(state) ?? (this.#moves(state).length > 0 ? undefined : { kind: 'draw', how: 'nobody can move' })
    );
  }

  /**
   * Whether a move of the other player stays unknown to `seat`: the game keeps it
   * out of the log, or what the seat sees would be the same after another one.
   */
  #isUnseen(state: Played, move: Move, seat: Seat): boolean {
    if (this.#mover(state) === seat) return false;
    const { moves } = this.#theirs;
    const found = moves?.[this.#actions[move]?.type ?? ''];
    if (typeof found === 'object' && found !== null && 'redact' in found) {
      const { redact } = found;
      if (typeof redact === 'function' ? redact({ G: state.G as never, ctx: state.ctx }) : redact) return true;
    }
    if (!this.#hasSecrets) return false;
    const viewAfter = (made: Move) => this.#seen(this.#play(state, made), seat);
    const view = viewAfter(move);
    return this.#moves(state).some(other => other !== move && viewAfter(other) === view);
  }

  /** All that a seat is shown, as text. */
  #seen(state: Played, seat: Seat): string {
    const { turn, phase, currentPlayer, activePlayers } = state.ctx;
    return JSON.stringify([this.#viewOf(state, seat), turn, phase, currentPlayer, activePlayers]);
  }

  /** What a seat sees, or all there is: G, and beside it what the game's plugins keep, under their names. */
  #viewOf({ G, ctx, plugins }: Played, seat: Seat | undefined): unknown {
    const theirs = this.#theirs;
    const shown = <Whole>(whole: Whole, view: ((playerID: PlayerID) => unknown) | false | undefined): Whole =>
      seat === undefined || !view ? whole : (this.#tried('playerView', '', () => view(String(seat))) as Whole);
    // A copy, since some write into it.
    const { playerView } = theirs;
    const view = shown(G, playerView && (playerID => playerView({ G: copied(G), ctx, playerID })));
    const kept = this.#keeping(plugins).map(({ name, playerView }) => {
      const { data } = plugins[name]!;
      return [name, shown(data, playerView && (playerID => playerView({ G, ctx, game: theirs, data, playerID })))];
    });
    return kept.length === 0 ? view : { G: view, ...Object.fromEntries(kept) };
  }

  /** The plugins of the game that keep something. */
  #keeping(plugins: Played['plugins']) {
    return (this.#theirs.plugins ?? []).filter(({ name }) => Object.keys(plugins[name]?.data ?? {}).length > 0);
  }

  /** The state of which all there is to see is `whole`. */
  #seenWhole(state: Played, whole: object): Played {
    if (this.#keeping(state.plugins).length === 0) return { ...state, G: whole };
    const { G, ...kept } = whole as { G: unknown } & Record<string, unknown>;
    const plugins = Object.entries(kept).map(([name, data]) => [name, { ...state.plugins[name], data }]);
    return { ...state, G, plugins: { ...state.plugins, ...Object.fromEntries(plugins) } };
  }

  /** With other dice to come; and where players' views differ, other secrets: those of a deal that agrees with all this seat has seen. */
  #guess(state: Played, seat: Seat, random: Random): Played {
    if (!this.#hasSecrets) return this.#withOtherDice(state, random);
    const { guess } = this.#introduction;
    const { G, ctx } = state;
    if (guess) return this.#withOtherDice({ ...state, G: guess(G, ctx, String(seat), random) }, random);
    const [view, whole] = [this.#viewOf(state, seat), this.#viewOf(state, undefined)];
    if (isEqual(view, whole)) return this.#withOtherDice(state, random);
    const seen = this.#seen(state, seat);
    const witnessed = this.#witnessedBy(state, seat);
    for (let i = 0; i < TRIES && this.#redealable.get(state) !== false; i++) {
      const found = this.#redealt(state.made, witnessed, seat, random);
      if (found && this.#seen(found, seat) === seen) return this.#withOtherDice(found, random);
    }
    this.#redealable.set(state, false);
    for (let i = 0; i < TRIES; i++) {
      const found = this.#seenWhole(state, reshuffled(whole as object, view, random));
      if (this.#seen(found, seat) === seen && this.#isAsOpen(found, state, seat))
        return this.#withOtherDice(found, random);
    }
    return this.#refuse(
      `nothing found that player ${seat} could not tell from the true state; export a 'guess' (see examples/README.md)`,
    );
  }

  /** Whether the seat, if it is its turn, has the same moves in both. */
  #isAsOpen(found: Played, state: Played, seat: Seat): boolean {
    const mover = this.#mover(state);
    if (this.#mover(found) !== mover) return false;
    const [there, here] = [this.#moves(found), this.#moves(state)];
    return mover !== seat || (there.length === here.length && there.every((move, i) => move === here[i]));
  }

  /** What `seat` has seen of each move since the deal. */
  #witnessedBy(state: Played, seat: Seat): readonly Witnessed[] {
    const known = this.#witnessed.get(state) ?? [];
    this.#witnessed.set(state, known);
    known[seat] ??= this.#retold(state).map(([before, move]) => ({
      before: this.#seen(before, seat),
      isUnseen: this.#isUnseen(before, move, seat),
    }));
    return known[seat];
  }

  /** The moves since the deal, each with the state it was made in. */
  #retold({ deal = 0, made }: Played): readonly (readonly [before: Played, move: Move])[] {
    let state = this.#deal(deal);
    return made.map(text => {
      const before = state;
      const move = this.#numbers.get(text)!;
      state = this.#play(before, move);
      return [before, move] as const;
    });
  }

  #withOtherDice(state: Played, random: Random): Played {
    const seed = `dice ${Math.floor(random() * 2 ** 32)}`;
    const { random: dice } = state.plugins;
    return dice ? { ...state, plugins: { ...state.plugins, random: { ...dice, data: { seed } } } } : state;
  }

  /** Another deal in which the seat saw the same, and the moves that it did not see are random. Undefined where it cannot be. */
  #redealt(made: readonly string[], witnessed: readonly Witnessed[], seat: Seat, random: Random): Played | undefined {
    let state = this.#deal(this.#hasLuck ? Math.floor(random() * DEALS) : 0);
    for (const [i, text] of made.entries()) {
      const { before, isUnseen } = witnessed[i]!;
      if (this.#seen(state, seat) !== before) return undefined;
      const open = isUnseen ? this.#moves(state) : [];
      const move = open.length > 0 ? pick(open, random) : this.#numbers.get(text)!;
      const after = this.#after(state, this.#actions[move]!, String(this.#mover(state)));
      if (!after) return undefined;
      state = { ...after, made: [...state.made, this.#texts[move]!] };
    }
    return state;
  }

  #show(state: Played, seat: Seat | undefined): string {
    const { phase, activePlayers } = state.ctx;
    const stage = activePlayers?.[String(this.#mover(state))];
    return [
      picture(this.#viewOf(state, seat)),
      ...(phase ? [`phase: ${phase}`] : []),
      ...(stage && stage !== 'null' ? [`stage: ${stage}`] : []),
      this.#outcomeOf(state) ? 'the game is over' : `player ${this.#mover(state)} is to move`,
    ].join('\n');
  }

  #numberOf(action: Action): Move {
    const text = textOf(action);
    const found = this.#numbers.get(text);
    // Two moves whose texts differ in upper and lower case alone are told apart by a number.
    if (found !== undefined && isSame(this.#actions[found]!, action)) return found;
    let own = text;
    for (let i = 2; this.#numbers.has(own); i++) {
      if (isSame(this.#actions[this.#numbers.get(own)!]!, action)) return this.#numbers.get(own)!;
      own = `${text}#${i}`;
    }
    if (this.#moveCount !== undefined && this.#texts.length >= this.#moveCount) {
      return this.#refuse(`it has more than ${this.#moveCount} different moves, many of them rare`);
    }
    this.#texts.push(own);
    this.#actions.push(action);
    this.#numbers.set(own, this.#texts.length - 1);
    return this.#texts.length - 1;
  }

  /** Random play: which moves there are, whether dice fall, what players see, and whether the lean flow does as the reducer. */
  #explore(): { readonly hasLuck: boolean; readonly views: readonly unknown[]; readonly late: number } {
    const random = seededRandom(1);
    const met = new Map<string, Action>();
    /** How many were met after each ply. */
    const known: number[] = [];
    const views: unknown[] = [];
    let hasLuck = false;
    let isEnding = this.#theirs.endIf !== undefined;
    let isLeft = true;
    const budgets = { explored: new Budget(EXPLORED), tried: new Budget(TRIED), compared: new Budget(COMPARED) };
    for (let number = 0; number < EXPLORED_GAMES && isLeft; number++) {
      let state = this.#deal(number);
      for (let ply = 0; ply < LONGEST && !this.#outcomeOf(state); ply++) {
        const size = JSON.stringify(state).length;
        isLeft = budgets.explored.spend(1, size);
        known.push(met.size);
        hasLuck ||= state.plugins['random']?.data?.prngstate !== undefined;
        let open: readonly { readonly action: Action; readonly after: Played }[] = [];
        for (const player of activeIn(state.ctx)) {
          if (known.length % 5 === 1) views.push({ view: this.#viewOf(state, seatOf(player)), phase: state.ctx.phase });
          const offers = this.#offered(state.G, state.ctx, player);
          if (!budgets.tried.spend(offers.length, size)) {
            for (const action of offers) met.set(JSON.stringify(action), action);
            continue;
          }
          open = offers.flatMap(action => {
            if (budgets.compared.spend(1, size)) this.#compare(state, action, player);
            const after = this.#after(state, action, player);
            return after ? [{ action, after }] : [];
          });
          if (open.length > 0) break;
        }
        for (const { action } of open) met.set(JSON.stringify(action), action);
        const after = open.length > 0 ? pick(open, random).after : this.#randomly(state, random);
        if (!after) break;
        state = plain(after);
      }
      isEnding ||= this.#outcomeOf(state) !== undefined;
    }
    if (met.size === 0) {
      const why = this.#failure === undefined ? '' : `; its own code says: ${messageOf(this.#failure)}`;
      this.#refuse(`ai.enumerate offers no move at the start that the game accepts${why}${this.#whatIsLost()}`);
    }
    if (!isEnding) this.#refuse('it has no endIf, and nothing else ended a random game either');
    const sorted = [...met.values()].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
    for (const action of sorted) this.#numberOf(action);
    return { hasLuck: hasLuck || this.#hasDrawn, views, late: met.size - (known[known.length >> 1] ?? 0) };
  }

  /** Gives the lean flow up where it does not do as the reducer does. */
  #compare(state: Played, action: Action, player: PlayerID): void {
    if (!this.#lean || action.kind !== 'MAKE_MOVE') return;
    const [lean, full] = [this.#after(state, action, player), this.#reduce(state, action, player)];
    if (!isEqual(lean && plain(lean), full)) this.#lean = undefined;
  }

  #notation(): string {
    const shown = this.#texts.slice(0, 60).map(text => `\`${text}\``);
    return [
      'R1. A move is written as the game names it, with its arguments after a colon, for instance:',
      `${shown.join(', ')}${this.#texts.length > 60 ? ', and others like them' : ''}.`,
      '',
      'R2. Which moves are legal, the position decides. Any other move is refused.',
    ].join('\n');
  }

  #observe(state: Hosted): Float32Array {
    const observed = new Float32Array(Math.max(1, this.#features.length));
    if (state === null) return observed;
    const seat = this.#mover(state);
    const leaves = new Map(leavesOf({ view: this.#viewOf(state, seat), phase: state.ctx.phase }));
    for (const [i, { path, is, least, most }] of this.#features.entries()) {
      const value = leaves.get(path);
      if (is !== undefined) observed[i] = word(value, seat) === is ? 1 : 0;
      else if (typeof value === 'number' && Number.isFinite(value)) {
        observed[i] = (Math.min(Math.max(value, least), most) - least) / (most - least);
      }
    }
    return observed;
  }
}

/** What a seat has seen of a move: all that it was shown before, and whether the move was hidden from it. */
interface Witnessed {
  readonly before: string;
  readonly isUnseen: boolean;
}

/** Whose turn it is, and the legal moves in ascending order. */
interface Open {
  readonly seat: Seat;
  readonly moves: readonly Move[];
}

const PLAYERS: readonly PlayerID[] = ['0', '1'];

/** Who may move. */
const activeIn = ({ activePlayers, currentPlayer }: Ctx): readonly PlayerID[] =>
  activePlayers ? PLAYERS.filter(player => player in activePlayers) : [currentPlayer];

/** The first line of what was thrown, without a full stop. */
const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!.replace(/\.$/, '');

const seatOf = (player: PlayerID): Seat => (player === '1' ? 1 : 0);

const listOf = (args: unknown): readonly unknown[] => (args === undefined ? [] : Array.isArray(args) ? args : [args]);

const plain = (state: Played): Played => JSON.parse(JSON.stringify(state)) as Played;

/** The first thing in a state that JSON does not keep, and where: 'G.deck is a Set'. */
function lostIn(value: unknown, path: string, above: ReadonlyMap<unknown, string> = new Map()): string | undefined {
  if (typeof value === 'function') return `${path} is a function`;
  if (typeof value === 'number' && !Number.isFinite(value)) return `${path} is ${value}`;
  if (!isTree(value)) return undefined;
  const kind = Object.getPrototypeOf(value)?.constructor?.name ?? 'Object';
  if (!['Object', 'Array'].includes(kind)) return `${path} is a ${kind}`;
  if (Array.isArray(value) && value.includes(undefined)) return `${path} holds undefined`;
  if (above.has(value)) return `${path} is ${above.get(value)} again`;
  const here = new Map([...above, [value, path]]);
  for (const [key, item] of Object.entries(value)) {
    const lost = lostIn(item, `${path}.${key}`, here);
    if (lost !== undefined) return lost;
  }
  return undefined;
}

const isSame = (a: Action, b: Action): boolean => JSON.stringify(a) === JSON.stringify(b);

/** 'clickcell:4', 'play:{"card":3}', 'pass': in lower case and without blanks. */
function textOf({ type, args }: Action): string {
  const texts = args.map(arg => (typeof arg === 'string' ? arg : JSON.stringify(arg)));
  return `${type}${texts.length > 0 ? ':' : ''}${texts.join(',')}`.toLowerCase().replaceAll(/\s+/g, '_');
}

/** The first heading of a document. */
const titleOf = (document = ''): string | undefined => /^#+ +(.*\S)/m.exec(document)?.[1];

/** What stands for the rulebook of a game that came without one. */
const codeOf = ({ setup, moves, turn, phases, endIf }: BoardgameIoGame): string =>
  [
    'Nobody wrote down the rules of this game. Its code, for boardgame.io, has these parts:',
    `\`\`\`js${sourceOf({ setup, turn, phases, moves, endIf })}\n\`\`\``,
  ].join('\n\n');

/** Functions and plain values, each under its name. */
function sourceOf(part: object, indent = ''): string {
  return Object.entries(part)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]: [string, unknown]) => {
      const text = isTree(value) ? sourceOf(value, `${indent}  `) : ` ${String(value)}`;
      return `\n${indent}${name}:${text}`;
    })
    .join('');
}

/** So many values in a list are a board of as many rows as columns; which is a guess, but says the same. */
const sideOf = (count: number): number | undefined => {
  const side = Math.sqrt(count);
  return Number.isInteger(side) && side >= 3 ? side : undefined;
};

/** A state as text: lists of plain values on one line or in a square, lists of lists as rows. */
function picture(value: unknown, indent = ''): string {
  if (!isTree(value)) return String(value ?? '.');
  if (Array.isArray(value)) {
    if (!value.some(isTree)) {
      const texts = value.map(item => String(item ?? '.'));
      const side = sideOf(texts.length);
      if (side === undefined) return texts.join(' ');
      const width = Math.max(...texts.map(text => text.length));
      return Array.from({ length: side }, (_, row) => {
        const line = texts.slice(row * side, (row + 1) * side).map(text => text.padEnd(width));
        return `\n${indent}${line.join(' ').trimEnd()}`;
      }).join('');
    }
    return value.map(item => `\n${indent}  ${picture(item, `${indent}  `)}`).join('');
  }
  return Object.entries(value)
    .map(([key, item], i) => {
      const text = picture(item, `${indent}  `);
      return `${i === 0 ? '' : `\n${indent}`}${key}:${/^(\n|$)/.test(text) ? '' : ' '}${text}`;
    })
    .join('');
}

const isTree = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether two values of plain JSON, in which fields may be undefined, are the same. */
function isEqual(a: unknown, b: unknown): boolean {
  if (!isTree(a) || !isTree(b)) return a === b;
  const keys = Object.keys(a);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keys.length === Object.keys(b).length &&
    keys.every(key => Object.hasOwn(b, key) && isEqual(a[key as keyof typeof a], b[key as keyof typeof b]))
  );
}

/** One number of an observation: where a number of the state lies between the least and the most it was seen to be, or whether the state says a word. */
interface Feature {
  readonly path: string;
  readonly is?: string;
  readonly least: number;
  readonly most: number;
}

function* leavesOf(value: unknown, path = ''): Generator<[path: string, value: unknown]> {
  if (isTree(value)) for (const [key, item] of Object.entries(value)) yield* leavesOf(item, `${path}/${key}`);
  else yield [path, value];
}

/** A word of the state as `seat` sees it: players' names as 'mine' and 'theirs'. */
const word = (value: unknown, seat: Seat): string =>
  value === String(seat) ? 'mine' : value === String(1 - seat) ? 'theirs' : String(value ?? null);

function featuresOf(views: readonly unknown[]): readonly Feature[] {
  const words = new Map<string, Set<string>>();
  const numbers = new Map<string, { readonly least: number; readonly most: number }>();
  for (const view of views) {
    for (const [path, value] of leavesOf(view)) {
      if (typeof value === 'number') {
        const { least, most } = numbers.get(path) ?? { least: 0, most: 1 };
        numbers.set(path, { least: Math.min(value, least), most: Math.max(value, most) });
      } else {
        const known = words.get(path) ?? new Set();
        for (const seat of [0, 1] as const) known.add(word(value, seat));
        words.set(path, known);
      }
    }
  }
  const features: Feature[] = [
    ...[...numbers].map(([path, range]) => ({ path, ...range })),
    ...[...words].flatMap(([path, known]) =>
      known.size > 1 ? [...known].map(is => ({ path, is, least: 0, most: 1 })) : [],
    ),
  ];
  return features.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)).slice(0, MOST_FEATURES);
}

/** Who won, by what `endIf` gave: players' names. */
function winnersIn(gameover: unknown): readonly string[] {
  const isNamed = isTree(gameover) && !Array.isArray(gameover);
  const { winner, winners, loser } = (isNamed ? gameover : { winner: gameover }) as Record<string, unknown>;
  const nameOf = (player: unknown) => {
    const { id, playerID = id } = (isTree(player) ? player : {}) as Record<string, unknown>;
    return String(playerID ?? player);
  };
  const told = winner ?? winners ?? undefined;
  if (told !== undefined) return (Array.isArray(told) ? told : [told]).map(nameOf);
  if (loser === undefined || loser === null) return [];
  const name = nameOf(loser);
  return [PLAYERS.includes(name) ? String(1 - Number(name)) : name];
}

/**
 * Runs a game's own code. boardgame.io complains of every move that it refuses,
 * and games tell what they do; here moves are tried to find out whether they are
 * legal. Math.random says the same for the same seed, and tells that it was asked.
 */
function alone<Answer>(seed: string, work: () => Answer, drawn: () => void): Answer {
  const { error, log, info, warn } = console;
  const { random } = Math;
  const silent = () => {};
  Object.assign(console, { error: silent, log: silent, info: silent, warn: silent });
  let numbers: Random | undefined;
  Math.random = () => {
    drawn();
    numbers ??= seededRandom(seedOf(seed));
    return numbers();
  };
  try {
    return work();
  } finally {
    Object.assign(console, { error, log, info, warn });
    Math.random = random;
  }
}

/** A match between a person and an agent as the page plays it. */

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Entry } from '../../games/catalog.ts';
import { type Game, type Move, opponent, type Seat } from '../../games/game.ts';
import { type LocalClient, localClient, movesMade } from '../boardgame.ts';
import type { DealRequest, Told } from './api.ts';
import { deal, decide } from './client.ts';
import { type Kept, type KeptDealt, keep, kept } from './kept.ts';
import { type Step, stepsOf } from './squares.ts';

/** What the opponent is at. */
export type Mood =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'thinking'; readonly text: string }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'forfeited'; readonly fault: string };

const WAITING: Mood = { kind: 'waiting' };

export interface Sitting {
  /** Every position, from the start. */
  readonly steps: readonly Step[];
  /** Every move, '?' for one that is hidden. */
  readonly texts: readonly string[];
  readonly you: Seat;
  readonly thoughts: readonly Told[];
  readonly mood: Mood;
  /** Another one for another match. */
  readonly key: string;
  /** Makes your move; it has to be your turn. */
  play(move: Move): void;
  /** Begins a new match. */
  begin(you: Seat): void;
  /** Goes back to when so many moves were made. */
  takeBack(plies: number): void;
  /** Sits down on the other side; a new match begins where that would show what was hidden. */
  switchSeats(): void;
  /** Asks the opponent once more, after a failure. */
  tryAgain(): void;
}

const freshSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0]!;

const newMatch = (you: Seat): Kept => ({ moves: [], you, seed: freshSeed(), thoughts: [] });

/** The thoughts of positions before `ply` moves were made. */
const upTo = (thoughts: readonly Told[], ply: number): readonly Told[] => thoughts.filter(told => told.ply < ply);

/** A boardgame.io client at which these moves were made. What chance does next follows from them and the seed. */
function clientAt({ game }: Entry, { moves, seed }: Pick<Kept, 'moves' | 'seed'>): LocalClient {
  const client = localClient(game, { made: moves, seed: `${seed} ${moves.length}` });
  client.start();
  return client;
}

/** Whether these moves can be made from the start: the rules of a game that was brought may have changed since. */
function isLegal(game: Game, texts: readonly string[]): boolean {
  let state = game.start;
  for (const text of texts) {
    const move = game.parseMove(text);
    if (move === undefined || !game.moves(state).includes(move)) return false;
    state = game.play(state, move);
  }
  return true;
}

/** A match of a game in which nothing is hidden: the page plays it, and asks the server for the opponent's moves. */
export function useOpenMatch(entry: Entry, agent: string, rival: string): Sitting {
  const { game } = entry;
  const client = useRef<LocalClient>(undefined);
  const [match, setMatch] = useState<Kept>(() => {
    const last = kept<Kept>(game.name);
    const found = last && isLegal(game, last.moves) ? last : newMatch(0);
    client.current = clientAt(entry, found);
    return { ...found, moves: movesMade(client.current) };
  });
  const { moves, you, seed, thoughts } = match;
  const [mood, setMood] = useState<Mood>(WAITING);
  const [asked, askAgain] = useState(0);
  useEffect(() => keep(game.name, match), [game, match]);

  const steps = useMemo(() => stepsOf(entry, moves), [entry, moves]);
  const { state } = steps.at(-1)!;

  const make = (text: string) => {
    client.current!.moves['play']!(text);
    setMatch(before => ({ ...before, moves: movesMade(client.current!) }));
  };

  // Whoever sits opposite is asked whenever it is their turn; an answer to an older question is dropped.
  useEffect(() => {
    setMood(WAITING);
    if (game.outcome(state) || game.turn(state) === you) return;
    const forfeit = thoughts.find(
      ({ ply, by, thought }) => ply === moves.length && by === rival && thought.move === null,
    );
    if (forfeit) {
      setMood({ kind: 'forfeited', fault: forfeit.thought.fault ?? 'illegal' });
      return;
    }
    const question = new AbortController();
    setMood({ kind: 'thinking', text: `${rival} is thinking …` });
    const tell = (text: string) => setMood({ kind: 'thinking', text });
    decide({ game: game.name, agent, moves, seed }, tell, question.signal).then(
      thought => {
        if (question.signal.aborted) return;
        const told: Told = { ply: moves.length, by: rival, thought };
        setMatch(before => ({ ...before, thoughts: [...upTo(before.thoughts, moves.length), told] }));
        if (thought.move === null) setMood({ kind: 'forfeited', fault: thought.fault ?? 'illegal' });
        else make(thought.move);
      },
      (error: Error) => {
        if (!question.signal.aborted) setMood({ kind: 'failed', error: error.message });
      },
    );
    return () => question.abort();
  }, [entry, agent, moves, you, seed, asked]);

  const restart = (next: Kept) => {
    client.current = clientAt(entry, next);
    setMatch({ ...next, moves: movesMade(client.current), thoughts: upTo(next.thoughts, next.moves.length) });
    askAgain(count => count + 1);
  };
  return {
    steps,
    texts: moves,
    you,
    thoughts,
    mood,
    key: String(seed),
    /** A second click that comes before the first is drawn is not the opponent's move. */
    play: move => {
      if (movesMade(client.current!).length === moves.length) make(game.formatMove(move));
    },
    begin: seat => restart(newMatch(seat)),
    takeBack: plies => restart({ ...match, moves: moves.slice(0, plies) }),
    switchSeats: () => restart({ ...match, you: opponent(you) }),
    tryAgain: () => askAgain(count => count + 1),
  };
}

/** What the page knows of a match that the server deals. */
interface Known {
  /** Null until the server has named it. */
  readonly match: string | null;
  readonly you: Seat;
  readonly texts: readonly string[];
  /** The state after each of these moves. */
  readonly states: readonly unknown[];
  readonly thoughts: readonly Told[];
}

type Question = Omit<DealRequest, 'game' | 'agent'>;

/** A match of a game in which something is hidden: the server deals it, and tells what your seat may see. */
export function useDealtMatch({ game }: Entry, agent: string, rival: string): Sitting {
  const [known, setKnown] = useState<Known>(() => nothingOf(kept<KeptDealt>(game.name) ?? { match: null, you: 0 }));
  const { match, you, texts, states, thoughts } = known;
  const [mood, setMood] = useState<Mood>({ kind: 'thinking', text: 'Dealing …' });
  const [question, ask] = useState<Question>({ match, you, plies: null, move: null });
  const pending = useRef(false);
  const busy = (state: unknown): Mood => ({
    kind: 'thinking',
    text: game.turn(state) === you ? 'One moment …' : `${rival} is thinking …`,
  });

  const steps = useMemo(() => {
    const all = [game.start, ...states];
    return all.map((state, i): Step => ({ state, previous: all[i - 1] }));
  }, [game, states]);

  useEffect(() => {
    const asking = new AbortController();
    pending.current = true;
    const { state } = steps.at(-1)!;
    setMood(busy(state));
    const tell = (text: string) => setMood({ kind: 'thinking', text });
    deal({ ...question, game: game.name, agent }, tell, asking.signal).then(
      answer => {
        if (asking.signal.aborted) return;
        pending.current = false;
        const { from } = answer;
        keep(game.name, { match: answer.match, you: answer.you });
        setKnown(before => ({
          match: answer.match,
          you: answer.you,
          texts: [...before.texts.slice(0, from), ...answer.moves],
          states: [...before.states.slice(0, from), ...answer.states],
          thoughts: answer.thoughts,
        }));
        const last = answer.thoughts.at(-1)?.thought;
        setMood(last?.move === null ? { kind: 'forfeited', fault: last.fault ?? 'illegal' } : WAITING);
      },
      (error: Error) => {
        if (!asking.signal.aborted) setMood({ kind: 'failed', error: error.message });
      },
    );
    return () => asking.abort();
  }, [question]);

  const begin = (seat: Seat) => {
    setKnown(nothingOf({ match: null, you: seat }));
    ask({ match: null, you: seat, plies: null, move: null });
  };
  return {
    steps,
    texts,
    you,
    thoughts,
    mood,
    key: match ?? '',
    play(move) {
      if (pending.current) return;
      pending.current = true;
      const text = game.formatMove(move);
      // Your own move is shown at once; what is told of it by the server comes in its place.
      const state = game.play(steps.at(-1)!.state, move);
      setKnown({ ...known, texts: [...texts, text], states: [...states, state] });
      setMood(busy(state));
      ask({ match, you, plies: texts.length, move: text });
    },
    begin,
    takeBack(plies) {
      setKnown({ ...known, texts: texts.slice(0, plies), states: states.slice(0, plies), thoughts: [] });
      ask({ match, you, plies, move: null });
    },
    switchSeats: () => begin(opponent(you)),
    tryAgain: () => ask({ ...question }),
  };
}

const nothingOf = ({ match, you }: Pick<Known, 'match' | 'you'>): Known => ({
  match,
  you,
  texts: [],
  states: [],
  thoughts: [],
});

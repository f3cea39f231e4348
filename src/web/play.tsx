/** A person and an agent at a board. */

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { catalog, type Entry, entryNamed, variants } from '../../games/catalog.ts';
import { type Game, type Move, opponent, type Seat } from '../../games/game.ts';
import { type LocalClient, localClient, movesMade } from '../boardgame.ts';
import type { DocumentPages, Opponent } from './api.ts';
import { Board, OtherMoves, Players } from './board.tsx';
import { decide, documents } from './client.ts';
import { type Kept, keep, kept, type Told } from './kept.ts';
import { type Step, seenTexts, stepsOf } from './squares.ts';
import { leaningsOf, Thoughts } from './thoughts.tsx';

interface PlayProps {
  readonly opponents: readonly Opponent[];
  /** What the address asks for, if it does. */
  readonly wanted: Wanted;
}

/** What a player has chosen. */
interface Choice {
  readonly game: string;
  /** The opponent as the command line names it. */
  readonly agent: string;
}

/** An opponent with only those of its strengths that play a game; none where it cannot play it at all. */
function atGame(opponent: Opponent, game: string): readonly Opponent[] {
  const [first, ...rest] = opponent.strengths.filter(({ games }) => games?.includes(game) ?? true);
  if (!first) return [];
  const strengths = [first, ...rest] as const;
  const { spec: usual } = strengths.find(({ spec }) => spec === opponent.usual) ?? first;
  return [{ ...opponent, strengths, usual }];
}

type Wanted = { readonly [Part in keyof Choice]: string | undefined };

/** The choice is kept in the address. */
const choose = ({ game, agent }: Choice): void => location.replace(`#play/${game}/${agent}`);

export function Play({ opponents, wanted }: PlayProps) {
  const choice = choiceNear(opponents, wanted);
  const entry = entryNamed(choice.game)!;
  const { family } = entry.game;
  const usual = catalog.find(({ game }) => game.family === family)!;
  const others = variants.filter(({ game }) => game.family === family);
  const rivals = opponents.flatMap(opponent => atGame(opponent, choice.game));
  const rival = rivals.find(({ strengths }) => strengths.some(({ spec }) => spec === choice.agent))!;
  const setup = (
    <fieldset class="card setup">
      <legend>New match</legend>
      <div class="field">
        <label for="game">Game</label>
        <select
          id="game"
          value={family}
          onChange={event => {
            const game = event.currentTarget.value;
            choose(choiceNear(opponents, { ...choice, game }));
          }}
        >
          {catalog.map(({ game }) => (
            <option key={game.name} value={game.name}>
              {game.title}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="variant">Rules</label>
        <select
          id="variant"
          value={choice.game}
          onChange={event => choose(choiceNear(opponents, { ...choice, game: event.currentTarget.value }))}
        >
          <option value={usual.game.name}>as usual</option>
          {others.map(({ game, about }) => (
            <option key={game.name} value={game.name}>
              {about}
            </option>
          ))}
          {![usual, ...others].some(({ game }) => game.name === choice.game) && (
            <option value={choice.game}>{entry.game.title}</option>
          )}
        </select>
      </div>
      <div class="field">
        <label for="opponent">Opponent</label>
        <select
          id="opponent"
          value={rival.name}
          onChange={event =>
            choose({ ...choice, agent: rivals.find(({ name }) => name === event.currentTarget.value)!.usual })
          }
        >
          {rivals.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      {rival.strengths.length > 1 && (
        <div class="field">
          <label for="strength">Strength</label>
          <select
            id="strength"
            value={choice.agent}
            onChange={event => choose({ ...choice, agent: event.currentTarget.value })}
          >
            {rival.strengths.map(({ label, spec }) => (
              <option key={spec} value={spec}>
                {label}
              </option>
            ))}
          </select>
        </div>
      )}
      <p class="hint">{rival.about}</p>
    </fieldset>
  );
  return <TableFor key={entry.game.name} entry={entry} agent={choice.agent} rival={rival.name} setup={setup} />;
}

/** What is wanted where it is offered; else the strongest that thinks no more than a moment, the specialist where there is one. */
function choiceNear(opponents: readonly Opponent[], { game: wantedGame, agent }: Wanted): Choice {
  const game = wantedGame !== undefined && isGame(wantedGame) ? wantedGame : 'connect-four';
  const able = opponents.flatMap(opponent => atGame(opponent, game));
  const specs = able.flatMap(({ strengths }) => strengths.map(({ spec }) => spec));
  if (agent !== undefined && specs.includes(agent)) return { game, agent };
  const usual = able.find(({ name }) => name === 'specialist') ?? able.find(({ name }) => name === 'mcts') ?? able[0]!;
  return { game, agent: usual.usual };
}

function isGame(name: string): boolean {
  try {
    return entryNamed(name) !== undefined;
  } catch {
    return false;
  }
}

const freshSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0]!;

/** A boardgame.io client at which these moves were made. What chance does next follows from them and the seed. */
function deal({ game }: Entry, { moves, seed }: Pick<Kept, 'moves' | 'seed'>): LocalClient {
  const client = localClient(game, { made: moves, seed: `${seed} ${moves.length}` });
  client.start();
  return client;
}

/** What the opponent is at. */
type Mood =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'thinking'; readonly text: string }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'forfeited'; readonly fault: string };

const WAITING: Mood = { kind: 'waiting' };

interface TableProps {
  readonly entry: Entry;
  readonly agent: string;
  readonly rival: string;
  readonly setup: preact.ComponentChildren;
}

/** A position of the match other than the one at hand. */
interface Looking {
  /** How many moves had been made. */
  readonly at: number;
  /** Whether to show how strongly the opponent leaned to each move there. */
  readonly leaning: boolean;
}

function TableFor({ entry, agent, rival, setup }: TableProps) {
  const { game } = entry;
  const client = useRef<LocalClient>(undefined);
  const [match, setMatch] = useState<Kept>(() => {
    const found = kept(game.name) ?? newMatch(0);
    client.current = deal(entry, found);
    return { ...found, moves: movesMade(client.current) };
  });
  const { moves, you, seed, thoughts } = match;
  const [mood, setMood] = useState<Mood>(WAITING);
  const [asked, askAgain] = useState(0);
  const [looking, look] = useState<Looking>();
  const area = useRef<HTMLDivElement>(null);
  useEffect(() => keep(game.name, match), [game, match]);
  useEffect(() => {
    if (looking) area.current!.scrollIntoView({ block: 'nearest' });
  }, [looking]);

  const steps = useMemo(() => stepsOf(entry, moves), [entry, moves]);
  const now = steps.at(-1)!;
  const outcome = game.outcome(now.state);
  const turn = game.turn(now.state);
  const yours = !outcome && turn === you && mood.kind !== 'forfeited' && !looking;

  const makeMove = (text: string) => {
    client.current!.moves['play']!(text);
    setMatch(before => ({ ...before, moves: movesMade(client.current!) }));
  };
  /** A second click that comes before the first is drawn is not the opponent's move. */
  const makeYours = (move: Move) => {
    if (movesMade(client.current!).length === moves.length) makeMove(game.formatMove(move));
  };
  const onMove = yours ? makeYours : undefined;
  // Until it is over, nobody sees what the other hides, nor the thoughts that would tell it.
  const viewer = game.hides && !outcome && mood.kind !== 'forfeited' ? you : undefined;
  const texts = useMemo(() => seenTexts(game, steps, moves, viewer), [game, steps, moves, viewer]);
  useKeys(entry, now.state, onMove);
  useTempo(
    entry,
    now.state,
    steps.some(({ state }, i) => i < moves.length && game.turn(state) === you) ? onMove : undefined,
  );

  // Whoever sits opposite is asked whenever it is their turn; an answer to an older question is dropped.
  useEffect(() => {
    setMood(WAITING);
    if (outcome || turn === you) return;
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
        else makeMove(thought.move);
      },
      (error: Error) => {
        if (!question.signal.aborted) setMood({ kind: 'failed', error: error.message });
      },
    );
    return () => question.abort();
  }, [entry, agent, moves, you, seed, asked]);

  const backToGame = () => {
    look(undefined);
    area.current!.querySelector<HTMLElement>('.square[tabindex="0"]')!.focus({ preventScroll: true });
  };
  const restart = (next: Kept) => {
    client.current = deal(entry, next);
    setMatch({ ...next, moves: movesMade(client.current), thoughts: upTo(next.thoughts, next.moves.length) });
    look(undefined);
    askAgain(count => count + 1);
  };
  const yourLast = lastTurnOf(entry, steps, you);
  const takeBack = () => restart({ ...match, moves: moves.slice(0, yourLast) });

  const told =
    viewer !== undefined
      ? undefined
      : looking?.leaning
        ? thoughts.find(({ ply }) => ply === looking.at)
        : thoughts.findLast(({ ply }) => !looking || ply < looking.at);
  const leanings = told && leaningsOf(entry, told.thought);
  const names = you === 0 ? (['you', rival] as const) : ([rival, 'you'] as const);
  const over = outcome !== undefined || mood.kind === 'forfeited';

  return (
    <div class="table" data-game={game.family} data-look={entry.view.look}>
      <div class="play-area" ref={area}>
        <Players names={names} turn={outcome || turn === 'chance' ? undefined : turn} />
        <Board
          entry={entry}
          step={looking ? stepBack(steps[looking.at]!, looking) : now}
          names={names}
          viewer={viewer}
          {...(looking?.leaning && leanings ? { leanings } : {})}
          onMove={onMove}
        />
        <p class={`status ${over && !looking ? 'over' : ''}`} role="status">
          {mood.kind === 'thinking' && <span class="spinner" aria-hidden="true" />}
          {looking
            ? lookingStatus(looking, moves.length, told?.by)
            : statusOf(entry, steps, { moves: texts, you, rival, mood })}
        </p>
        {mood.kind === 'failed' && (
          <div class="failure" role="alert">
            <p>{mood.error}</p>
            <button type="button" class="primary" onClick={() => askAgain(count => count + 1)}>
              Try again
            </button>
          </div>
        )}
        <div class="actions">
          {looking && (
            <button type="button" class="primary" onClick={backToGame}>
              Back to the game
            </button>
          )}
          <OtherMoves entry={entry} state={now.state} onMove={onMove} />
          <button type="button" onClick={() => restart(newMatch(you))}>
            New game
          </button>
          <button type="button" onClick={takeBack} disabled={yourLast === undefined}>
            Take back
          </button>
          <button
            type="button"
            onClick={() => restart({ ...match, you: opponent(you) })}
            disabled={outcome !== undefined}
          >
            Switch seats
          </button>
        </div>
      </div>
      <div class="side">
        {setup}
        <div class="card">
          {told ? (
            <>
              <Thoughts thought={told.thought} name={told.by} />
              {leanings && (
                <button
                  type="button"
                  aria-pressed={looking?.leaning ?? false}
                  onClick={() => look(looking?.leaning ? undefined : { at: told.ply, leaning: true })}
                >
                  Show where it looked
                </button>
              )}
            </>
          ) : (
            <p class="hint">
              What {rival} thinks of each of its moves will be told here
              {viewer === undefined ? '' : ' when the game is over'}.
            </p>
          )}
        </div>
        <Documents game={game.name} />
        <MoveList
          moves={texts}
          shown={looking?.at ?? moves.length}
          show={at => look(at === moves.length ? undefined : { at, leaning: false })}
        />
      </div>
    </div>
  );
}

/** Where leanings are shown, the last move is not marked: it would draw the eye from them. */
const stepBack = (step: Step, { leaning }: Looking): Step => (leaning ? { ...step, previous: undefined } : step);

const newMatch = (you: Seat): Kept => ({ moves: [], you, seed: freshSeed(), thoughts: [] });

/** The thoughts of positions before `ply` moves were made. */
const upTo = (thoughts: readonly Told[], ply: number): readonly Told[] => thoughts.filter(told => told.ply < ply);

/** How many moves were made when it was last `seat`'s turn and they have moved since. */
function lastTurnOf({ game }: Entry, steps: readonly Step[], seat: Seat): number | undefined {
  const ply = steps.slice(0, -1).findLastIndex(({ state }) => game.turn(state) === seat);
  return ply === -1 ? undefined : ply;
}

const lookingStatus = ({ at, leaning }: Looking, last: number, who: string | undefined): string =>
  leaning ? `Where ${who} looked, in % of its visits.` : `Looking back: ${at} of ${last} moves made.`;

interface Situation {
  readonly moves: readonly string[];
  readonly you: Seat;
  readonly rival: string;
  readonly mood: Mood;
}

function statusOf({ game }: Entry, steps: readonly Step[], { moves, you, rival, mood }: Situation): string {
  const { state } = steps.at(-1)!;
  const outcome = game.outcome(state);
  if (outcome?.kind === 'draw') return `A draw: ${outcome.how}.`;
  if (outcome) return `${outcome.winner === you ? 'You win' : `${rival} wins`}: ${outcome.how}.`;
  switch (mood.kind) {
    case 'thinking':
      return mood.text;
    case 'forfeited':
      return `${rival} found no legal move (${mood.fault}) and forfeits: you win.`;
    case 'failed':
      return `${rival} could not move.`;
    case 'waiting':
      return game.turn(state) === you ? `${since(game, steps, moves, you, rival)}Your turn.` : '';
  }
}

/** What happened since your last move: 'mcts played hold. Chance: rolled-4. '. */
function since(game: Game, steps: readonly Step[], moves: readonly string[], you: Seat, rival: string): string {
  const movers = moves.map((_, i) => game.turn(steps[i]!.state));
  const from = movers.lastIndexOf(you) + 1;
  return moves
    .slice(from)
    .map((text, i) => {
      if (movers[from + i] === 'chance') return `Chance: ${text === '?' ? 'unseen' : text}. `;
      return text === '?' ? `${rival} moved unseen. ` : `${rival} played ${text}. `;
    })
    .slice(-MOST_TOLD)
    .join('');
}

const MOST_TOLD = 3;

/** Keys of the keyboard that make a move at once, in games that have such. */
function useKeys({ game, view }: Entry, state: unknown, onMove: ((move: Move) => void) | undefined): void {
  useEffect(() => {
    if (!view.keys || !onMove) return;
    const pressed = (event: KeyboardEvent) => {
      const text = view.keys![event.key];
      if (text === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest('select, input, a, .others, .actions, .side')) return;
      const move = game.parseMove(text);
      if (move === undefined || !game.moves(state).includes(move)) return;
      event.preventDefault();
      onMove(move);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  });
}

/** Real time: makes the idle move for whoever makes none in time. */
function useTempo({ game, view }: Entry, state: unknown, onMove: ((move: Move) => void) | undefined): void {
  useEffect(() => {
    if (!view.tempo || !onMove) return;
    const { milliseconds, idle } = view.tempo;
    const move = game.parseMove(idle)!;
    const timer = setTimeout(() => game.moves(state).includes(move) && onMove(move), milliseconds);
    return () => clearTimeout(timer);
  }, [game, view, state, onMove === undefined]);
}

/** Rulebook and guide, fetched when they are opened. */
function Documents({ game }: { readonly game: string }) {
  const [open, setOpen] = useState(false);
  const [pages, setPages] = useState<DocumentPages>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    if (open && !pages) documents(game).then(setPages, (reason: Error) => setError(reason.message));
  }, [open]);
  return (
    <details class="card documents" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>How to play</summary>
      {error !== undefined && <p role="alert">{error}</p>}
      {pages && <article dangerouslySetInnerHTML={{ __html: pages.rules + pages.guide }} />}
    </details>
  );
}

interface MoveListProps {
  readonly moves: readonly string[];
  /** How many moves had been made in the position that is shown. */
  readonly shown: number;
  readonly show: (at: number) => void;
}

/** Every move made; pressing one looks back at the position after it. */
const MoveList = ({ moves, shown, show }: MoveListProps) =>
  moves.length === 0 ? null : (
    <section class="card moves">
      <h3>Moves</h3>
      <ol>
        {moves.map((move, index) => (
          <li key={index}>
            <button
              type="button"
              aria-label={`Move ${index + 1}: ${move}`}
              aria-current={index + 1 === shown ? 'step' : undefined}
              onClick={() => show(index + 1)}
            >
              {move}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );

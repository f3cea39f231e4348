/** A person and an agent at a board. */

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { catalog, type Entry } from '../../games/catalog.ts';
import { type Move, opponent, type Seat } from '../../games/game.ts';
import { type LocalClient, localClient, movesMade } from '../boardgame.ts';
import type { Opponent } from './api.ts';
import { Board, OtherMoves, Players } from './board.tsx';
import { decide } from './client.ts';
import { type Kept, keep, kept, type Told } from './kept.ts';
import { type Step, stepsOf } from './squares.ts';
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

const plays = ({ games }: Opponent, game: string): boolean => games?.includes(game) ?? true;

type Wanted = { readonly [Part in keyof Choice]: string | undefined };

/** The choice is kept in the address. */
const choose = ({ game, agent }: Choice): void => location.replace(`#play/${game}/${agent}`);

export function Play({ opponents, wanted }: PlayProps) {
  const choice = choiceNear(opponents, wanted);
  const entry = catalog.find(({ game }) => game.name === choice.game)!;
  const rival = opponents.find(({ strengths }) => strengths.some(({ spec }) => spec === choice.agent))!;
  const setup = (
    <fieldset class="card setup">
      <legend>New match</legend>
      <div class="field">
        <label for="game">Game</label>
        <select
          id="game"
          value={choice.game}
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
        <label for="opponent">Opponent</label>
        <select
          id="opponent"
          value={rival.name}
          onChange={event =>
            choose({ ...choice, agent: opponents.find(({ name }) => name === event.currentTarget.value)!.usual })
          }
        >
          {opponents
            .filter(other => plays(other, choice.game))
            .map(({ name }) => (
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
  const game = catalog.some(entry => entry.game.name === wantedGame) ? wantedGame! : 'connect-four';
  const able = opponents.filter(other => plays(other, game));
  const specs = able.flatMap(({ strengths }) => strengths.map(({ spec }) => spec));
  if (agent !== undefined && specs.includes(agent)) return { game, agent };
  const usual = able.find(({ name }) => name === 'specialist') ?? able.find(({ name }) => name === 'mcts') ?? able[0]!;
  return { game, agent: usual.usual };
}

const freshSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0]!;

/** A boardgame.io client at which these moves are made. */
function deal({ game }: Entry, moves: readonly string[]): LocalClient {
  const client = localClient(game);
  client.start();
  for (const move of moves) client.moves['play']!(move);
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
    const { moves, ...rest } = kept(game.name) ?? newMatch(0);
    client.current = deal(entry, moves);
    return { moves: movesMade(client.current), ...rest };
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
    client.current = deal(entry, next.moves);
    setMatch({ ...next, thoughts: upTo(next.thoughts, next.moves.length) });
    look(undefined);
    askAgain(count => count + 1);
  };
  const yourLast = lastTurnOf(entry, steps, you);
  const takeBack = () => restart({ ...match, moves: moves.slice(0, yourLast) });

  const told = looking?.leaning
    ? thoughts.find(({ ply }) => ply === looking.at)
    : thoughts.findLast(({ ply }) => !looking || ply < looking.at);
  const leanings = told && leaningsOf(entry, told.thought);
  const names = you === 0 ? (['you', rival] as const) : ([rival, 'you'] as const);
  const over = outcome !== undefined || mood.kind === 'forfeited';

  return (
    <div class="table" data-game={game.name}>
      <div class="play-area" ref={area}>
        <Players names={names} turn={outcome ? undefined : turn} />
        <Board
          entry={entry}
          step={looking ? stepBack(steps[looking.at]!, looking) : now}
          names={names}
          {...(looking?.leaning && leanings ? { leanings } : {})}
          onMove={onMove}
        />
        <p class={`status ${over && !looking ? 'over' : ''}`} role="status">
          {mood.kind === 'thinking' && <span class="spinner" aria-hidden="true" />}
          {looking
            ? lookingStatus(looking, moves.length, told?.by)
            : statusOf(entry, steps, { moves, you, rival, mood })}
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
            <p class="hint">What {rival} thinks of each of its moves will be told here.</p>
          )}
        </div>
        <MoveList
          moves={moves}
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
    case 'waiting': {
      if (game.turn(state) !== you) return '';
      const before = steps.at(-2);
      const answers = before !== undefined && game.turn(before.state) !== you;
      return answers ? `${rival} played ${moves.at(-1)}. Your turn.` : 'Your turn.';
    }
  }
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

/** A person and an agent at a board. */

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { catalog, type Entry } from '../../games/catalog.ts';
import { opponent, type Seat } from '../../games/game.ts';
import { type LocalClient, localClient, movesMade } from '../boardgame.ts';
import type { Opponent, Thought } from './api.ts';
import { Board, OtherMoves, Players } from './board.tsx';
import { decide } from './client.ts';
import { type Step, stepsOf } from './squares.ts';
import { leaningsOf, Thoughts } from './thoughts.tsx';

interface PlayProps {
  readonly opponents: readonly Opponent[];
}

/** What a player has chosen. */
interface Choice {
  readonly game: string;
  /** The opponent as the command line names it. */
  readonly agent: string;
}

const plays = ({ games }: Opponent, game: string): boolean => games?.includes(game) ?? true;

export function Play({ opponents }: PlayProps) {
  const [choice, choose] = useState<Choice>(() => usualChoice(opponents, 'connect-four'));
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
            choose(plays(rival, game) ? { ...choice, game } : usualChoice(opponents, game));
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

/** The strongest that thinks no more than a moment: the specialist where there is one. */
function usualChoice(opponents: readonly Opponent[], game: string): Choice {
  const able = opponents.filter(other => plays(other, game));
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

function TableFor({ entry, agent, rival, setup }: TableProps) {
  const { game } = entry;
  const client = useRef<LocalClient>(undefined);
  client.current ??= deal(entry, []);
  const [moves, setMoves] = useState<readonly string[]>([]);
  const [you, sit] = useState<Seat>(0);
  const [seed, setSeed] = useState(freshSeed);
  const [mood, setMood] = useState<Mood>(WAITING);
  const [asked, askAgain] = useState(0);
  const [thoughts, setThoughts] = useState<ReadonlyMap<number, Thought>>(new Map());
  const [hints, showHints] = useState(false);

  const steps = useMemo(() => stepsOf(entry, moves), [entry, moves]);
  const step = steps.at(-1)!;
  const outcome = game.outcome(step.state);
  const turn = game.turn(step.state);
  const yours = !outcome && turn === you && mood.kind !== 'forfeited';

  const makeMove = (text: string) => {
    client.current!.moves['play']!(text);
    setMoves(movesMade(client.current!));
  };

  // Whoever sits opposite is asked whenever it is their turn; an answer to an older question is dropped.
  useEffect(() => {
    setMood(WAITING);
    if (outcome || turn === you) return;
    const question = new AbortController();
    setMood({ kind: 'thinking', text: `${rival} is thinking …` });
    const tell = (text: string) => setMood({ kind: 'thinking', text });
    decide({ game: game.name, agent, moves, seed }, tell, question.signal).then(
      thought => {
        if (question.signal.aborted) return;
        setThoughts(known => new Map([...known].filter(([ply]) => ply < moves.length)).set(moves.length, thought));
        if (thought.move === null) setMood({ kind: 'forfeited', fault: thought.fault ?? 'illegal' });
        else makeMove(thought.move);
      },
      (error: Error) => {
        if (!question.signal.aborted) setMood({ kind: 'failed', error: error.message });
      },
    );
    return () => question.abort();
  }, [entry, agent, moves, you, seed, asked]);

  const restart = (kept: readonly string[]) => {
    client.current = deal(entry, kept);
    setMoves(kept);
    setThoughts(known => new Map([...known].filter(([ply]) => ply < kept.length)));
    askAgain(count => count + 1);
  };
  const newGame = () => {
    setSeed(freshSeed());
    restart([]);
  };
  const yourLast = lastTurnOf(entry, steps, you);
  const takeBack = () => restart(moves.slice(0, yourLast));

  const latest = [...thoughts.keys()]
    .filter(ply => ply < moves.length || mood.kind === 'forfeited')
    .toSorted((a, b) => b - a)[0];
  const thought = latest === undefined ? undefined : thoughts.get(latest);
  const names = you === 0 ? (['you', rival] as const) : ([rival, 'you'] as const);
  const status = statusOf(entry, step, { you, rival, mood });
  const beforeIt = latest === undefined ? undefined : steps[latest];
  const leanings = hints && latest === moves.length - 1 ? leaningsOf(entry, thought) : undefined;

  return (
    <div class="table" data-game={game.name}>
      <div class="play-area">
        <Players names={names} turn={outcome ? undefined : turn} />
        <Board
          entry={entry}
          step={leanings && beforeIt ? beforeIt : step}
          names={names}
          {...(leanings ? { leanings } : {})}
          onMove={yours && !leanings ? move => makeMove(game.formatMove(move)) : undefined}
        />
        <p class={`status ${outcome || mood.kind === 'forfeited' ? 'over' : ''}`} role="status">
          {mood.kind === 'thinking' && <span class="spinner" aria-hidden="true" />}
          {status}
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
          <OtherMoves
            entry={entry}
            state={step.state}
            onMove={yours ? move => makeMove(game.formatMove(move)) : undefined}
          />
          <button type="button" onClick={newGame}>
            New game
          </button>
          <button type="button" onClick={takeBack} disabled={yourLast === undefined}>
            Take back
          </button>
          <button
            type="button"
            onClick={() => {
              sit(opponent(you));
              askAgain(count => count + 1);
            }}
          >
            Switch seats
          </button>
        </div>
      </div>
      <div class="side">
        {setup}
        <div class="card">
          {thought ? (
            <>
              <Thoughts thought={thought} name={rival} />
              {leaningsOf(entry, thought) && latest === moves.length - 1 && (
                <button type="button" aria-pressed={hints} onClick={() => showHints(!hints)}>
                  {hints ? 'Back to the game' : 'Show where it looked'}
                </button>
              )}
            </>
          ) : (
            <p class="hint">What {rival} thinks of each of its moves will be told here.</p>
          )}
        </div>
        <MoveList moves={moves} />
      </div>
    </div>
  );
}

/** How many moves were made when it was last `seat`'s turn and they have moved since. */
function lastTurnOf({ game }: Entry, steps: readonly Step[], seat: Seat): number | undefined {
  const ply = steps.slice(0, -1).findLastIndex(({ state }) => game.turn(state) === seat);
  return ply === -1 ? undefined : ply;
}

function statusOf(
  { game }: Entry,
  { state }: Step,
  { you, rival, mood }: { readonly you: Seat; readonly rival: string; readonly mood: Mood },
): string {
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
      return game.turn(state) === you ? 'Your turn.' : '';
  }
}

const MoveList = ({ moves }: { readonly moves: readonly string[] }) =>
  moves.length === 0 ? null : (
    <section class="card moves">
      <h3>Moves</h3>
      <p>{moves.join(' ')}</p>
    </section>
  );

/** A person and an agent at a board. */

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { catalog, type Entry, variants } from '../../games/catalog.ts';
import type { Game, Move, Seat } from '../../games/game.ts';
import { addressOf } from './address.ts';
import type { DocumentPages, Opponent } from './api.ts';
import { Board, leaningsBySquare, moveOfKey, OtherMoves, Players } from './board.tsx';
import { documents } from './client.ts';
import { entryOf, guests } from './shelf.ts';
import { type Mood, useDealtMatch, useOpenMatch } from './sitting.ts';
import { chanceText, type Step } from './squares.ts';
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
const choose = (choice: Choice): void => location.replace(addressOf(choice));

export function Play({ opponents, wanted }: PlayProps) {
  const choice = choiceNear(opponents, wanted);
  const entry = entryOf(choice.game)!;
  const games = [...catalog, ...guests()];
  const { family } = entry.game;
  const usual = games.find(({ game }) => game.family === family)!;
  const others = variants.filter(({ game }) => game.family === family);
  const about = others.find(({ game }) => game.name === choice.game)?.about;
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
          {games.map(({ game }) => (
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
      {about !== undefined && <p class="hint">{about}</p>}
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
  const game = wantedGame !== undefined && entryOf(wantedGame) ? wantedGame : 'connect-four';
  const able = opponents.flatMap(opponent => atGame(opponent, game));
  const specs = able.flatMap(({ strengths }) => strengths.map(({ spec }) => spec));
  if (agent !== undefined && specs.includes(agent)) return { game, agent };
  const usual = able.find(({ name }) => name === 'specialist') ?? able.find(({ name }) => name === 'mcts') ?? able[0]!;
  return { game, agent: usual.usual };
}

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
  const useMatch = game.hides ? useDealtMatch : useOpenMatch;
  const match = useMatch(entry, agent, rival);
  const { steps, texts, you, mood, thoughts } = match;
  const [looking, look] = useState<Looking>();
  const [chosen, setChosen] = useState<{ readonly at: number; readonly squares: readonly number[] }>();
  const area = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (looking) area.current!.scrollIntoView({ block: 'nearest' });
  }, [looking]);

  const plies = texts.length;
  const now = steps.at(-1)!;
  const outcome = game.outcome(now.state);
  const turn = game.turn(now.state);
  const over = outcome !== undefined || mood.kind === 'forfeited';
  const onMove = !over && turn === you && mood.kind === 'waiting' && !looking ? match.play : undefined;
  // Until it is over, nobody sees what the other hides, nor the thoughts that would tell it.
  const viewer = game.hides && !over ? you : undefined;
  const perspective = game.hides ? viewer : you;
  const shown = looking ? steps[looking.at]! : now;
  const clicks = onMove && chosen?.at === plies ? chosen.squares : [];
  useKeys(entry, now.state, onMove, turn === you, !over && !looking);
  const yourLast = lastTurnOf(entry, steps, you);
  const isRunning = entry.view.tempo !== undefined && yourLast !== undefined;
  useTempo(entry, now.state, isRunning ? onMove : undefined);

  const backToGame = () => {
    look(undefined);
    area.current!.querySelector<HTMLElement>('[tabindex="0"]')!.focus({ preventScroll: true });
  };
  /** From the board's present, whatever was being looked at or chosen. */
  const afresh = (act: () => void) => () => {
    look(undefined);
    setChosen(undefined);
    act();
  };

  const told =
    viewer !== undefined
      ? undefined
      : looking?.leaning
        ? thoughts.find(({ ply }) => ply === looking.at)
        : thoughts.findLast(({ ply }) => !looking || ply < looking.at);
  const leanings = told && leaningsOf(entry, told.thought);
  const names = you === 0 ? (['you', rival] as const) : ([rival, 'you'] as const);

  return (
    <div class="table" data-look={entry.view.look}>
      <div class="play-area" ref={area}>
        <Players names={names} seatNames={game.seatNames} turn={outcome || turn === 'chance' ? undefined : turn} />
        <Board
          entry={entry}
          step={looking ? stepBack(steps[looking.at]!, looking) : sinceYours(game, steps, you)}
          names={names}
          viewer={perspective}
          {...(looking?.leaning && leanings ? { leanings } : {})}
          onMove={onMove}
          clicks={clicks}
          setClicks={squares => setChosen({ at: plies, squares })}
        />
        {entry.view.caption && <p class="caption">{entry.view.caption(shown.state, viewer)}</p>}
        <p
          class={`status ${over && !looking ? 'over' : ''} ${isRunning && !over && mood.kind !== 'failed' && !looking ? 'quiet' : ''}`}
          role="status"
        >
          {mood.kind === 'thinking' && <span class="spinner" aria-hidden="true" />}
          {looking
            ? lookingStatus(looking, plies, told?.by)
            : statusOf(entry, steps, { moves: texts, you, rival, mood })}
          {clicks.length > 0 && (
            <>
              {' '}
              Now where to?
              <button type="button" class="cancel" onClick={() => setChosen(undefined)}>
                Cancel
              </button>
            </>
          )}
        </p>
        {mood.kind === 'failed' && (
          <div class="failure" role="alert">
            <p>{mood.error}</p>
            <button type="button" class="primary" onClick={match.tryAgain}>
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
          {!over && !looking && <OtherMoves key={match.key} entry={entry} state={now.state} onMove={onMove} />}
          <button type="button" onClick={afresh(() => match.begin(you))}>
            New game
          </button>
          <button type="button" onClick={afresh(() => match.takeBack(yourLast!))} disabled={yourLast === undefined}>
            Take back
          </button>
          <button type="button" onClick={afresh(match.switchSeats)} disabled={outcome !== undefined}>
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
              {leanings && leaningsBySquare(entry, steps[told.ply]!.state, perspective, leanings).size > 0 && (
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
          shown={looking?.at ?? plies}
          show={at => look(at === plies ? undefined : { at, leaning: false })}
        />
      </div>
    </div>
  );
}

/** Where leanings are shown, the last move is not marked: it would draw the eye from them. */
const stepBack = (step: Step, { leaning }: Looking): Step => (leaning ? { ...step, previous: undefined } : step);

/** The position with the one after your last move before it, so that all is marked that happened since. */
function sinceYours(game: Game, steps: readonly Step[], you: Seat): Step {
  const now = steps.at(-1)!;
  const movers = steps.slice(0, -1).map(({ state }) => game.turn(state));
  const from = movers.lastIndexOf(you) + 1;
  if (!movers.slice(from).some(mover => mover !== 'chance')) return now;
  return { state: now.state, previous: steps[from]!.state };
}

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

function statusOf({ game, view }: Entry, steps: readonly Step[], { moves, you, rival, mood }: Situation): string {
  const { state } = steps.at(-1)!;
  const outcome = game.outcome(state);
  if (outcome?.kind === 'draw') return `A draw: ${outcome.how}.`;
  if (outcome) return `${outcome.winner === you ? 'You win' : `${rival} wins`}: ${outcome.how}.`;
  switch (mood.kind) {
    case 'thinking':
      return mood.text;
    case 'forfeited':
      return mood.fault === 'resigned'
        ? `${rival} resigns: you win.`
        : `${rival} found no legal move (${mood.fault}) and forfeits: you win.`;
    case 'failed':
      return `${rival} could not move.`;
    case 'waiting':
      return game.turn(state) === you
        ? `${since({ game, view }, steps, moves, you, rival)}Your turn.${view.tempo ? ' The clock starts with your first move.' : ''}`
        : '';
  }
}

/** What happened since your last move: 'mcts played hold. Rolled: 4. '. */
function since(
  { game, view }: Entry,
  steps: readonly Step[],
  moves: readonly string[],
  you: Seat,
  rival: string,
): string {
  const movers = moves.map((_, i) => game.turn(steps[i]!.state));
  const from = movers.lastIndexOf(you) + 1;
  return moves
    .slice(from)
    .map((text, i) => {
      if (movers[from + i] === 'chance') return `${chanceText(view, text === '?' ? 'unseen' : text)}. `;
      return text === '?' ? `${rival} moved unseen. ` : `${rival} played ${text}. `;
    })
    .filter((text, i, all) => text !== all[i + 1])
    .slice(-MOST_TOLD)
    .join('');
}

const MOST_TOLD = 3;

/**
 * Keys of the keyboard that make a move at once, in games that have such. One that comes too early counts next in
 * real time, and where it is your turn already but the server has not said so yet.
 */
function useKeys(
  entry: Entry,
  state: unknown,
  onMove: ((move: Move) => void) | undefined,
  isYours: boolean,
  isOn: boolean,
): void {
  const early = useRef<string>(undefined);
  const { keys, tempo } = entry.view;
  // At once with what is drawn: a key pressed the moment a position appears counts.
  useLayoutEffect(() => {
    if (!keys || !isOn) return;
    const make = (key: string) => {
      const move = moveOfKey(entry, state, key);
      if (move !== undefined) onMove?.(move);
    };
    const pressed = (event: KeyboardEvent) => {
      if (!Object.hasOwn(keys, event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
      const { target } = event;
      if (target instanceof Element) {
        if (target.closest('select, input, a, .actions > button, .status, .side')) return;
        // Space presses the button that has the focus.
        if (event.key === ' ' && target.closest('button')) return;
      }
      event.preventDefault();
      if (onMove) make(event.key);
      else if (tempo || isYours) early.current = event.key;
    };
    if (onMove && early.current !== undefined) {
      make(early.current);
      early.current = undefined;
    }
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

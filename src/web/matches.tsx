/** The list of logged matches, and one of them to step through. */

import { useEffect, useMemo, useState } from 'preact/hooks';
import { type Ending, forfeitText, type MatchRecord, movesOf, pointsText } from '../../arena/match.ts';
import type { Entry } from '../../games/catalog.ts';
import type { Seat } from '../../games/game.ts';
import type { MatchLine, Thought } from './api.ts';
import { Board, leaningsBySquare, Players } from './board.tsx';
import { titleOf } from './ratings.tsx';
import { entryOf } from './shelf.ts';
import { chanceText, stepsOf } from './squares.ts';
import { leaningsOf, Thoughts } from './thoughts.tsx';

const SHOWN = 100;

interface MatchesProps {
  readonly lines: readonly MatchLine[];
  /** The address that shows a match. */
  readonly addressOf: (id: number) => string;
}

/** The newest first. */
export function Matches({ lines, addressOf }: MatchesProps) {
  const [most, setMost] = useState(SHOWN);
  const [who, setWho] = useState('');
  if (lines.length === 0) return <p class="empty">No matches are logged yet.</p>;
  const names = [...new Set(lines.flatMap(line => line.names))].sort();
  const found = lines.filter(line => who === '' || line.names.includes(who)).toSorted((a, b) => b.id - a.id);
  return (
    <section class="card">
      <div class="field inline">
        <label for="who">Matches of</label>
        <select id="who" value={who} onChange={event => setWho(event.currentTarget.value)}>
          <option value="">everybody</option>
          {names.map(name => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      <ol class="matches">
        {found.slice(0, most).map(({ id, game, names: [first, second], ending, plies }) => (
          <li key={id}>
            <a href={addressOf(id)}>
              <span class="id">#{id}</span>
              <span class="names">
                {first} <b>{pointsText(ending)}</b> {second}
              </span>
              <span class="hint">
                {titleOf(game)}, {plies} plies, {howOf(ending, [first, second])}
              </span>
            </a>
          </li>
        ))}
      </ol>
      {found.length > most && (
        <button type="button" onClick={() => setMost(most + SHOWN)}>
          Show more
        </button>
      )}
    </section>
  );
}

function howOf(ending: Ending, names: readonly [string, string]): string {
  switch (ending.kind) {
    case 'played':
      return ending.outcome.how;
    case 'forfeit':
      return forfeitText(ending, names);
    case 'void':
      return ending.reason;
  }
}

interface ReplayProps {
  readonly id: number;
  readonly record: MatchRecord;
}

/** A game move by move on its board; as a list of moves where its rules are not here. */
export function Replay(props: ReplayProps) {
  const { id, record } = props;
  const entry = useMemo(() => entryOf(record.game), [record]);
  if (entry) return <Steps {...props} entry={entry} />;
  const names = record.players.map(({ name }) => name) as [string, string];
  return (
    <section class="card">
      <h2>
        {record.game}: {names[0]} {pointsText(record.ending)} {names[1]}
      </h2>
      <p>{howOf(record.ending, names)}</p>
      <p>
        The rules of this game are in a file of its own: <code>swp serve FILE</code> shows its positions here,{' '}
        <code>swp replay {id}</code> in the terminal.
      </p>
      <ol>
        {movesOf(record).map((move, ply) => (
          <li key={ply}>{move}</li>
        ))}
      </ol>
    </section>
  );
}

/** Keyed by the match: it begins where the agents' own moves begin. */
function Steps({ id, record, entry }: ReplayProps & { readonly entry: Entry }) {
  const steps = useMemo(() => stepsOf(entry, movesOf(record)), [entry, record]);
  const [at, setAt] = useState(record.opening.length);
  const [leaning, lean] = useState(false);
  const last = steps.length - 1;
  useArrowKeys(by => setAt(before => Math.max(0, Math.min(last, before + by))));
  const names = record.players.map(({ name }) => name) as [string, string];
  const forfeits = at === last && record.ending.kind === 'forfeit';
  const ply = record.plies[forfeits ? record.plies.length - 1 : at - 1 - record.opening.length];
  const thought: Thought | undefined = ply && {
    ...ply,
    fault: ply.move === null && record.ending.kind === 'forfeit' ? record.ending.fault : null,
    seconds: null,
  };
  const leanings = thought && leaningsOf(entry, thought);
  const shown = leaning ? leanings : undefined;
  // Nothing is hidden from who looks back; boards that turn are seen from the first seat.
  const viewer = entry.game.hides ? undefined : 0;
  const judged = { state: steps[forfeits ? last : Math.max(0, at - 1)]!.state, previous: undefined };
  const buttons = [
    ['First position', '«', 0],
    ['One move back', '‹', at - 1],
    ['One move on', '›', at + 1],
    ['Last position', '»', last],
  ] as const;
  return (
    <div class="table" data-look={entry.view.look}>
      <div class="play-area">
        <Board
          entry={entry}
          step={shown ? judged : steps[at]!}
          names={names}
          viewer={viewer}
          {...(shown ? { leanings: shown } : {})}
        />
        {entry.view.caption && <p class="caption">{entry.view.caption(steps[at]!.state)}</p>}
        <div class="steps">
          {buttons.map(([label, sign, to]) => (
            <button
              key={label}
              type="button"
              aria-label={label}
              disabled={to < 0 || to > last || to === at}
              onClick={() => setAt(to)}
            >
              {sign}
            </button>
          ))}
          <input
            type="range"
            min={0}
            max={last}
            value={at}
            aria-label="Position"
            aria-valuetext={`after ${at} of ${last} moves`}
            onInput={event => setAt(event.currentTarget.valueAsNumber)}
          />
          <output>
            {at}/{last}
          </output>
        </div>
      </div>
      <div class="side">
        <section class="card">
          <h2>
            Match {id}: {titleOf(record.game)}
          </h2>
          <Players names={names} seatNames={entry.game.seatNames} />
          <p>
            <b>{pointsText(record.ending)}</b>, {howOf(record.ending, names)}
          </p>
          <p class="hint">
            Seed {record.seed}
            {record.opening.length > 0 && `, opening ${record.opening.join(' ')}`}
          </p>
        </section>
        <div class="card" aria-live="polite">
          {ply?.seat === 'chance' ? (
            <h3>{chanceText(entry.view, ply.move!)}</h3>
          ) : thought ? (
            <>
              <Thoughts thought={thought} name={names[ply!.seat as Seat]} />
              {leanings && leaningsBySquare(entry, judged.state, viewer, leanings).size > 0 && (
                <button type="button" aria-pressed={leaning} onClick={() => lean(!leaning)}>
                  Show where it looked
                </button>
              )}
            </>
          ) : (
            <p class="hint">{at === 0 ? 'The start.' : 'A move of the opening that both sides shared.'}</p>
          )}
        </div>
      </div>
    </div>
  );
}

/** Calls `step` with -1 or 1 for the arrow keys left and right, wherever nothing else on the page uses them. */
function useArrowKeys(step: (by: -1 | 1) => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      if (event.target instanceof Element && event.target.closest('input, select, .scrolls')) return;
      if (event.key === 'ArrowLeft') step(-1);
      else if (event.key === 'ArrowRight') step(1);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  });
}

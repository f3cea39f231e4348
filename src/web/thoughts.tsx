/** Why an agent moved as it did: visits, values, the model's words. */

import type { Usage } from '../../agents/agent.ts';
import type { Entry } from '../../games/catalog.ts';
import type { Move } from '../../games/game.ts';
import type { Thought } from './api.ts';

/** What the agents' traces have in common; each gives what it has. */
interface Trace {
  readonly value?: number;
  readonly moves?: readonly (
    | string
    | { readonly move: string; readonly visits?: number; readonly value?: number; readonly prior?: number }
  )[];
  readonly replies?: readonly { readonly reply: string; readonly verdict: string }[];
  readonly why?: string;
  readonly best?: number;
  /** How the game ends where nobody errs, for who moved, and in how many plies; 0 for a draw. */
  readonly end?: { readonly result: -1 | 0 | 1; readonly plies: number };
  /** Points to come after each move. */
  readonly worths?: Readonly<Record<string, number>>;
}

interface ThoughtsProps {
  readonly thought: Thought;
  /** Whose they are. */
  readonly name: string;
}

export function Thoughts({ thought, name }: ThoughtsProps) {
  const trace = (thought.trace ?? {}) as Trace;
  const weighed = (trace.moves ?? []).filter(move => typeof move !== 'string');
  const value = trace.value ?? weighed.find(({ move }) => move === thought.move)?.value;
  return (
    <section class="thoughts" aria-label={`Thoughts of ${name}`}>
      <h3>
        <span class="who">{name}</span> {thought.move === null ? 'found no legal move' : <>played {thought.move}</>}
      </h3>
      {value !== undefined && <Chance value={value} />}
      {trace.replies?.map(({ reply, verdict }, i) => (
        <Words key={i} reply={reply} verdict={verdict} />
      ))}
      {weighed.length > 0 && <Weighed moves={weighed} played={thought.move} />}
      {trace.worths !== undefined && <p>{expected(trace.worths)}</p>}
      {trace.why !== undefined && <p>{WHYS[trace.why] ?? trace.why}</p>}
      {trace.best !== undefined && <p>{foreseen(trace.best)}</p>}
      {trace.end !== undefined && <p>{seen(trace.end)}</p>}
      <p class="cost">{costs(thought)}</p>
    </section>
  );
}

const WHYS: Readonly<Record<string, string>> = {
  wins: 'This wins at once.',
  safe: 'After this, nobody can win at once.',
  lost: 'Whatever is played, the other side can win at once.',
};

const expected = (worths: Readonly<Record<string, number>>): string =>
  `Expects soon: ${Object.entries(worths)
    .map(([move, points]) => `${points.toFixed(2)} points after ${move}`)
    .join(', ')}.`;

const foreseen = (best: number): string =>
  best > 0 ? 'It sees a win.' : best < 0 ? 'It sees that it can be beaten.' : 'Nothing decided within its depth.';

const seen = ({ result, plies }: NonNullable<Trace['end']>): string =>
  result > 0
    ? `It sees the end: a win, in ${plies} plies at most.`
    : result < 0
      ? `It sees the end: a loss, in ${plies} plies if nobody errs.`
      : 'It sees the end: a draw, if nobody errs.';

/** A value of -1 … 1 as the chance to win, draws counting half. */
const percent = (value: number): string => `${Math.round(50 * (value + 1))} %`;

const Chance = ({ value }: { readonly value: number }) => (
  <div class="chance">
    <span>expects to score</span>
    <meter min={0} max={1} value={(value + 1) / 2} aria-label="expected score">
      {percent(value)}
    </meter>
    <b>{percent(value)}</b>
  </div>
);

type WeighedMove = Exclude<NonNullable<Trace['moves']>[number], string>;

const SHOWN = 8;

function Weighed({ moves, played }: { readonly moves: readonly WeighedMove[]; readonly played: string | null }) {
  const total = moves.reduce((sum, { visits = 0 }) => sum + visits, 0);
  const weight = ({ visits, prior, value }: WeighedMove): number =>
    total > 0 ? (visits ?? 0) / total : (prior ?? ((value ?? -1) + 1) / 2);
  const best = moves.toSorted((a, b) => weight(b) - weight(a)).slice(0, SHOWN);
  const most = Math.max(...best.map(weight), 1e-9);
  return (
    <table class="weighed">
      <thead>
        <tr>
          <th scope="col">move</th>
          <th scope="col">{total > 0 ? 'visits' : moves[0]?.prior === undefined ? 'worth' : 'liking'}</th>
          <th scope="col" class="number">
            score
          </th>
        </tr>
      </thead>
      <tbody>
        {best.map(move => (
          <tr key={move.move} class={move.move === played ? 'played' : ''}>
            <th scope="row">{move.move}</th>
            <td>
              <span class="bar" style={{ '--share': weight(move) / most }} aria-hidden="true" />
              <span class="count">
                {total > 0 ? move.visits : move.prior === undefined ? '' : `${Math.round(100 * move.prior)} %`}
              </span>
            </td>
            <td class="number">
              {move.value === undefined || (total > 0 && !move.visits) ? '–' : percent(move.value)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A model's reply: its words, and what became of them. */
function Words({ reply, verdict }: { readonly reply: string; readonly verdict: string }) {
  const { why, move } = readable(reply);
  return (
    <figure class={`words ${verdict === 'legal' ? '' : 'fault'}`}>
      <blockquote>{why}</blockquote>
      <figcaption>
        {move !== undefined && <b>{move}</b>} {verdict}
      </figcaption>
    </figure>
  );
}

function readable(reply: string): { readonly why: string; readonly move?: string } {
  try {
    const { why, move } = JSON.parse(reply) as Record<string, unknown>;
    if (typeof why === 'string' && typeof move === 'string') return { why, move };
  } catch {
    // Not the object that was asked for: shown as it came.
  }
  return { why: reply };
}

function costs({ seconds, usage, misses }: Thought): string {
  const parts = [
    seconds === null ? '' : seconds < 0.1 ? `${Math.max(1, Math.round(1000 * seconds))} ms` : `${seconds.toFixed(1)} s`,
    usage ? tokens(usage) : '',
    misses.length > 0 ? `missed before: ${misses.join(', ')}` : '',
  ];
  return parts.filter(part => part !== '').join(' · ');
}

const tokens = ({ promptTokens, cachedTokens, completionTokens, dollars }: Usage): string =>
  [
    `${promptTokens} tokens read (${Math.round((100 * cachedTokens) / Math.max(1, promptTokens))} % from the cache)`,
    `${completionTokens} written`,
    dollars === undefined ? '' : `$${dollars.toFixed(5)}`,
  ]
    .filter(part => part !== '')
    .join(' · ');

/** How strongly a search leaned to each move, as shares of its visits. Undefined where it kept none. */
export function leaningsOf({ game }: Entry, thought: Thought | undefined): ReadonlyMap<Move, number> | undefined {
  const moves = ((thought?.trace ?? {}) as Trace).moves?.filter(move => typeof move !== 'string') ?? [];
  const total = moves.reduce((sum, { visits = 0 }) => sum + visits, 0);
  if (total === 0) return undefined;
  return new Map(
    moves.flatMap(({ move, visits = 0 }) => {
      const number = game.parseMove(move);
      return number === undefined ? [] : [[number, visits / total] as const];
    }),
  );
}

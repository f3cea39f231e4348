/** Rating tables, with the ratings as a picture. */

import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { Standing, Standings } from '../standings.ts';
import type { Table } from './api.ts';
import { entryOf } from './shelf.ts';

export const titleOf = (name: string): string => entryOf(name)?.game.title ?? name;

export function Ratings({ tables }: { readonly tables: readonly Table[] }) {
  if (tables.length === 0) {
    return (
      <p class="empty">
        No rated matches yet. Play some: <code>swp tournament --game connect-four --agents specialist,mcts,random</code>
      </p>
    );
  }
  return (
    <>
      {tables.map(({ game, standings }) => (
        <section key={game} class="card">
          <h2>{titleOf(game)}</h2>
          <RatingTable standings={standings} />
          <RatingPlot standings={standings} />
        </section>
      ))}
    </>
  );
}

export function RatingTable({ standings: { rows, anchor, firstSeat, voids } }: { readonly standings: Standings }) {
  const models = rows.some(({ promptTokens }) => promptTokens > 0);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways on a phone, so the keyboard must reach it */}
      <section class="scrolls" tabIndex={0} aria-label="Ratings, scrolls sideways">
        <table class="ratings">
          <thead>
            <tr>
              <th scope="col">agent</th>
              <th scope="col">Elo ± 95 %</th>
              <th scope="col">score</th>
              <th scope="col">games</th>
              <th scope="col">forfeits</th>
              {models && <th scope="col">illegal 1st try</th>}
              {models && <th scope="col">tokens/move</th>}
              <th scope="col">s/move</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <tr key={row.name}>
                <th scope="row">
                  <Name of={row.name} />
                </th>
                <td>
                  <b>{Math.round(row.elo)}</b> ± {Math.round(row.error)}
                </td>
                <td>{((100 * row.score) / row.games).toFixed(1)} %</td>
                <td>{row.games}</td>
                <td>{row.forfeits}</td>
                {models && <td>{((100 * row.firstTryFaults) / Math.max(1, row.decisions)).toFixed(1)} %</td>}
                {models && <td>{tokensOf(row)}</td>}
                <td>{row.seconds < 0.0995 ? row.seconds.toFixed(3) : row.seconds.toFixed(2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p class="hint">
        Elo is relative to {anchor}. Moving first is worth {Math.round(firstSeat.elo)} ± {Math.round(firstSeat.error)}{' '}
        Elo.
        {voids.length > 0 &&
          ` ${voids.length} void ${voids.length === 1 ? 'match counts' : 'matches count'} for nobody.`}
      </p>
    </>
  );
}

/** 'mcts:simulations=400', which may be broken after the colon on a narrow screen. */
function Name({ of: name }: { readonly of: string }) {
  const [kind, ...settings] = name.split(':');
  return (
    <>
      {kind}
      {settings.length > 0 && (
        <>
          :<wbr />
          {settings.join(':')}
        </>
      )}
    </>
  );
}

const tokensOf = ({ promptTokens, completionTokens, decisions }: Standing): string =>
  promptTokens === 0
    ? '–'
    : `${Math.round(promptTokens / decisions)} in, ${Math.round(completionTokens / decisions)} out`;

const ROW_HEIGHT = 34;
const AXIS_HEIGHT = 46;

/** Elo from left to right, an agent a line, the best on top, with its interval. */
export function RatingPlot({ standings: { rows } }: { readonly standings: Standings }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current!;
    const draw = () => plot(element, rows);
    let plotted = draw();
    const again = () => {
      plotted.destroy();
      plotted = draw();
    };
    const resized = new ResizeObserver(() => {
      if (Math.abs(element.clientWidth - plotted.width) > 1) again();
    });
    resized.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', again);
    return () => {
      resized.disconnect();
      scheme.removeEventListener('change', again);
      plotted.destroy();
    };
  }, [rows]);
  const text = rows.map(({ name, elo, error }) => `${name} ${Math.round(elo)} ± ${Math.round(error)}`).join(', ');
  return <div ref={place} class="plot" role="img" aria-label={`Elo with 95 % intervals: ${text}`} />;
}

function plot(element: HTMLElement, rows: readonly Standing[]): uPlot {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const low = Math.min(...rows.map(({ elo, error }) => elo - error));
  const high = Math.max(...rows.map(({ elo, error }) => elo + error));
  const margin = 0.05 * (high - low) || 50;
  const last = rows.length - 1;
  const longest = Math.max(...rows.map(({ name }) => name.length));
  const narrow = element.clientWidth < 520;
  const axis = { stroke: colour('--text'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const options: uPlot.Options = {
    width: element.clientWidth,
    height: AXIS_HEIGHT + ROW_HEIGHT * rows.length,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, ori: 1, dir: 1, range: [-0.6, last + 0.6] },
      elo: { ori: 0, dir: 1, range: [low - margin, high + margin] },
    },
    axes: [
      {
        ...axis,
        scale: 'x',
        side: 3,
        grid: { show: false },
        size: (narrow ? 6.1 : 7.2) * longest + 12,
        splits: rows.map((_, i) => i),
        values: (_plot, splits) => splits.map(i => rows[last - i]?.name ?? ''),
        font: `${narrow ? 11 : 13}px system-ui, sans-serif`,
      },
      {
        ...axis,
        scale: 'elo',
        side: 2,
        space: 60,
        label: 'Elo',
        labelSize: 16,
        size: 28,
        font: '12px system-ui, sans-serif',
      },
    ],
    series: [{}, { scale: 'elo', show: true, paths: () => null, points: { show: false } }],
    hooks: { draw: [chart => drawIntervals(chart, rows, colour('--accent'))] },
  };
  const places = rows.map((_, i) => i);
  return new uPlot(options, [places, rows.toReversed().map(({ elo }) => elo)], element);
}

function drawIntervals(chart: uPlot, rows: readonly Standing[], colour: string): void {
  const { ctx } = chart;
  const unit = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = 2 * unit;
  for (const [i, { elo, error }] of rows.entries()) {
    const y = chart.valToPos(rows.length - 1 - i, 'x', true);
    const [from, middle, to] = [elo - error, elo, elo + error].map(value => chart.valToPos(value, 'elo', true)) as [
      number,
      number,
      number,
    ];
    ctx.beginPath();
    ctx.moveTo(from, y);
    ctx.lineTo(to, y);
    for (const end of [from, to]) {
      ctx.moveTo(end, y - 5 * unit);
      ctx.lineTo(end, y + 5 * unit);
    }
    ctx.stroke();
    ctx.beginPath();
    ctx.arc(middle, y, 5 * unit, 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.restore();
}

/** A page of charts: what a training, a scaling study or a comparison measured. */

import { render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { Chart, Curves, Series } from '../curves.ts';

const { title, facts, charts } = JSON.parse(document.getElementById('data')!.textContent) as Curves;

const HEIGHT = 260;
/** Told apart by colour-blind people too: after Okabe & Ito, "Color universal design" (2008). */
const COLOURS = ['--curve-1', '--curve-2', '--curve-3', '--curve-4', '--curve-5', '--text'];

function Sheet() {
  return (
    <>
      <header>
        <h1>{title}</h1>
      </header>
      <main>
        {facts.length > 0 && (
          <section class="card">
            <table class="facts">
              <tbody>
                {facts.map(([name, value]) => (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    <td>{value}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
        {charts.map(chart => (
          <section class="card" key={chart.title}>
            <h2>{chart.title}</h2>
            <Plot chart={chart} />
          </section>
        ))}
      </main>
    </>
  );
}

function Plot({ chart }: { readonly chart: Chart }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current!;
    let plotted = plot(element, chart);
    const again = () => {
      plotted.destroy();
      plotted = plot(element, chart);
    };
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', again);
    addEventListener('resize', again);
    return () => {
      scheme.removeEventListener('change', again);
      removeEventListener('resize', again);
      plotted.destroy();
    };
  }, [chart]);
  return <div ref={place} class="plot" role="img" aria-label={describe(chart)} />;
}

/** The chart in words: where each series begins and ends. */
const describe = ({ x, y, series }: Chart): string =>
  series
    .map(({ name, points }) => {
      const [first, last] = [points[0], points.at(-1)];
      return first && last ? `${name}: ${y} ${first.y} at ${x} ${first.x}, ${last.y} at ${last.x}` : `${name}: nothing`;
    })
    .join('; ');

/** All x of a chart in order, and each series' y at them, null where it has none. */
function aligned(series: readonly Series[]): uPlot.AlignedData {
  const all = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  return [
    all,
    ...series.map(({ points }) => {
      const at = new Map(points.map(({ x, y }) => [x, y]));
      return all.map(x => at.get(x) ?? null);
    }),
  ];
}

function plot(element: HTMLElement, { x, y, logarithmic, series }: Chart): uPlot {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim() || style.color;
  const axis = { stroke: colour('--text'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const font = '12px system-ui, sans-serif';
  const colours = series.map(part => colour(COLOURS[part.colour % COLOURS.length]!));
  const options: uPlot.Options = {
    width: element.clientWidth,
    height: HEIGHT,
    scales: {
      x: { time: false, distr: logarithmic ? 3 : 1 },
      y: logarithmic === 'both' ? { distr: 3 } : { range: rangeOf(series) },
    },
    axes: [
      { ...axis, ...named(logarithmic !== undefined), label: x, labelSize: 18, font },
      { ...axis, ...named(logarithmic === 'both'), label: y, labelSize: 18, size: 64, font },
    ],
    legend: { show: series.length > 1 || inOthers(series[0]!), live: false },
    cursor: { show: false },
    series: [
      {},
      ...series.map(({ name, joined }, i): uPlot.Series => {
        const stroke = colours[i]!;
        const dots = { show: true, size: 6, fill: stroke };
        return joined
          ? { label: name, stroke, width: 2, spanGaps: true, points: { ...dots, show: series[i]!.points.length < 60 } }
          : { label: name, stroke, paths: () => null, points: dots };
      }),
    ],
    hooks: {
      draw: [chart => drawErrors(chart, series, colours), chart => drawLabels(chart, series, font, axis.stroke)],
    },
  };
  return new uPlot(options, aligned(series), element);
}

/** Whether more than one chart shows what a series does: its colour has a meaning then. */
const inOthers = ({ name }: Series): boolean =>
  charts.filter(({ series }) => series.some(other => other.name === name)).length > 1;

/** How the lines across an axis are named. On a logarithmic one: at the powers of ten, and between them where there is room. */
const named = (logarithmic: boolean): Pick<uPlot.Axis, 'filter' | 'values'> => ({
  values: (_, splits) => splits.map(short),
  ...(logarithmic && {
    filter: ({ bbox }, splits, axis) => {
      const [length, aName] = axis === 0 ? [bbox.width, 42] : [bbox.height, 20];
      const aDecade = length / devicePixelRatio / Math.log10(splits.at(-1)! / splits[0]!);
      const fits = (from: number, to: number) => aDecade * Math.log10(to / from) > aName;
      const digits = fits(9, 10) ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : fits(1, 2) ? [1, 2, 5] : [1];
      return splits.map(split => (digits.includes(firstDigit(split)) ? split : null));
    },
  }),
});

const firstDigit = (value: number): number => Number(value.toExponential()[0]);

/** From the lowest end of an interval to the highest, with a little room. */
function rangeOf(series: readonly Series[]): [number, number] {
  const points = series.flatMap(part => part.points);
  const low = Math.min(...points.map(({ y, error = 0 }) => y - error));
  const high = Math.max(...points.map(({ y, error = 0 }) => y + error));
  const room = 0.08 * (high - low) || 0.1 * Math.abs(high) || 1;
  return [low - room, high + room];
}

/** 1234567 as 1.2 M: axes have little room. */
function short(value: number | null): string {
  if (value === null) return '';
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))} k`;
  return String(Number(value.toPrecision(3)));
}

function drawErrors(chart: uPlot, series: readonly Series[], colours: readonly string[]): void {
  const { ctx } = chart;
  ctx.save();
  for (const [i, { points }] of series.entries()) {
    ctx.strokeStyle = colours[i]!;
    ctx.lineWidth = devicePixelRatio;
    for (const { x, y, error } of points) {
      if (!error) continue;
      const at = chart.valToPos(x, 'x', true);
      ctx.beginPath();
      ctx.moveTo(at, chart.valToPos(y - error, 'y', true));
      ctx.lineTo(at, chart.valToPos(y + error, 'y', true));
      ctx.stroke();
    }
  }
  ctx.restore();
}

function drawLabels(chart: uPlot, series: readonly Series[], font: string, colour: string): void {
  const { ctx } = chart;
  const unit = devicePixelRatio;
  ctx.save();
  ctx.fillStyle = colour;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'bottom';
  ctx.font = font.replace(/\d+/, size => String(unit * Number(size)));
  for (const { x, y, error = 0, label } of series.flatMap(({ points }) => points)) {
    if (label) ctx.fillText(label, chart.valToPos(x, 'x', true), chart.valToPos(y + error, 'y', true) - 3 * unit);
  }
  ctx.restore();
}

render(<Sheet />, document.getElementById('app')!);

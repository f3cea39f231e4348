/** The page inside a tournament's report: everything on one sheet, with nothing to ask a server for. */

import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Report } from '../report.ts';
import { Matches, Replay } from './matches.tsx';
import { RatingPlot, RatingTable, titleOf } from './ratings.tsx';

const report = JSON.parse(document.getElementById('data')!.textContent) as Report;

const place = (): number | undefined => Number(/^#match-(\d+)$/.exec(location.hash)?.[1] ?? Number.NaN) || undefined;

function Sheet({ game, standings, matches }: Report) {
  const [shown, show] = useState(() => place() ?? matches[0]?.id);
  useEffect(() => {
    const changed = () => {
      const id = place();
      if (id === undefined) return;
      show(id);
      document.getElementById('replay')?.scrollIntoView({ block: 'start' });
    };
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  const match = matches.find(({ id }) => id === shown);
  const models = [
    ...new Set(
      matches.flatMap(({ record }) => record.players.flatMap(({ conditions: { budget } }) => budget['model'] ?? [])),
    ),
  ];
  const lines = matches.map(({ id, record: { game: name, players, ending, plies, opening } }) => ({
    id,
    game: name,
    ending,
    names: [players[0].name, players[1].name] as const,
    plies: opening.length + plies.filter(({ move }) => move !== null).length,
  }));
  return (
    <>
      <header>
        <h1>Shall we play? {titleOf(game)}</h1>
      </header>
      <main>
        <section class="card">
          <h2>Ratings</h2>
          <RatingTable standings={standings} />
          {models.length > 0 && <p class="hint">Language model: {models.join(', ')}.</p>}
          <RatingPlot standings={standings} />
        </section>
        <div id="replay">{match && <Replay key={match.id} id={match.id} record={match.record} />}</div>
        <h2>{matches.length} matches</h2>
        <Matches lines={lines} addressOf={id => `#match-${id}`} />
      </main>
    </>
  );
}

render(<Sheet {...report} />, document.getElementById('app')!);

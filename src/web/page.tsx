/** The page: play, ratings, matches. The address after # says what is shown, so it can be kept and reloaded. */

import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { fromModule } from '../from-boardgame.ts';
import { partsOf } from './address.ts';
import * as client from './client.ts';
import { Matches, Replay } from './matches.tsx';
import { Play } from './play.tsx';
import { Ratings } from './ratings.tsx';
import { bring } from './shelf.ts';

const TABS = [
  ['play', 'Play'],
  ['ratings', 'Ratings'],
  ['matches', 'Matches'],
] as const;

const place = (): string => location.hash.slice(1) || 'play';

function Page() {
  const [at, go] = useState(place);
  useEffect(() => {
    const changed = () => go(place());
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  const [tab = 'play', first, second] = partsOf(at);
  const playing = useRef('play');
  if (tab === 'play') playing.current = at;
  return (
    <>
      <header>
        <h1>Shall we play?</h1>
        <nav aria-label="Parts of the page">
          {TABS.map(([name, title]) => (
            <a
              key={name}
              href={`#${name === 'play' ? playing.current : name}`}
              aria-current={tab === name ? 'page' : undefined}
            >
              {title}
            </a>
          ))}
        </nav>
      </header>
      <main>
        {tab === 'ratings' ? (
          <Fetched key="ratings" fetch={client.tables} show={tables => <Ratings tables={tables} />} />
        ) : tab === 'matches' && first !== undefined ? (
          <Fetched
            key={first}
            fetch={() => client.match(first)}
            show={record => <Replay id={Number(first)} record={record} />}
          />
        ) : tab === 'matches' ? (
          <Fetched
            key="matches"
            fetch={client.matches}
            show={lines => <Matches lines={lines} addressOf={match => `#matches/${match}`} />}
          />
        ) : (
          <Fetched
            key="play"
            fetch={client.opponents}
            show={opponents => <Play opponents={opponents} wanted={{ game: first, agent: second }} />}
          />
        )}
      </main>
    </>
  );
}

interface FetchedProps<Answer> {
  readonly fetch: () => Promise<Answer>;
  readonly show: (answer: Answer) => preact.VNode;
}

/** Shows what the server answers, or why it does not. A new key asks anew. */
function Fetched<Answer>({ fetch, show }: FetchedProps<Answer>) {
  const [answer, setAnswer] = useState<{ readonly is: Answer }>();
  const [error, setError] = useState<string>();
  const load = () => {
    setError(undefined);
    fetch().then(
      is => setAnswer({ is }),
      (reason: Error) => setError(reason.message),
    );
  };
  useEffect(load, []);
  if (error !== undefined) {
    return (
      <div class="failure" role="alert">
        <p>{error}</p>
        <button type="button" class="primary" onClick={load}>
          Try again
        </button>
      </div>
    );
  }
  if (!answer) return <p class="empty">Loading …</p>;
  return show(answer.is);
}

async function bringGuests(): Promise<void> {
  for (const { name, module } of await client.guests()) bring(fromModule(await import(module), name));
}

render(<Fetched fetch={bringGuests} show={() => <Page />} />, document.getElementById('app')!);

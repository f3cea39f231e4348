/** What lies on the squares: stones, cards, dice, chips, seeds. */

import type { Seat } from '../../games/game.ts';
import type { Square } from '../../games/view.ts';

/** Whether anything is drawn on a square besides its ground. */
export const hasPiece = ({ seat, sign, ground }: Square): boolean =>
  sign !== undefined || (seat !== null && ground !== 'bar' && ground !== 'held');

/** What lies on a square: a plain stone, or its sign. Bars and held squares show whose they are by themselves. */
export function Piece({ square }: { readonly square: Square }) {
  const { seat, sign = '', picture, ground } = square;
  if (!hasPiece(square)) return null;
  const classes = `${picture ?? 'sign'} ${seat === null ? '' : `seat${seat}`}`;
  switch (picture) {
    case 'stack':
      return <Stack seat={seat!} count={Number(sign)} />;
    case 'seeds':
      return (
        <span class={classes} aria-hidden="true">
          <Seeds count={Number(sign)} />
          <b>{sign}</b>
        </span>
      );
    case 'die':
      return (
        <span class={classes} style={{ '--length': sign.length }} aria-hidden="true">
          {sign.slice(0, -1)}
          <Die face={sign.slice(-1)} />
        </span>
      );
    case 'card':
      return (
        <span
          class={`playing-${classes} ${ground === 'fog' ? 'back' : ''} ${sign.includes('♥') ? 'red' : ''}`}
          aria-hidden="true"
        >
          {ground === 'fog' ? '' : sign}
        </span>
      );
    default:
      return sign === '' ? (
        <Stone seat={seat!} />
      ) : (
        <span class={classes} style={{ '--length': [...sign].length }} aria-hidden="true">
          {picture === 'paddle' || (picture === 'ball' && sign === '●') ? '' : sign}
        </span>
      );
  }
}

/** Both seats differ by shape, not by colour alone; the style sheet decides whether there is a disc under the mark. */
export const Stone = ({ seat }: { readonly seat: Seat }) => (
  <svg class={`stone seat${seat}`} viewBox="0 0 100 100" aria-hidden="true">
    <circle class="disc" cx="50" cy="50" r="46" />
    {seat === 0 ? <path class="mark" d="M31 31 69 69M69 31 31 69" /> : <circle class="mark" cx="50" cy="50" r="22" />}
  </svg>
);

/** Above so many, stones lie over each other and their number is told. */
const COUNTED_AT_A_GLANCE = 4;

const Stack = ({ seat, count }: { readonly seat: Seat; readonly count: number }) => (
  <span class={`stack seat${seat}`} style={{ '--count': count }} aria-hidden="true">
    {Array.from({ length: count }, (_, i) => (
      <span key={i} style={{ '--place': i }}>
        <Stone seat={seat} />
      </span>
    ))}
    {count > COUNTED_AT_A_GLANCE && <b>{count}</b>}
  </span>
);

/** Seeds lie on a sunflower's spiral: evenly, however many there are. */
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
const RADIUS = 30;

const Seeds = ({ count }: { readonly count: number }) => (
  <svg viewBox="0 0 100 100" aria-hidden="true">
    {Array.from({ length: count }, (_, i) => {
      const distance = RADIUS * Math.sqrt((i + 0.5) / Math.max(count, 5));
      return (
        <circle
          key={i}
          cx={50 + distance * Math.cos(i * GOLDEN_ANGLE)}
          cy={44 + distance * Math.sin(i * GOLDEN_ANGLE)}
          r={count > 12 ? 4.5 : 6.5}
        />
      );
    })}
  </svg>
);

/** Where the dots of a face are, in a square of three by three. */
const DOTS: Readonly<Record<string, readonly number[]>> = {
  1: [4],
  2: [0, 8],
  3: [0, 4, 8],
  4: [0, 2, 6, 8],
  5: [0, 2, 4, 6, 8],
  6: [0, 2, 3, 5, 6, 8],
  7: [0, 2, 3, 4, 5, 6, 8],
  8: [0, 1, 2, 3, 5, 6, 7, 8],
};

const Die = ({ face }: { readonly face: string }) => (
  <svg viewBox="0 0 100 100" aria-hidden="true">
    <rect x="4" y="4" width="92" height="92" rx="18" />
    {DOTS[face]?.map(dot => (
      <circle key={dot} cx={25 + 25 * (dot % 3)} cy={25 + 25 * Math.floor(dot / 3)} r="9.5" />
    )) ?? (
      <text x="50" y="72" text-anchor="middle">
        {face}
      </text>
    )}
  </svg>
);

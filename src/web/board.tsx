/** A board of squares that plays by mouse, touch and keyboard, for any game with a view. */

import type { TargetedKeyboardEvent } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Entry } from '../../games/catalog.ts';
import type { Move, Seat } from '../../games/game.ts';
import type { Cell } from '../../games/grid.ts';
import { cellsOf, landingSquare, type Step, squaresOf } from './squares.ts';

interface BoardProps {
  readonly entry: Entry;
  readonly step: Step;
  /** What to call the stones of each seat: ['you', 'mcts']. */
  readonly names: readonly [string, string];
  /** How strongly a mind leans to each move, as shares that sum to 1. */
  readonly leanings?: ReadonlyMap<Move, number>;
  /** Left out, the board only shows. */
  readonly onMove?: ((move: Move) => void) | undefined;
}

/** The keys that move the focus: columns and rows to go, far enough for any board. */
const STEPS: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  Home: [-99, 0],
  End: [99, 0],
};

export function Board({ entry, step, names, leanings, onMove }: BoardProps) {
  const { game, view } = entry;
  const { state } = step;
  const rows = view.squares(state);
  const cells = rows.flat();
  const columns = rows[0]!.length;
  const grid = useRef<HTMLDivElement>(null);
  const [focused, focus] = useState(Math.floor(cells.length / 2));
  const [pointed, point] = useState<number>();
  const [clicks, setClicks] = useState<readonly number[]>([]);

  const movesAt = (squares: readonly number[]) => (onMove ? view.movesAt(state, squares) : []);
  const ghost = pointed === undefined ? undefined : ghostSquare(entry, state, movesAt([...clicks, pointed]));
  const winning = new Set(view.decisive?.(state) ?? []);
  const { placed, turned } = step.previous === undefined ? NOTHING_CHANGED : changes(entry, step.previous, state);
  const marks = leaningsBySquare(entry, state, leanings);

  const click = (square: number) => {
    const tried = movesAt([...clicks, square]).length > 0 ? [...clicks, square] : [square];
    const moves = movesAt(tried);
    if (moves.length === 1) onMove?.(moves[0]!);
    setClicks(moves.length > 1 ? tried : []);
  };

  const walk = (event: TargetedKeyboardEvent<HTMLElement>) => {
    const by = STEPS[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const column = clamp((focused % columns) + by[0], columns);
    const row = clamp(Math.floor(focused / columns) + by[1], rows.length);
    const square = row * columns + column;
    focus(square);
    grid.current?.querySelector<HTMLElement>(`[data-square="${square}"]`)?.focus();
  };

  return (
    <div class="board" style={{ '--columns': columns, '--rows': rows.length }}>
      {/* biome-ignore lint/a11y/useSemanticElements: a table's cells cannot be buttons that move the focus with arrow keys */}
      <div ref={grid} class="squares" role="grid" aria-label={`${game.title} board`} tabIndex={-1} onKeyDown={walk}>
        {rows.map((row, index) => (
          // biome-ignore lint/a11y/useSemanticElements: see the grid
          // biome-ignore lint/a11y/useFocusableInteractive: the cells take the focus
          <div key={index} role="row" class="row">
            {row.map((cell, column) => {
              const square = index * columns + column;
              const playable = movesAt([...clicks, square]).length > 0;
              const classes = [
                'square',
                playable && 'playable',
                square === placed && 'last',
                turned.has(square) && 'turned',
                winning.has(square) && 'winning',
                clicks.includes(square) && 'chosen',
                square === ghost && 'ghost',
              ];
              return (
                // biome-ignore lint/a11y/useSemanticElements: see the grid
                <button
                  key={square}
                  type="button"
                  role="gridcell"
                  class={classes.filter(Boolean).join(' ')}
                  data-square={square}
                  tabIndex={square === focused ? 0 : -1}
                  aria-disabled={!playable}
                  aria-label={[
                    squareName(entry, square, columns),
                    contents(cell, names),
                    square === placed && 'last move',
                    winning.has(square) && 'wins',
                    playable && 'playable',
                  ]
                    .filter(Boolean)
                    .join(', ')}
                  onFocus={() => {
                    focus(square);
                    point(square);
                  }}
                  onBlur={() => point(undefined)}
                  onPointerEnter={() => point(square)}
                  onPointerLeave={() => point(undefined)}
                  onClick={() => click(square)}
                >
                  {cell !== null && <Stone seat={cell} />}
                  {square === ghost && cell === null && <Stone seat={game.turn(state)} />}
                  {cell === null && marks.has(square) && <Leaning share={marks.get(square)!} />}
                </button>
              );
            })}
          </div>
        ))}
      </div>
      {view.edges && <Edges {...view.edges} />}
    </div>
  );
}

/** Both seats differ by shape, not by colour alone; the style sheet decides whether there is a disc under the mark. */
export const Stone = ({ seat }: { readonly seat: Seat }) => (
  <svg class={`stone seat${seat}`} viewBox="0 0 100 100" aria-hidden="true">
    <circle class="disc" cx="50" cy="50" r="46" />
    {seat === 0 ? <path class="mark" d="M31 31 69 69M69 31 31 69" /> : <circle class="mark" cx="50" cy="50" r="22" />}
  </svg>
);

const Leaning = ({ share }: { readonly share: number }) => (
  <span class="leaning" style={{ '--share': share }} aria-hidden="true">
    {Math.round(100 * share)}
  </span>
);

const Edges = ({ columns, rows }: { readonly columns: readonly string[]; readonly rows: readonly string[] }) => (
  <>
    {columns.length > 0 && (
      <div class="edge columns" aria-hidden="true">
        {columns.map(name => (
          <span key={name}>{name}</span>
        ))}
      </div>
    )}
    {rows.length > 0 && (
      <div class="edge rows" aria-hidden="true">
        {rows.map(name => (
          <span key={name}>{name}</span>
        ))}
      </div>
    )}
  </>
);

interface PlayersProps {
  readonly names: readonly [string, string];
  /** Whose turn it is, if anybody's. */
  readonly turn?: Seat | undefined;
}

/** Who plays which stones. */
export const Players = ({ names, turn }: PlayersProps) => (
  <p class="players">
    {([0, 1] as const).map(seat => (
      <span key={seat} class={seat === turn ? 'to-move' : ''}>
        <Stone seat={seat} /> {names[seat]}
      </span>
    ))}
  </p>
);

/** The moves that no single square stands for, such as a pass, as buttons. */
export function OtherMoves({
  entry,
  state,
  onMove,
}: Pick<BoardProps, 'entry' | 'onMove'> & { readonly state: unknown }) {
  if (!onMove) return null;
  const { game, view } = entry;
  const onBoard = new Set(squaresOf(view, state).flatMap(square => view.movesAt(state, [square])));
  return (
    <>
      {game
        .moves(state)
        .filter(move => !onBoard.has(move))
        .map(move => (
          <button key={move} type="button" class="primary" onClick={() => onMove(move)}>
            Play {game.formatMove(move)}
          </button>
        ))}
    </>
  );
}

const clamp = (index: number, count: number): number => Math.max(0, Math.min(count - 1, index));

function squareName({ view }: Entry, square: number, columns: number): string {
  const row = Math.floor(square / columns);
  const column = square % columns;
  const columnName = view.edges?.columns[column] ?? String(column + 1);
  const rowName = view.edges?.rows[row];
  return rowName === undefined ? `column ${columnName} row ${row + 1}` : `${columnName}${rowName}`;
}

const contents = (cell: Cell, names: readonly [string, string]): string =>
  cell === null ? 'empty' : `${['cross', 'ring'][cell]} of ${names[cell]}`;

const ghostSquare = (entry: Entry, state: unknown, moves: readonly Move[]): number | undefined =>
  moves.length === 1 ? landingSquare(entry, state, moves[0]!) : undefined;

const NOTHING_CHANGED = { placed: undefined, turned: new Set<number>() };

/** Where a stone came to lie between two positions, and which stones changed sides. */
function changes({ view }: Entry, before: unknown, after: unknown) {
  const old = cellsOf(view, before);
  const turned = new Set<number>();
  let placed: number | undefined;
  for (const [square, cell] of cellsOf(view, after).entries()) {
    if (cell === null || cell === old[square]) continue;
    if (old[square] === null) placed = square;
    else turned.add(square);
  }
  return { placed, turned };
}

function leaningsBySquare(entry: Entry, state: unknown, leanings: ReadonlyMap<Move, number> | undefined) {
  const bySquare = new Map<number, number>();
  for (const [move, share] of leanings ?? []) {
    const square = entry.game.moves(state).includes(move) ? landingSquare(entry, state, move) : undefined;
    if (square !== undefined && share >= 0.005) bySquare.set(square, share);
  }
  return bySquare;
}

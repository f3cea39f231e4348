/** A board of squares that plays by mouse, touch and keyboard, for any game with a view. */

import type { TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Entry } from '../../games/catalog.ts';
import type { Move, Seat } from '../../games/game.ts';
import type { Ground, Square, View } from '../../games/view.ts';
import { hasPiece, Piece, Stone } from './pieces.tsx';
import { changes, landingSquare, rowsOf, type Step, squaresOf } from './squares.ts';

interface BoardProps {
  readonly entry: Entry;
  readonly step: Step;
  /** What to call the pieces of each seat: ['you', 'mcts']. */
  readonly names: readonly [string, string];
  /** Through whose eyes the board is seen; left out, nothing is hidden. */
  readonly viewer?: Seat | undefined;
  /** How strongly a mind leans to each move, as shares that sum to 1. */
  readonly leanings?: ReadonlyMap<Move, number>;
  /** Left out, the board only shows. */
  readonly onMove?: ((move: Move) => void) | undefined;
  /** The squares chosen so far for a move that takes several. */
  readonly clicks?: readonly number[];
  readonly setClicks?: (clicks: readonly number[]) => void;
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

export const Board = (props: BoardProps) =>
  props.entry.view.look === 'text' ? <Text {...props} /> : <Squares {...props} />;

/** The position as the terminal shows it; all moves are buttons beside it. */
const Text = ({ entry: { game }, step, viewer }: BoardProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
  <section class="text scrolls" tabIndex={0} aria-label={`${game.title}, the position`}>
    <pre>{game.show(step.state, viewer)}</pre>
  </section>
);

function Squares({ entry, step, names, viewer, leanings, onMove, clicks = [], setClicks }: BoardProps) {
  const { game, view } = entry;
  const { state } = step;
  const rows = rowsOf(view, state, viewer);
  const cells = rows.flat();
  const columns = rows[0]!.length;
  const grid = useRef<HTMLDivElement>(null);
  const [focused, focus] = useState(() => middleOf(cells));
  const [pointed, point] = useState<number>();

  const movesAt = (squares: readonly number[]) => (onMove ? view.movesAt(state, squares) : []);
  const meant = pointed === undefined ? [] : movesAt([...clicks, pointed]);
  const { ghost, leaving } = preview(entry, state, viewer, meant);
  const winning = new Set(view.decisive?.(state) ?? []);
  const { placed, turned, left } = changes(entry, step, viewer);
  const marks = leaningsBySquare(entry, state, viewer, leanings);
  const turn = game.turn(state);
  const tracks = {
    columns: view.tracks?.columns ?? Array<number>(columns).fill(1),
    rows: view.tracks?.rows ?? Array<number>(rows.length).fill(1),
  };

  const click = (square: number) => {
    const goesOn = movesAt([...clicks, square]).length > 0;
    // The square chosen last, once more, takes the choice back.
    if (!goesOn && square === clicks.at(-1)) return setClicks?.(clicks.slice(0, -1));
    const tried = goesOn ? [...clicks, square] : [square];
    const moves = movesAt(tried);
    if (moves.length === 1) onMove?.(moves[0]!);
    setClicks?.(moves.length > 1 ? tried : []);
  };

  const walk = (event: TargetedKeyboardEvent<HTMLElement>) => {
    if (event.key === 'Escape' && clicks.length > 0) setClicks?.([]);
    const by = view.keys?.[event.key] === undefined ? STEPS[event.key] : undefined;
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const square = walked(cells, columns, focused, by);
    focus(square);
    grid.current?.querySelector<HTMLElement>(`[data-square="${square}"]`)?.focus();
  };

  return (
    <div class="board" data-look={view.look ?? 'squares'} style={shape(view, tracks)}>
      {/* biome-ignore lint/a11y/useSemanticElements: a table's cells cannot be buttons that move the focus with arrow keys */}
      <div ref={grid} class="squares" role="grid" aria-label={`${game.title} board`} tabIndex={-1} onKeyDown={walk}>
        {rows.map((row, index) => (
          <div key={index} role={row.every(isVoid) ? 'presentation' : 'row'} class="row" style={{ '--row': index }}>
            {row.map((cell, column) => {
              const square = index * columns + column;
              if (cell.ground === 'void') return <span key={square} class="square void" aria-hidden="true" />;
              const playable = movesAt([...clicks, square]).length > 0;
              const classes = [
                'square',
                playable && 'playable',
                placed.has(square) && 'last',
                turned.has(square) && 'turned',
                left.has(square) && 'left',
                leaving.has(square) && 'leaving',
                winning.has(square) && 'winning',
                clicks.includes(square) && 'chosen',
                square === ghost && 'ghost',
                hasPiece(cell) && 'full',
                2 * index >= rows.length && 'low',
                cell.active && 'active',
                cell.ground,
                cell.ground !== undefined && cell.seat !== null && `of${cell.seat}`,
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
                  aria-disabled={!playable && square !== clicks.at(-1)}
                  aria-label={[
                    squareName(entry, square, columns),
                    contents(cell, names),
                    placed.has(square) && 'last move',
                    cell.active && 'to be moved',
                    winning.has(square) && 'wins',
                    clicks.includes(square) && 'chosen',
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
                  <Piece square={cell} />
                  {square === ghost && turn !== 'chance' && cell.seat === null && !BARE.has(cell.ground) && (
                    <Stone seat={turn} />
                  )}
                  {cell.corner !== undefined && <span class="corner" data-text={cell.corner} aria-hidden="true" />}
                  {cell.seat === null && marks.has(square) && <Leaning share={marks.get(square)!} />}
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

/** Squares on which no plain stone is ever laid. */
const BARE: ReadonlySet<Ground | undefined> = new Set<Ground>(['void', 'fog', 'dot', 'bar', 'wall']);

const Leaning = ({ share }: { readonly share: number }) => (
  <span class="leaning" style={{ '--share': share }} aria-hidden="true">
    {Math.round(100 * share)}
  </span>
);

const Edges = ({ columns, rows }: { readonly columns: readonly string[]; readonly rows: readonly string[] }) => (
  <>
    {columns.length > 0 && (
      <div class="edge columns" aria-hidden="true">
        {columns.map((name, index) => (
          <span key={index}>{name}</span>
        ))}
      </div>
    )}
    {rows.length > 0 && (
      <div class="edge rows" aria-hidden="true">
        {rows.map((name, index) => (
          <span key={index}>{name}</span>
        ))}
      </div>
    )}
  </>
);

interface PlayersProps {
  /** What the position calls the seats, if it is told in words. */
  readonly seatNames?: readonly [string, string] | undefined;
  readonly names: readonly [string, string];
  /** Whose turn it is, if anybody's. */
  readonly turn?: Seat | undefined;
}

/** Who plays which stones. */
export const Players = ({ names, seatNames, turn }: PlayersProps) => (
  <p class="players">
    {([0, 1] as const).map(seat => (
      <span key={seat} class={seat === turn ? 'to-move' : ''}>
        <Stone seat={seat} /> {names[seat]}
        {seatNames && `, ${seatNames[seat]}`}
      </span>
    ))}
  </p>
);

interface OtherMovesProps extends Pick<BoardProps, 'entry' | 'onMove'> {
  readonly state: unknown;
}

/**
 * The moves that no single square stands for, such as a pass, as buttons. While it is somebody else's turn those of
 * the last turn stay where they are, out of use: nothing jumps, and the keyboard's focus is not lost.
 */
export function OtherMoves({ entry, state, onMove }: OtherMovesProps) {
  const { game, view } = entry;
  const group = useRef<HTMLDivElement>(null);
  const kept = useRef<readonly Move[]>([]);
  const hadFocus = useRef(false);
  if (onMove) {
    const onBoard = new Set(squaresOf(view, state).flatMap(square => view.movesAt(state, [square])));
    kept.current = game.moves(state).filter(move => !onBoard.has(move));
  }
  const others = kept.current;
  useLayoutEffect(() => {
    // The button that was pressed is gone: the keyboard goes on at the first of the others.
    if (hadFocus.current && document.activeElement === document.body) group.current?.querySelector('button')?.focus();
    hadFocus.current = group.current?.contains(document.activeElement) ?? false;
  });
  if (others.length === 0) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be drawn with a frame
    <div
      class="others"
      role="group"
      aria-label="Moves"
      ref={group}
      onFocusIn={() => {
        hadFocus.current = true;
      }}
      onFocusOut={event => {
        if (event.relatedTarget) hadFocus.current = false;
      }}
    >
      {others.map(move => {
        const text = game.formatMove(move);
        const key = keyFor(entry, state, move);
        return (
          <button
            key={move}
            type="button"
            class="primary"
            aria-disabled={!onMove}
            aria-keyshortcuts={key?.replace(' ', 'Space')}
            onClick={() => onMove?.(move)}
          >
            {others.length === 1 ? `Play ${text}` : text}
            {key !== undefined && (
              <span class="key" aria-hidden="true">
                {KEY_SIGNS[key] ?? key.toUpperCase()}
              </span>
            )}
          </button>
        );
      })}
    </div>
  );
}

const KEY_SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ' ': 'space',
};

/** The first key that makes this move now. */
const keyFor = (entry: Entry, state: unknown, move: Move): string | undefined =>
  Object.keys(entry.view.keys ?? {}).find(key => moveOfKey(entry, state, key) === move);

/** The move that a key makes in this position. */
export function moveOfKey({ game, view }: Entry, state: unknown, key: string): Move | undefined {
  const legal = game.moves(state);
  return view.keys?.[key]?.map(text => game.parseMove(text)).find(move => move !== undefined && legal.includes(move));
}

const isVoid = ({ ground }: Square): boolean => ground === 'void';

const clamp = (index: number, count: number): number => Math.max(0, Math.min(count - 1, index));

function squareName({ view }: Entry, square: number, columns: number): string {
  const row = Math.floor(square / columns);
  const column = square % columns;
  const columnName = view.edges?.columns[column] ?? String(column + 1);
  const rowName = view.edges?.rows[row];
  return rowName === undefined ? `column ${columnName} row ${row + 1}` : `${columnName}${rowName}`;
}

function contents({ seat, label }: Square, names: readonly [string, string]): string {
  if (seat === null) return label ?? 'empty';
  return label === undefined ? `${['cross', 'ring'][seat]} of ${names[seat]}` : `${label} of ${names[seat]}`;
}

/** The square in the middle of the board, or the nearest after it that is one. */
function middleOf(cells: readonly Square[]): number {
  const middle = Math.floor(cells.length / 2);
  const found = cells.findIndex(({ ground }, square) => square >= middle && ground !== 'void');
  return found === -1 ? cells.findIndex(({ ground }) => ground !== 'void') : found;
}

/** The square that a step leads to, over what is no square; the same one at the edge. */
function walked(
  cells: readonly Square[],
  columns: number,
  from: number,
  [right, down]: readonly [right: number, down: number],
): number {
  const rows = cells.length / columns;
  let column = clamp((from % columns) + right, columns);
  let row = clamp(Math.floor(from / columns) + down, rows);
  const [by, under] = [Math.abs(right) > 1 ? -Math.sign(right) : right, down];
  while (cells[row * columns + column]!.ground === 'void') {
    column += by;
    row += under;
    if (column < 0 || column >= columns || row < 0 || row >= rows) return from;
  }
  return row * columns + column;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** What the style sheet needs to know of a board's shape: its width and height in squares, and its tracks. */
function shape(
  view: View,
  { columns, rows }: { readonly columns: readonly number[]; readonly rows: readonly number[] },
) {
  const slant = view.look === 'hexagons' ? (rows.length - 1) / 2 : 0;
  const tracksOf = (sizes: readonly number[]) => sizes.map(size => `minmax(0, ${size}fr)`).join(' ');
  return {
    '--columns': sum(columns) + slant,
    '--rows': sum(rows) * (view.look === 'hexagons' ? 0.866 : 1),
    '--slant': slant,
    '--column-tracks': tracksOf(columns),
    '--row-tracks': tracksOf(rows),
  };
}

/** What the one move that is meant would do: where its stone lands, and from which squares pieces go. */
function preview(entry: Entry, state: unknown, viewer: Seat | undefined, moves: readonly Move[]) {
  if (moves.length !== 1) return { ghost: undefined, leaving: NOWHERE };
  const after = entry.game.play(state, moves[0]!);
  const { left: leaving } = changes(entry, { state: after, previous: state }, viewer);
  return { ghost: landingSquare(entry, state, moves[0]!, viewer), leaving };
}

const NOWHERE: ReadonlySet<number> = new Set();

/** How strongly a mind leans to the squares on which its moves would place something, where there are such. */
export function leaningsBySquare(
  entry: Entry,
  state: unknown,
  viewer: Seat | undefined,
  leanings: ReadonlyMap<Move, number> | undefined,
) {
  const bySquare = new Map<number, number>();
  for (const [move, share] of leanings ?? []) {
    const square = entry.game.moves(state).includes(move) ? landingSquare(entry, state, move, viewer) : undefined;
    if (square !== undefined && share >= 0.005) bySquare.set(square, share);
  }
  return bySquare;
}

/** Measurements as charts on one page. */

/** A measured value at `x`, with half the width of its 95 % interval where it has one. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly error?: number;
  /** Stands beside it. */
  readonly label?: string;
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  /** Points joined by a line, or dots alone. */
  readonly joined: boolean;
  /** Which of the page's colours, from 0 on: what is in several charts has the same one in all. */
  readonly colour: number;
}

export interface Chart {
  readonly title: string;
  /** What the axes show, with units. */
  readonly x: string;
  readonly y: string;
  /** Which axes are logarithmic. */
  readonly logarithmic?: 'x' | 'both';
  readonly series: readonly Series[];
}

/** What the page of charts is given. */
export interface Curves {
  readonly title: string;
  /** Lines of a table above the charts. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly charts: readonly Chart[];
}

/** The numbers along the output: how near each token was to another one, and how far the log-probabilities have moved. */
import { counted, plural } from "../report/render/rows.ts";
import { type Child, el, svg } from "./dom.ts";
import { type PlotColumn, plotColumns } from "./plot-columns.ts";
import type { TokenRows } from "./token-rows.ts";

export interface Plot {
  readonly element: Element | null;
  /** Draws the cursor at a token position. */
  mark(index: number): void;
}

interface Band {
  readonly top: number;
  readonly height: number;
  /** Values at the bottom and the top, in nats, on a logarithmic scale. */
  readonly from: number;
  readonly to: number;
}

const [height, left] = [202, 62];
/** One unit of the picture is about one pixel, so that its words stay readable on a small screen. */
const width = window.innerWidth < 960 ? Math.max(320, window.innerWidth - 64) : 1000;
const margins: Band = { top: 28, height: 74, from: 1e-3, to: 30 };
const deltas: Band = { top: 124, height: 52, from: 1e-6, to: 10 };
const mostColumns = 460;

export interface Plotted {
  readonly found: TokenRows;
  readonly names: readonly [left: string, right: string];
  readonly nearTieNats: number;
  /** How many near ties there are. */
  readonly ties: number;
}

/** Nothing where no number is known. `go` is called with the position that was clicked. */
export function plot(plotted: Plotted, go: (index: number) => void): Plot {
  const { found, nearTieNats, ties } = plotted;
  const columns = plotColumns(found.left, found.right, found.common, mostColumns);
  const hasMargins = columns.some(({ leftMargin, rightMargin }) => leftMargin !== null || rightMargin !== null);
  const hasDeltas = columns.some(({ delta }) => delta !== null && delta > 0);
  const areSteady = !hasDeltas && columns.some(({ delta }) => delta !== null);
  const length = Math.max(found.left.length, found.right.length);
  if (length < 2 || (!hasMargins && !hasDeltas)) return { element: null, mark: () => {} };
  const bottom = hasDeltas ? height : deltas.top;
  const x = (index: number) => left + ((width - left - 8) * index) / Math.max(1, length - 1);
  const cursor = svg("line", { class: "cursor", y1: margins.top, y2: bottom - 22, x1: -9, x2: -9 });
  const splits = found.areEqual ? [] : splitMark(x(found.common), bottom);
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${width} ${bottom}`, role: "img", "aria-label": labelOf(found, ties), class: "plot" },
    ...band(margins, "margin to the runner-up", ["0.001", "0.1", "10"]),
    svg("rect", {
      class: "tie-zone",
      x: left,
      y: y(margins, nearTieNats),
      width: width - left - 8,
      height: margins.top + margins.height - y(margins, nearTieNats),
    }),
    line(columns, ({ rightMargin }) => rightMargin, x, "right-line"),
    line(columns, ({ leftMargin }) => leftMargin, x, "left-line"),
    ...columns.flatMap((column) => tieDot(column, nearTieNats, x)),
    ...(hasDeltas ? band(deltas, "change of the log-probability", ["1e-6", "0.001", "1"]) : []),
    ...(hasDeltas ? columns.flatMap((column) => deltaBar(column, x)) : []),
    ...splits,
    cursor,
    svg("text", { x: left, y: bottom - 4, class: "axis" }, "token 0"),
    svg("text", { x: width - 8, y: bottom - 4, class: "axis end" }, `token ${counted(length - 1)}`),
  );
  picture.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * width;
    go(Math.max(0, Math.min(length - 1, Math.round(((at - left) / (width - left - 8)) * (length - 1)))));
  });
  return {
    element: el("figure", {}, picture, caption(plotted, areSteady)),
    mark(index) {
      cursor.setAttribute("x1", String(x(index)));
      cursor.setAttribute("x2", String(x(index)));
    },
  };
}

function y({ top, height: of, from, to }: Band, value: number): number {
  const share = Math.log(Math.max(from, Math.min(to, value)) / from) / Math.log(to / from);
  return top + of * (1 - share);
}

const band = (of: Band, name: string, labels: readonly string[]): readonly Child[] => [
  svg("text", { x: width - 8, y: of.top - (of === margins ? 17 : 5), class: "axis end" }, `${name}, nats`),
  ...labels.flatMap((label) => [
    svg("line", { class: "grid", x1: left, x2: width - 8, y1: y(of, Number(label)), y2: y(of, Number(label)) }),
    svg("text", { x: left - 6, y: y(of, Number(label)) + 4, class: "axis end" }, label),
  ]),
];

function line(
  columns: readonly PlotColumn[],
  value: (column: PlotColumn) => number | null,
  x: (index: number) => number,
  name: string,
): Element {
  let path = "";
  let isDrawing = false;
  for (const column of columns) {
    const margin = value(column);
    if (margin !== null) {
      path += `${isDrawing ? "L" : "M"}${x((column.from + column.to) / 2).toFixed(1)} ${y(margins, margin).toFixed(1)}`;
    }
    isDrawing = margin !== null;
  }
  return svg("path", { class: name, d: path });
}

function tieDot({ from, to, leftMargin, rightMargin }: PlotColumn, nats: number, x: (index: number) => number) {
  const least = Math.min(leftMargin ?? Infinity, rightMargin ?? Infinity);
  return least > nats ? [] : [svg("circle", { class: "tie", cx: x((from + to) / 2), cy: y(margins, least), r: 3 })];
}

function deltaBar({ from, to, delta }: PlotColumn, x: (index: number) => number) {
  if (delta === null || delta === 0) return [];
  const top = y(deltas, delta);
  const wide = Math.max(1.4, x(to + 1) - x(from) - 0.4);
  return [
    svg("rect", {
      class: "delta",
      x: x(from) - wide / 2,
      y: top,
      width: wide,
      height: deltas.top + deltas.height - top + 1,
    }),
  ];
}

const splitMark = (at: number, bottom: number) => [
  svg("line", { class: "split-line", x1: at, x2: at, y1: margins.top - 4, y2: bottom - 22 }),
  svg("path", { class: "split-head", d: `M${at - 5} ${margins.top - 12}h10l-5 8z` }),
];

function labelOf(found: TokenRows, ties: number): string {
  const split = found.areEqual ? "" : `; the answers part at token ${found.common}`;
  return `Margins and log-probability changes along ${plural(Math.max(found.left.length, found.right.length), "token")}, ${plural(ties, "near tie")}${split}`;
}

/** `areSteady`: no log-probability of a common token has moved, so that there is no change to draw. */
function caption({ found, names, nearTieNats, ties }: Plotted, areSteady: boolean): Element {
  const { areEqual, common } = found;
  return el(
    "figcaption",
    { class: "muted" },
    el("span", { class: "key left-key" }, names[0]),
    areEqual ? null : el("span", { class: "key right-key" }, names[1]),
    el("span", { class: "key tie-key" }, `${plural(ties, "near tie")}, within ${nearTieNats} nats`),
    areEqual ? null : el("span", { class: "key split-key" }, `first divergence at token ${counted(common)}`),
    areSteady ? el("span", {}, `log-probabilities ${areEqual ? "are" : "before it are"} equal, bit for bit`) : null,
  );
}

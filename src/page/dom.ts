/** Elements and their text. Text is only ever set as text: nothing here parses markup, and nothing unseen stays unseen. */
import { visibleText } from "../report/escape/terminal-text.ts";

export type Child = Node | string | null;
export type Attributes = { readonly [name: string]: string | number | boolean | null };

/** An element with attributes (null and false leave one out, true sets it empty) and children (null is skipped). */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

/** As `el`, for SVG. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

/** Replaces all children. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  append(element, children);
}

/** A definition list; rows without a value are left out, and so is a list without rows. */
export function facts(
  name: string,
  rows: readonly (readonly [label: string, value: Child])[],
): HTMLElementTagNameMap["dl"] | null {
  const shown = rows.filter(([, value]) => value !== null && value !== "");
  if (shown.length === 0) return null;
  return el(
    "dl",
    { class: `facts ${name}` },
    ...shown.map(([label, value]) => el("div", {}, el("dt", {}, label), el("dd", {}, value))),
  );
}

function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : seen(String(value)));
  }
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) if (child !== null) element.append(typeof child === "string" ? seen(child) : child);
}

const seen = (text: string) => text.split("\n").map(visibleText).join("\n");

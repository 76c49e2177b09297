/** Keys of the page, and the list of them that `?` shows. */
import { el } from "./dom.ts";
import { recall, remember } from "./memory.ts";

export interface KeyAction {
  readonly keys: readonly string[];
  readonly what: string;
  readonly run: () => void;
}

export interface Keys {
  /** The dialog that lists the keys. */
  readonly element: Element;
  showHelp(): void;
}

/** Letters act everywhere but in a field that is typed into, until they are switched off: who speaks to a computer types letters without meaning them. */
export function keys(actions: readonly KeyAction[]): Keys {
  const close = el("button", { type: "button" }, "Close");
  const letters = el("input", { type: "checkbox", checked: recall("letters") !== "off" });
  letters.addEventListener("change", () => remember("letters", letters.checked ? "on" : "off"));
  const element = el(
    "dialog",
    { class: "keys", "aria-labelledby": "keys-title" },
    el("h2", { id: "keys-title" }, "Keys"),
    el(
      "dl",
      {},
      ...[
        ...actions,
        { keys: ["?"], what: "this list" },
        { keys: ["←", "→"], what: "token to token, in the answers" },
        { keys: ["↑", "↓"], what: "case to case, in the list" },
      ].map(({ keys: names, what }) =>
        el("div", {}, el("dt", {}, ...names.flatMap((name) => [el("kbd", {}, name), " "])), el("dd", {}, what)),
      ),
    ),
    el("label", {}, letters, " Letters act"),
    close,
  );
  close.addEventListener("click", () => element.close());
  const showHelp = () => element.showModal();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || element.open || !letters.checked) return;
    const { target } = event;
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) {
      if (event.key === "Escape") target.blur();
      return;
    }
    if (event.key === "?") return showHelp();
    const action = actions.find(({ keys: names }) => names.includes(event.key));
    if (action === undefined) return;
    event.preventDefault();
    action.run();
  });
  return { element, showHelp };
}

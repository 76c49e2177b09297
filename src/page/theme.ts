/** Light, dark, or as the system has it: a switch that remembers. */
import { el } from "./dom.ts";
import { recall, remember } from "./memory.ts";

const themes = ["auto", "light", "dark"] as const;

export interface ThemeSwitch {
  readonly element: Element;
  next(): void;
}

export function themeSwitch(): ThemeSwitch {
  const button = el("button", { type: "button", class: "theme" });
  let theme = themes.find((one) => one === recall("theme")) ?? "auto";
  const apply = () => {
    document.documentElement.dataset.theme = theme;
    button.textContent = { auto: "◐ Auto", light: "☀ Light", dark: "☾ Dark" }[theme];
    button.setAttribute("aria-label", `Colours: ${theme}; change`);
  };
  const next = () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "auto";
    remember("theme", theme);
    apply();
  };
  button.addEventListener("click", next);
  apply();
  return { element: button, next };
}

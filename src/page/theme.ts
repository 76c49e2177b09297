/** Light, dark, or as the system has it: a switch that remembers. */
import { el } from "./dom.ts";

const themes = ["auto", "light", "dark"] as const;
type Theme = (typeof themes)[number];
const key = "inference-gate-theme";

export interface ThemeSwitch {
  readonly element: Element;
  next(): void;
}

export function themeSwitch(): ThemeSwitch {
  const button = el("button", { type: "button", class: "theme" });
  let theme = remembered();
  const apply = () => {
    document.documentElement.dataset.theme = theme;
    button.textContent = { auto: "◐ Auto", light: "☀ Light", dark: "☾ Dark" }[theme];
    button.setAttribute("aria-label", `Colours: ${theme}; change`);
  };
  const next = () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "auto";
    remember(theme);
    apply();
  };
  button.addEventListener("click", next);
  apply();
  return { element: button, next };
}

/** A browser may refuse storage to a page from a file. */
function remembered(): Theme {
  try {
    return themes.find((theme) => theme === localStorage.getItem(key)) ?? "auto";
  } catch {
    return "auto";
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // The switch works all the same, until the page is closed.
  }
}

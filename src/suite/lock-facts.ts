/** How the flat facts of an environment stand in the lock: packages and engine settings, hundreds of them, each under a heading of their own. */
import type { FactValue } from "../model/fingerprint.ts";

type Facts = { readonly [key: string]: FactValue };

export interface LockedFacts {
  readonly environment: Facts;
  readonly packages: Facts;
  readonly settings: Facts;
}

const prefixes = { packages: "package.", settings: "engine.config." } as const;
const headings = ["packages", "settings"] as const;

/** The facts by heading, each key without what its heading says. */
export function toHeadings(facts: Facts): LockedFacts {
  const under = (heading: (typeof headings)[number]): Facts =>
    Object.fromEntries(
      Object.entries(facts).flatMap(([key, value]) =>
        key.startsWith(prefixes[heading]) ? [[key.slice(prefixes[heading].length), value]] : [],
      ),
    );
  const rest = Object.entries(facts).filter(([key]) => !headings.some((heading) => key.startsWith(prefixes[heading])));
  return { environment: Object.fromEntries(rest), packages: under("packages"), settings: under("settings") };
}

/** The facts as they were measured. */
export function fromHeadings(locked: LockedFacts): Facts {
  const under = headings.flatMap((heading) =>
    Object.entries(locked[heading]).map(([key, value]) => [`${prefixes[heading]}${key}`, value] as const),
  );
  return { ...locked.environment, ...Object.fromEntries(under) };
}

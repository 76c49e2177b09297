/** Chooses cases by `--cases`, or `--only` of accept: ids, or patterns in which `*` stands for anything. */
import { noCaseMatches } from "../messages/commands.ts";
import type { Case } from "../model/case.ts";
import { GateError } from "../model/problem.ts";

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const patternOf = (filter: string) => new RegExp(`^${filter.split("*").map(literal).join(".*")}$`);

/** All cases for no filter. Throws GateError naming every filter that matches nothing; suite and option are for the message. */
export function selectCases(
  cases: readonly Case[],
  filters: readonly string[],
  { file, option }: { readonly file: string; readonly option: "--cases" | "--only" },
): readonly Case[] {
  if (filters.length === 0) return cases;
  const patterns = filters.map((filter) => ({ filter, pattern: patternOf(filter) }));
  const idle = patterns.filter(({ pattern }) => !cases.some((item) => pattern.test(item.id)));
  if (idle.length > 0) {
    const known = cases.map((item) => item.id);
    throw new GateError([noCaseMatches({ option, filters: idle.map(({ filter }) => filter), known, file })]);
  }
  return cases.filter((item) => patterns.some(({ pattern }) => pattern.test(item.id)));
}

import { afterEach, describe, expect, test } from "@jest/globals";
import { gitHubClient } from "../../src/github/client.ts";
import { type FakeApi, fakeApi } from "./fake-api.ts";
import { type Fault, faults } from "./faults.ts";
import { handClock } from "./hand-clock.ts";

const open: FakeApi[] = [];
afterEach(async () => {
  for (const api of open.splice(0)) await api.close();
});

async function world(options: { token?: string; budgetMs?: number; requestMs?: number; signal?: AbortSignal } = {}) {
  const api = await fakeApi();
  open.push(api);
  const clock = handClock();
  const { signal = new AbortController().signal, token = "t0ken", ...limits } = options;
  const repository = { owner: "team", repo: "model" };
  const client = gitHubClient({ token, apiUrl: api.url, repository, clock, signal, userAgent: "test", ...limits });
  const sha = "a".repeat(40);
  return {
    api,
    clock,
    read: () =>
      client.ask(
        async (octokit, where) => (await octokit.rest.checks.listForRef({ ...where, ref: sha })).data.total_count,
      ),
    write: () =>
      client.ask(
        async (octokit, where) =>
          (await octokit.rest.checks.create({ ...where, name: "gate", head_sha: sha, status: "queued" })).data.id,
      ),
  };
}

const listing = "GET /repos/{owner}/{repo}/commits/{ref}/check-runs";
const creating = "POST /repos/{owner}/{repo}/check-runs";

describe("an answer", () => {
  test("is the value, asked once", async () => {
    const { api, read } = await world();
    expect(await read()).toEqual({ ok: true, value: 0 });
    expect(api.asked).toEqual([listing]);
  });

  test("of a refused token is a refusal", async () => {
    const { read } = await world({ token: "another" });
    expect(await read()).toEqual({
      ok: false,
      refusal: { kind: "credentials", status: 401, said: expect.stringContaining("Bad credentials"), needs: null },
    });
  });
});

describe("a refusal", () => {
  const cases: readonly [string, Fault, string, number | null][] = [
    ["a bad token", faults.badCredentials, "credentials", 401],
    ["a token that may only read", faults.readOnly, "forbidden", 403],
    ["what is not there", faults.notFound, "not-found", 404],
    ["a conflict", faults.conflict, "invalid", 409],
    ["too many annotations", faults.tooManyAnnotations, "invalid", 422],
    ["an error of GitHub's", faults.internal, "lost", 500],
    ["a page of a proxy", faults.proxyPage, "lost", 502],
    ["a page of a proxy that pretends success", { kind: "page", status: 200 }, "lost", 200],
    ["a cut connection", faults.cut, "lost", null],
  ];
  test.each(cases)("of a write names %s and is not asked again", async (_, fault, kind, status) => {
    const { api, write, clock } = await world();
    api.fail(creating, fault);
    const answer = await write();
    expect(answer).toMatchObject({ ok: false, refusal: { kind, status } });
    expect(api.asked).toEqual([creating]);
    expect(clock.slept).toEqual([]);
  });

  test("names the right that is missing", async () => {
    const { api, write } = await world();
    api.fail(creating, faults.readOnly);
    expect(await write()).toMatchObject({
      refusal: { needs: "checks=write", said: expect.stringContaining("not accessible") },
    });
  });

  test("comes when there is no answer at all", async () => {
    const { api, write } = await world({ requestMs: 100 });
    api.fail(creating, faults.silent);
    expect(await write()).toMatchObject({
      ok: false,
      refusal: { kind: "lost", status: null, said: "no answer within 0.1 s" },
    });
  });
});

describe("reading", () => {
  test.each([
    ["an error of GitHub's", faults.internal],
    ["a cut connection", faults.cut],
    ["a page of a proxy", faults.proxyPage],
  ])("is asked again after %s", async (_, fault) => {
    const { api, read, clock } = await world();
    api.fail(listing, fault, fault);
    expect(await read()).toEqual({ ok: true, value: 0 });
    expect(clock.slept).toEqual([1000, 2000]);
  });

  test("is given up after four tries", async () => {
    const { api, read } = await world();
    api.failAlways(listing, faults.unavailable);
    expect(await read()).toMatchObject({ ok: false, refusal: { kind: "lost", status: 503 } });
    expect(api.asked).toHaveLength(4);
  });
});

describe("a limit", () => {
  test("is waited for as retry-after says, also for a write", async () => {
    const { api, write, clock } = await world();
    api.fail(creating, faults.tooManyRequests(7), faults.secondaryLimit(3));
    expect(await write()).toMatchObject({ ok: true });
    expect(clock.slept).toEqual([7000, 3000]);
    expect(api.repository.checkRuns).toHaveLength(1);
  });

  test("without retry-after is waited for a minute, as GitHub asks", async () => {
    const { api, write, clock } = await world();
    api.fail(creating, faults.secondaryLimit(null));
    expect(await write()).toMatchObject({ ok: true });
    expect(clock.slept).toEqual([60_000]);
  });

  test("of the hour is waited for until its reset", async () => {
    const { api, read, clock } = await world();
    api.fail(listing, faults.primaryLimit(clock.now() / 1000 + 30));
    expect(await read()).toMatchObject({ ok: true });
    expect(clock.slept).toEqual([31_000]);
  });

  test("beyond the budget is a refusal at once", async () => {
    const { api, read, clock } = await world({ budgetMs: 10_000 });
    api.fail(listing, faults.primaryLimit(clock.now() / 1000 + 1800));
    const answer = await read();
    expect(answer).toMatchObject({ ok: false, refusal: { kind: "limited", status: 403 } });
    expect(answer).toMatchObject({ refusal: { said: expect.stringContaining("it asks to wait 1801 s") } });
    expect(clock.slept).toEqual([]);
  });

  test("that never ends uses the budget up and no more", async () => {
    const { api, read, clock } = await world({ budgetMs: 10_000 });
    api.failAlways(listing, faults.tooManyRequests(4));
    expect(await read()).toMatchObject({ ok: false, refusal: { kind: "limited", status: 429 } });
    expect(clock.slept).toEqual([4000, 4000]);
  });

  test("is not waited for once the budget of all requests is used up", async () => {
    const { api, read, write } = await world({ budgetMs: 10_000 });
    api.fail(listing, faults.tooManyRequests(9));
    expect(await read()).toMatchObject({ ok: true });
    api.fail(creating, faults.tooManyRequests(9));
    expect(await write()).toMatchObject({ ok: false, refusal: { kind: "limited" } });
  });
});

test("a signal ends the asking with its reason", async () => {
  const controller = new AbortController();
  const { api, read } = await world({ signal: controller.signal });
  api.failAlways(listing, faults.silent);
  const asking = read();
  controller.abort(new Error("ended by SIGINT"));
  await expect(asking).rejects.toThrow("ended by SIGINT");
});

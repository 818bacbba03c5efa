import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {describe, it} from "node:test";
import type {Code, LoopCode} from "../../lib/errata/code.js";
import type {SceneName} from "../../lib/errata/exhibit.js";
import {exhibits} from "../../lib/errata/exhibits.js";
import {half} from "../../lib/errata/half.js";
import type {MeasureName} from "../../lib/errata/measure.js";
import {measures} from "../../lib/errata/measure.js";
import type {ErrataRecord} from "../../lib/errata/record.js";
import {measureScene, spreadOf} from "../../lib/errata/record.js";
import {onePoint, rehearse} from "../../lib/errata/rehearse.js";
import {runLoop, runStep} from "../../lib/errata/run.js";
import {makeWorld} from "../../lib/errata/scene.js";
import {breather} from "../../tools/breather.js";
import {errataFences, errataFunction} from "../../tools/errata-fences.js";
import {readPage} from "../../tools/page-source.js";

const fences = errataFences();
const scenes: SceneName[] = ["shows", "hides"];
const record = JSON.parse(readFileSync("src/data/errata.json", "utf8")) as ErrataRecord;
const page = readPage("src", "/errata").body;
const breathe = breather();

async function said(test: (code: never) => unknown, code: unknown): Promise<string | undefined> {
  try {
    await test(code as never);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe("the museum of bugs", () => {
  it("has a code, a fix and a test on the page for each exhibit, in its order, under its name and title", () => {
    assert.deepEqual(
      [...fences.keys()],
      exhibits.map(({name}) => name)
    );
    assert.ok(exhibits.length >= 16, `there are ${exhibits.length} exhibits`);
    for (const [name, {bug, fix, test}] of fences) {
      assert.ok(bug && fix && test && bug !== fix, `${name} lacks a fence`);
      assert.ok(bug.trimEnd().split("\n").length <= 14, `the code of ${name} is too long to be read`);
      const header = /function \w+\([^]*?\)(?::[^{]*)?/;
      assert.equal(
        /function (\w+)/.exec(fix)?.[1],
        /function (\w+)/.exec(bug)?.[1],
        `${name}: ${header.exec(fix)?.[0]}`
      );
    }
    exhibits.forEach(({name, title}, i) => {
      const [, heading] = new RegExp(`^### ${i + 1}\\. (.*) \\{#${name}\\}$`, "m").exec(page) ?? [];
      assert.equal(heading, title, `the heading of ${name}`);
    });
  });

  it("says of each exhibit what will happen, once, and something of every other guess", () => {
    for (const {name, choices, scenes} of exhibits) {
      assert.equal(choices.filter(({right}) => right).length, 1, `${name} has not one right choice`);
      assert.ok(choices.length >= 3, `${name} has ${choices.length} choices`);
      assert.equal(new Set(choices.map(({text}) => text)).size, choices.length, `${name} has a choice twice`);
      for (const {text, says} of choices) assert.match(says, /[.?!]$/, `${name}: “${text}”`);
      assert.ok(scenes.shows.measures.length > 0 && scenes.hides.measures.length > 0, `${name} has no number`);
    }
    const places = exhibits.map(({choices}) => choices.findIndex(({right}) => right));
    for (const place of [0, 1, 2]) assert.ok(places.includes(place), `the right choice is never number ${place + 1}`);
  });

  for (const exhibit of exhibits) {
    const {name} = exhibit;
    describe(name, () => {
      const made = (async () => {
        const {bug, fix, test} = fences.get(name)!;
        return {bug: await errataFunction(bug), fix: await errataFunction(fix), test: await errataFunction(test)};
      })();

      it("fails its test with a sentence that holds a number or names what is wrong, and passes it with the fix", async () => {
        const {bug, fix, test} = await made;
        const sentence = await said(test, bug);
        assert.ok(sentence, "the bug passes the test");
        assert.match(sentence, /\d|sees the same points/);
        assert.equal(await said(test, fix), undefined, "the fix fails the test");
      });

      it("is the library’s sampler with the fix, point by point", async () => {
        const {fix} = await made;
        for (const scene of scenes) {
          const world = makeWorld(exhibit.scenes[scene], {count: 20, breathe});
          const [own, right] = [await exhibit.run(fix as Code, world), await exhibit.right(world)].map((s) =>
            s.at(-1)!
          );
          const apart = own.reduce((most, value, i) => Math.max(most, Math.abs(value - right[i])), 0);
          assert.ok(apart < 1e-6, `${scene}: ${apart} apart`);
        }
      });

      it("shows in the scene where it shows, far beyond the spread over seeds, and hardly where it hides", () => {
        const {shows, hides} = record.exhibits[name];
        const gap = (scene: typeof shows, measure: MeasureName) => {
          const [[a, sa], [b, sb]] = [scene.buggy[measure]!, scene.right[measure]!].map(([mean, sd]) => [
            mean ?? 0,
            sd ?? 0
          ]);
          return {far: Math.abs(a - b), part: Math.abs(a - b) / Math.max(Math.abs(b), 1e-9), sd: Math.hypot(sa, sb)};
        };
        const [first] = exhibit.scenes.shows.measures;
        if (name !== "previous") {
          const {part, sd, far} = gap(shows, first);
          assert.ok(
            part > 0.1 && far > 10 * sd,
            `${first} differs by a part of ${part}, ${far / sd} standard deviations`
          );
        }
        const hidden = gap(hides, exhibit.scenes.hides.measures[0]);
        assert.ok(hidden.part < 0.05, `hidden by ${hidden.part}`);
      });

      it("has the numbers that are recorded for the page", async () => {
        const {bug} = await made;
        for (const scene of scenes) {
          const {steps} = exhibit.scenes[scene];
          if (steps > 100) continue; // a cheap sample
          const now = await measureScene(exhibit, scene, bug as Code, {seed: 1, count: 500, breathe});
          for (const side of ["buggy", "right"] as const)
            for (const measure of exhibit.scenes[scene].measures) {
              const [mean] = record.exhibits[name][scene][side][measure]!;
              const value = now[side][measure]!;
              const tolerance = measures[measure].share ? 0.06 : 0.25 * Math.abs(mean ?? 0) + 1e-4;
              assert.ok(
                Math.abs(value - mean!) < tolerance,
                `${scene}, ${side}, ${measure}: ${value}, recorded ${mean}`
              );
            }
        }
      });
    });
  }

  it("states on the page no number of an exhibit that is not recorded", () => {
    const named = [...page.matchAll(/\$\{(buggy|right)\("(\w+)", "(\w+)", "(\w+)"\)\}/g)];
    assert.ok(named.length > 40, `${named.length} numbers`);
    for (const [text, side, name, scene, measure] of named)
      assert.ok(
        record.exhibits[name]?.[scene as SceneName]?.[side as "buggy" | "right"]?.[measure as MeasureName],
        `${text} is not recorded`
      );
    assert.equal(named.length, [...page.matchAll(/\$\{(buggy|right)\(/g)].length);
  });

  it("links each public project to an address on GitHub that its text names", () => {
    const links = [...page.matchAll(/\[([\w.-]+\/[\w.-]+)#(\d+)\]\((\S+?)\)/g)];
    assert.ok(links.length >= 10, `${links.length} threads`);
    for (const [, project, number, address] of links)
      assert.match(address, new RegExp(`^https://github\\.com/${project}/(issues|pull)/${number}$`));
  });
});

describe("an exhibit’s run", () => {
  it("says what a cell has to return when it returns something else", async () => {
    const world = makeWorld(exhibits[0].scenes.shows, {count: 5});
    await assert.rejects(runStep((() => undefined) as never, world), /the step returned no number/);
    await assert.rejects(runLoop((async () => undefined) as never, world), /hand on 10 numbers/);
    await assert.rejects(exhibits[0].run(3 as never, world), /defines no function/);
  });

  it("ends a loop that asks the network for ever", async () => {
    const endless: LoopCode = async ({x, predictNoise}) => {
      for (;;) x = await predictNoise(x, 1);
    };
    await assert.rejects(runLoop(endless, makeWorld(exhibits[0].scenes.shows, {count: 1})), /does the loop end/);
    await assert.rejects(rehearse(endless, {points: 1}), /does the loop end/);
  });

  it("starts every scene from the same noise, and draws the fresh noise from another seed", () => {
    const worlds = exhibits.map(({scenes}) => makeWorld(scenes.shows, {count: 10}));
    for (const {xT} of worlds) assert.deepEqual(xT, worlds[0].xT);
    assert.notEqual(makeWorld(exhibits[0].scenes.shows, {noise: 2}).seed, worlds[0].seed);
  });

  it("ends a rehearsal on one point exactly there", async () => {
    const fix = (await errataFunction(fences.get("stride")!.fix)) as unknown as LoopCode;
    const {end, told, times} = await rehearse(fix, {data: onePoint, steps: 3});
    assert.ok(Math.hypot(end[0] - 2, end[1] - 1) < 1e-9, `${end[0]}, ${end[1]}`);
    assert.deepEqual(told, times);
  });
});

describe("half", () => {
  it("rounds as float16 does, halves to even, with its largest and its smallest numbers", () => {
    const cases = [
      [0.9999, 1],
      [0.99, 0.990234375],
      [1 + 2 ** -11, 1],
      [1 + 3 * 2 ** -11, 1 + 2 ** -9],
      [4.036e-5, 677 * 2 ** -24],
      [65504, 65504],
      [70000, Infinity],
      [-0.3333, -0.333251953125],
      [0, 0]
    ];
    for (const [value, rounded] of cases) assert.equal(half(value), rounded, String(value));
  });
});

describe("spreadOf", () => {
  it("gives the mean and the standard deviation over n − 1, and null where there is no number", () => {
    assert.deepEqual(spreadOf([{largest: 1}, {largest: 3}]), {largest: [2, 1.414]});
    assert.deepEqual(spreadOf([{largest: NaN}, {largest: 3}]), {largest: [null, null]});
  });
});

// Rotations from one CA to another on sidecars that run: certificates and roots are replaced while calls are made.
import { Issuer, type IssuedRotation } from './issuing';
import { rotate, NAMESPACE, type Rotated, type RotationRun, type TlsVersion, WORKLOADS } from './rotated';
import { RotatingCas, STARTS } from './rotating-cas';
import { add } from '../connections/tally';
import type { Counts } from '../connections/verdicts';
import { MeshRunner } from '../data-plane/runner';
import { Random } from '../generators/yaml/random';
import { ENVOY_VERSION } from '../node/envoy';
import { inOrder } from '../node/in-order';
import { istioVersion } from '../node/module-version';
import { Openssl } from '../node/openssl';
import type { PartOptions, PartResult } from '../part';

/** What a run found. */
export interface RotationFacts {
  readonly istio: string;
  readonly envoy: string;
  readonly seed: number;
  readonly sidecars: number;
  readonly rotations: RotationRun[];
  /** Rotations in which something was wrong, and not when they were carried out again. */
  unsteady: number;
  readonly rotationsWithoutReport: Counts;
}

/** At most one rotation in so many may be without a report, or go wrong only once. */
const MOST_LOST = 3;

/** How many are in work at a time. */
const IN_FLIGHT = 3;

/** @param count how many rotations, from one start after the other */
export async function rotations({ seed, count = 9, print }: PartOptions): Promise<PartResult<RotationFacts>> {
  const facts: RotationFacts = {
    istio: istioVersion(), envoy: ENVOY_VERSION, seed, sidecars: WORKLOADS.length, rotations: [], unsteady: 0, rotationsWithoutReport: {},
  };
  const issued = await issuedRotations(count);
  const runner = new MeshRunner();
  let failed = 0;
  try {
    const all = Array.from({ length: count }, (_, index) => index);
    const attempt = (index: number) => attempted(runner, issued[index % issued.length], new Random(seed, index), tlsOf(index));
    for await (const [index, first] of inOrder(all, attempt, IN_FLIGHT)) {
      const { start } = issued[index % issued.length];
      const again = first.problems.length > 0 ? await attempt(index) : first;
      if (again !== first) print(`rotation ${index}, from ${start}, the first time: ${first.problems.join('; ')}`);
      for (const text of again.problems) print(`rotation ${index}, from ${start}: ${text}`);
      if (!again.run) add(facts.rotationsWithoutReport, again.problems[0].split('\n')[0]);
      else if (again.problems.length > 0) failed += 1;
      else if (again !== first) facts.unsteady += 1;
      else facts.rotations.push(again.run);
      if (again.run) print(summary(again.run));
    }
  } finally {
    runner.close();
  }
  const lost = facts.unsteady + Object.values(facts.rotationsWithoutReport).reduce((sum, number) => sum + number, 0);
  // What goes over a stage must break, or nothing here would show that it does.
  const harmless = facts.rotations.flatMap(({ start, jumps }) => jumps.filter((jump) => jump.failed === 0).map(({ from, to }) => `${start}, ${from} to ${to}: no call fails`));
  for (const text of harmless) print(text);
  return { passed: facts.rotations.length, failed: failed + harmless.length + (MOST_LOST * lost > count ? lost : 0), facts };
}

/** What istiods sign for the first starts, one set of CAs for all rotations. */
async function issuedRotations(count: number): Promise<readonly IssuedRotation[]> {
  const openssl = new Openssl();
  try {
    const issuer = await Issuer.start(openssl, NAMESPACE, WORKLOADS);
    try {
      const cas = new RotatingCas();
      return await Promise.all(STARTS.slice(0, count).map((start) => issuer.issued(cas, start)));
    } finally {
      await issuer.stop();
    }
  } finally {
    openssl.close();
  }
}

type Attempt = Rotated | { readonly run?: undefined; readonly problems: readonly string[] };

/** From each start the one and then the other. */
function tlsOf(index: number): TlsVersion {
  return Math.floor(index / STARTS.length) % 2 === 0 ? 'TLS 1.3' : 'TLS 1.2';
}

async function attempted(runner: MeshRunner, rotation: IssuedRotation, random: Random, tls: TlsVersion): Promise<Attempt> {
  try {
    return await rotate(runner, rotation, random, { tls });
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : String(error)] };
  }
}

function summary({ start, tls, states, renewals, inStages, meanwhile, kept, jumps }: RotationRun): string {
  const [calls, failed] = [inStages.calls + meanwhile.calls, inStages.failed + meanwhile.failed];
  const over = jumps.reduce((sum, jump) => ({ calls: sum.calls + jump.calls, failed: sum.failed + jump.failed }), { calls: 0, failed: 0 });
  return `from ${start}, ${tls}: ${states.length} states, ${renewals} renewals, ${failed} of ${calls} calls fail, ${kept.lost} of ${kept.connections} `
    + `connections are lost; over a stage ${over.failed} of ${over.calls} calls fail`;
}

// Holds the referee itself against its fixtures, each of which shows one fact about Istio.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JudgedMesh } from '../manifest';
import { type ConnectionJudge } from '../node/connection-judge';
import type { Counted, Print } from '../part';
import type { MeshVerdict, PortMode, RefereeConnection } from './verdict';

const FIXTURES = join(__dirname, '..', 'fixtures', 'connections');

const LISTS = ['connections', 'unjudged', 'serverModes'] as const;

type Fact = RefereeConnection | PortMode;

interface Fixture extends JudgedMesh {
  readonly expected: Readonly<Partial<Record<typeof LISTS[number], readonly Fact[]>>>;
}

/** Counts the fixtures' facts that the referee gets right, and those that it doesn't. */
export async function checkFixtures(judge: ConnectionJudge, print: Print): Promise<Counted> {
  const checked = await Promise.all(fixtures().map(async (fixture) => check(fixture, await judge.judge(fixture))));
  const differences = checked.flatMap((one) => one.differences);
  const facts = checked.reduce((sum, one) => sum + one.facts, 0);
  differences.forEach((difference) => print(difference));
  print(`the referee: ${checked.length} meshes, ${facts} facts, ${differences.length} differences`);
  return { passed: facts - differences.length, failed: differences.length };
}

function fixtures(): Fixture[] {
  return readdirSync(FIXTURES).sort().flatMap((file) => readFileSync(join(FIXTURES, file), 'utf8').trim().split('\n').map((line) => JSON.parse(line)));
}

/** What is expected must be there, once, word for word; what else the referee says isn't this fixture's fact. */
function check({ id, expected }: Fixture, verdict: MeshVerdict): { readonly differences: readonly string[]; readonly facts: number } {
  const differences: string[] = [];
  let facts = 0;
  const refused = [...verdict.refused, ...verdict.serversRefused ?? []];
  if (verdict.error || refused.length > 0) {
    differences.push(`${id}: ${verdict.error ?? JSON.stringify(refused)}`);
  }
  for (const list of LISTS) {
    for (const fact of expected[list] ?? []) {
      facts += 1;
      const { words, place } = taken(fact);
      const met = [...verdict[list]].map(taken).filter((said) => said.place === place);
      if (met.length !== 1 || met[0].words !== words) {
        differences.push(`${id}: ${list}\n  ${place}\n  expected ${words}, got ${met.map((said) => said.words).join(' and ') || 'nothing'}`);
      }
    }
  }
  return { differences, facts };
}

/** A connection's or a port's verdict, and where it was given. */
function taken(fact: Fact): { readonly place: string; readonly words: string } {
  if ('mode' in fact) {
    const { kind, namespace, name, port, mode } = fact;
    return { place: JSON.stringify({ kind, namespace, name, port }), words: mode };
  }
  const { client, requested, service, server, clientTls, serverMode, outcome } = fact;
  return { place: JSON.stringify({ client, requested, service, server }), words: `${clientTls} ${serverMode} ${outcome}` };
}

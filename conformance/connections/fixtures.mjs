// Holds the referee itself against its fixtures, each of which shows one fact about Istio.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures', 'connections');

/** Counts the fixtures' facts that the referee gets right, and those that it doesn't. */
export async function checkFixtures(judge, print) {
  const checked = await Promise.all(fixtures().map(async (line) => check(JSON.parse(line), await judge.judge(line))));
  const differences = checked.flatMap((one) => one.differences);
  const facts = checked.reduce((sum, one) => sum + one.facts, 0);
  differences.forEach((difference) => print(difference));
  print(`the referee: ${checked.length} meshes, ${facts} facts, ${differences.length} differences`);
  return { passed: facts - differences.length, failed: differences.length };
}

function fixtures() {
  return readdirSync(FIXTURES).sort().flatMap((file) => readFileSync(join(FIXTURES, file), 'utf8').trim().split('\n'));
}

/** What is expected must be there, once, word for word; what else the referee says isn't this fixture's fact. */
function check({ id, expected }, verdict) {
  const differences = [];
  let facts = 0;
  if (verdict.error || verdict.refused.length > 0) {
    differences.push(`${id}: ${verdict.error ?? JSON.stringify(verdict.refused)}`);
  }
  for (const [list, wanted] of Object.entries(expected)) {
    for (const fact of wanted) {
      facts += 1;
      const { words, place } = taken(fact);
      const met = verdict[list].map(taken).filter((said) => said.place === place);
      if (met.length !== 1 || met[0].words !== words) {
        differences.push(`${id}: ${list}\n  ${place}\n  expected ${words}, got ${met.map((said) => said.words).join(' and ') || 'nothing'}`);
      }
    }
  }
  return { differences, facts };
}

/** A connection's or a port's verdict, and where it was given. */
function taken({ client, requested, service, server, clientTls, serverMode, outcome, kind, namespace, name, port, mode }) {
  return {
    place: JSON.stringify(client ? { client, requested, service, server } : { kind, namespace, name, port }),
    words: client ? `${clientTls} ${serverMode} ${outcome}` : mode,
  };
}

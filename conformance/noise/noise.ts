// What `check` says of Istio's own samples, against the argued table of docs/noise.md: a finding that isn't there is noise
// until somebody says why it should be told.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../src/findings/finding';
import { libraryModule } from '../library';
import { scenariosIn } from './scenarios';

const PAGE = join(__dirname, '../../docs/noise.md');

/** What is told of one code and severity: how often in each column, and the first findings. */
interface Row {
  readonly counts: number[];
  readonly examples: string[];
}

/** How many rows of the table differ from what is found; each is told, with the first findings of it. */
export function noiseIn(istio: string): number {
  const scenarios = scenariosIn(istio);
  const recorded = recordedRows();
  const found = new Map<string, Row>();
  for (const [column, { runs }] of scenarios.entries()) {
    for (const run of runs) for (const finding of findingsOf(run.objects)) add(found, finding, column, scenarios.length, run.name);
  }
  const keys = [...new Set([...recorded.keys(), ...found.keys()])].sort();
  const differing = keys.filter((key) => recorded.get(key) !== rowOf(found.get(key), scenarios.length));
  for (const key of differing) {
    console.log(`docs/noise.md: expected | ${key} | ${recorded.get(key) ?? 'no such row'} |, found | ${key} | ${rowOf(found.get(key), scenarios.length)} |`);
    for (const example of found.get(key)?.examples ?? []) console.log(`  ${example}`);
  }
  return differing.length;
}

/** Admission's objections and the analysis' findings, each thing told once, as the command does. */
function findingsOf(objects: readonly object[]): Finding[] {
  const { admit } = libraryModule('admission/admission');
  const { analyze } = libraryModule('analysis/analysis');
  const { duplicatesOf } = libraryModule('analysis/judgement');
  const { readYaml } = libraryModule('manifests/yaml/read-yaml');
  const { Mesh } = libraryModule('mesh/mesh');
  const analysis = analyze(Mesh.of(objects, { parseYaml: readYaml, injectedNamespaces: ['default'] }));
  const isDuplicate = duplicatesOf(analysis);
  return [...objects.flatMap((object) => admit(object).filter(({ code }) => !isDuplicate(object, code))), ...analysis.findings];
}

function add(found: Map<string, Row>, { code, severity, actual, because }: Finding, column: number, columns: number, run: string): void {
  const key = `${code} | ${severity}`;
  const row: Row = found.get(key) ?? { counts: new Array<number>(columns).fill(0), examples: [] };
  row.counts[column] += 1;
  if (row.examples.length < 3) row.examples.push(`${run}: ${actual}; ${because}`);
  found.set(key, row);
}

function rowOf(row: Row | undefined, columns: number): string {
  return (row?.counts ?? new Array(columns).fill(0)).join(' | ');
}

function recordedRows(): Map<string, string> {
  const rows = [...readFileSync(PAGE, 'utf8').matchAll(/^\| ((?:ADMIT|MTLS)\d+ \| \w+) \| (\d+(?: \| \d+)*) \|/gm)];
  return new Map(rows.map(([, key, counts]) => [key, counts] as const));
}

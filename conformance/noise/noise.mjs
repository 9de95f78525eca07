// What `check` says of Istio's own samples, against the argued table of docs/noise.md: a finding that isn't there is noise
// until somebody says why it should be told.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { scenariosIn } from './scenarios.mjs';

const require = createRequire(import.meta.url);
const PAGE = new URL('../../docs/noise.md', import.meta.url);

/** How many rows of the table differ from what is found; each is told, with the first findings of it. */
export function noiseIn(istio) {
  const scenarios = scenariosIn(istio);
  const headings = Object.keys(scenarios);
  const recorded = recordedRows();
  const found = new Map();
  for (const [column, heading] of headings.entries()) {
    for (const run of scenarios[heading]) for (const finding of findingsOf(run.objects)) add(found, finding, column, headings.length, run.name);
  }
  const differing = [...new Set([...recorded.keys(), ...found.keys()])].sort().filter((key) => recorded.get(key) !== rowOf(found.get(key), headings.length));
  for (const key of differing) {
    console.log(`docs/noise.md: expected | ${key} | ${recorded.get(key) ?? 'no such row'} |, found | ${key} | ${rowOf(found.get(key), headings.length)} |`);
    for (const example of found.get(key)?.examples ?? []) console.log(`  ${example}`);
  }
  return differing.length;
}

/** Admission's objections and the analysis' findings, each thing told once, as the command does. */
function findingsOf(objects) {
  const { admit } = require('../../lib/src/admission/admission.js');
  const { analyze } = require('../../lib/src/analysis/analysis.js');
  const { duplicatesOf } = require('../../lib/src/analysis/judgement.js');
  const { readYaml } = require('../../lib/src/manifests/yaml/read-yaml.js');
  const { Mesh } = require('../../lib/src/mesh/mesh.js');
  const analysis = analyze(Mesh.of(objects, { parseYaml: readYaml, injectedNamespaces: ['default'] }));
  const isDuplicate = duplicatesOf(analysis);
  return [...objects.flatMap((object) => admit(object).filter(({ code }) => !isDuplicate(object, code))), ...analysis.findings];
}

function add(found, { code, severity, actual, because }, column, columns, run) {
  const key = `${code} | ${severity}`;
  const row = found.get(key) ?? { counts: new Array(columns).fill(0), examples: [] };
  row.counts[column] += 1;
  if (row.examples.length < 3) row.examples.push(`${run}: ${actual}; ${because}`);
  found.set(key, row);
}

function rowOf(row, columns) {
  return (row?.counts ?? new Array(columns).fill(0)).join(' | ');
}

function recordedRows() {
  const rows = [...readFileSync(PAGE, 'utf8').matchAll(/^\| ((?:ADMIT|MTLS)\d+ \| \w+) \| (\d+(?: \| \d+)*) \|/gm)];
  return new Map(rows.map(([, key, counts]) => [key, counts]));
}

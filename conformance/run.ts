// The conformance suite, the only thing here that needs Go:
//   npm run conformance -- [PART]… [--meshes N] [--plans N] [--rotations N] [--objects N] [--fixes N] [--texts N] [--cas N] [--seed S|random] [--record]
// Without parts all run; parts.ts lists them. Without a seed each part has its own of exploration/seeds.json, so that CI repeats
// what was run before the commit; `random` draws another. --record keeps the facts of parts without failures in recorded/, and makes
// docs/conformance.md.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { documentFile, documentOf, readFacts, writeFacts } from './document';
import { RefereeUnavailable } from './node/go-binary';
import { main } from './node/main';
import { istioVersion } from './node/module-version';
import { isPartName, PART_NAMES } from './part';
import { PARTS } from './parts';
import { seedOf } from '../exploration/seed';
import { isSuiteName } from '../exploration/suites';

/** Of a part in which nothing is random. */
const NO_SEED = 0;

const OPTIONS = {
  meshes: { type: 'string' }, plans: { type: 'string' }, rotations: { type: 'string' }, objects: { type: 'string' }, fixes: { type: 'string' }, texts: { type: 'string' }, cas: { type: 'string' },
  seed: { type: 'string' }, record: { type: 'boolean', default: false },
} as const;

void main(async () => {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const unknown = positionals.filter((name) => !isPartName(name));
  if (unknown.length > 0) throw new Error(`no part '${unknown.join("', '")}'; expected ${PART_NAMES.join(', ')}`);
  const names = positionals.length > 0 ? positionals.filter(isPartName) : PART_NAMES;
  console.log(`istio.io/istio ${istioVersion()}`);
  const total = { passed: 0, failed: 0 };
  for (const name of names) {
    const { run, counted, count, missing } = PARTS[name];
    const lacking = missing?.();
    if (lacking && positionals.includes(name)) throw new RefereeUnavailable(`the part ${name} can't run here: ${lacking}`);
    if (lacking) {
      console.log(`--- ${name}: not run: ${lacking}`);
      continue;
    }
    const seed = isSuiteName(name) ? seedOf(name, values.seed) : NO_SEED;
    console.log(seed === NO_SEED ? `--- ${name}` : `--- ${name}: seed ${seed}`);
    const asked = counted && number(counted, values[counted]);
    const { passed, failed, facts } = await run({ seed, count: asked ?? count, print: console.log });
    console.log(`${name}: ${passed} passed, ${failed} failed`);
    total.passed += passed;
    total.failed += failed;
    if (values.record && failed === 0) writeFacts(name, facts);
  }
  if (values.record) writeFileSync(documentFile, documentOf(readFacts()));
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
});

function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new Error(`--${name} is '${text}'; expected a whole number`);
  return Number(text);
}

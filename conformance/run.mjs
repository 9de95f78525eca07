// The conformance suite, the only thing here that needs Go:
//   npm run conformance -- [PART]… [--meshes N] [--objects N] [--fixes N] [--texts N] [--seed S|random] [--record]
// Without parts all run; parts.mjs lists them. Without a seed the tree gives it, so that CI repeats what was run before
// the commit; `random` explores. --record keeps the facts of parts without failures in recorded/, and makes
// docs/conformance.md.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { documentFile, documentOf, readFacts, writeFacts } from './document.mjs';
import { istioVersion } from './node/module-version.mjs';
import { main } from './node/main.mjs';
import { PARTS } from './parts.mjs';
import { seedOf } from '../tools/seed.mjs';

const OPTIONS = { meshes: { type: 'string' }, objects: { type: 'string' }, fixes: { type: 'string' }, texts: { type: 'string' }, seed: { type: 'string' }, record: { type: 'boolean', default: false } };

await main(async () => {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const names = positionals.length > 0 ? positionals : Object.keys(PARTS);
  const unknown = names.filter((name) => !(name in PARTS));
  if (unknown.length > 0) throw new Error(`no part '${unknown.join("', '")}'; expected ${Object.keys(PARTS).join(', ')}`);
  const seed = seedOf(values.seed);
  console.log(`istio.io/istio ${istioVersion()}`);
  const total = { passed: 0, failed: 0 };
  for (const name of names) {
    const { load, counted, count } = PARTS[name];
    console.log(`--- ${name}: seed ${seed}`);
    const part = await load();
    const { passed, failed, facts } = await part[name]({ seed, count: number(counted, values[counted]) ?? count, print: console.log });
    console.log(`${name}: ${passed} passed, ${failed} failed`);
    total.passed += passed;
    total.failed += failed;
    if (values.record && failed === 0) writeFacts(name, facts);
  }
  if (values.record) writeFileSync(documentFile, await documentOf(readFacts()));
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
});

function number(name, text) {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new Error(`--${name} is '${text}'; expected a whole number`);
  return Number(text);
}

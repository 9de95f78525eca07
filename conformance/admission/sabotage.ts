// Sees that the suite catches mistakes: each of these is made in a copy of the compiled library, which is then held
// against the cluster's verdicts on the same objects.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIB } from '../library';
import type { ClusterVerdict } from './cluster';
import { difference } from './compare';
import { admissionOf, refusalsOf, type Admit } from './library';
import type { WebhookFields } from './webhook-fields';

/** What is broken, in which file of lib/src/admission, and how: the text there and what takes its place. */
export const SABOTAGES: readonly (readonly [name: string, file: string, text: string, replacement: string])[] = [
  ['a wrong word of an enum passes', 'structure/constraints.js', 'if (!words || words.includes(value))', 'if (true)'],
  ['a required field may be missing', 'structure/structure.js', 'if (!Object.hasOwn(object, key))', 'if (false)'],
  ['numbers of 64 bits fit into 32', 'structure/constraints.js', 'maximum: 2 ** 31 - 1', 'maximum: 2 ** 63'],
  ['null is a value', 'structure/structure.js', '(value === null && !schemaOfValue.nullable)', 'false'],
  ['rules in CEL run on what the schema refuses', 'admission.js', '!BEFORE_CEL.some((code) => codes.has(code))', 'true'],
  ['rules in CEL hold', 'cel/cel.js', 'return program(self) === true ? undefined : \'\';', 'return undefined;'],
  ['an unknown field is told of its object', 'structure/structure.js', 'this.refuseField(at.at(key), value, schema)', 'this.refuseField(at.at(\'here\'), value, schema)'],
  ['any name passes', 'metadata/kubernetes-names.js', 'name.length <= 253 && DNS_SUBDOMAIN.test(name)', 'true'],
  ['any label passes', 'metadata/kubernetes-names.js', 'value === \'\' || (value.length <= 63 && NAME_PART.test(value))', 'true'],
  ['any percentage passes', 'webhook/values/numbers.js', 'percent < 0 || percent > 100', 'false'],
  ['a subset\'s policy isn\'t looked at', 'webhook/destination-rule/destination-rule.js', 'judgeTrafficPolicy(place.at(\'trafficPolicy\')', '(() => {})(place.at(\'trafficPolicy\')'],
  ['what the webhook says is told of another field', 'objection.js', 'this.add({ ...text, severity: \'error\', field: this.field })', 'this.add({ ...text, severity: \'error\', field: [\'spec\', \'elsewhere\'] })'],
  ['the webhook isn\'t asked', 'admission.js', 'if (judgeByCrd(at, kind, object))', 'if (judgeByCrd(at, kind, object) && false)'],
];

/** Objects with the cluster's verdicts. */
export type Judged = readonly (readonly [object: unknown, verdict: ClusterVerdict])[];

/**
 * How many of the objects show each mistake.
 * @param enough to stop counting at
 */
export async function caughtSabotages(judged: Judged, webhookFields: WebhookFields, enough = 5): Promise<Record<string, number>> {
  const sound = admissionOf();
  const caught: Record<string, number> = {};
  for (const [name, ...patch] of SABOTAGES) {
    const folder = brokenLibrary(name, ...patch);
    try {
      caught[name] = await countCaught(admissionOf(join(folder, 'lib')), sound, judged, webhookFields, enough);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return caught;
}

async function countCaught(broken: Admit, sound: Admit, judged: Judged, webhookFields: WebhookFields, enough: number): Promise<number> {
  let caught = 0;
  for (const [object, verdict] of judged) {
    const said = saidBy(broken, object);
    const changed = said !== saidBy(sound, object);
    if (changed && (said === CRASHED || await difference(broken, object, verdict, webhookFields))) caught += 1;
    if (caught >= enough) break;
  }
  return caught;
}

const CRASHED = 'crashed';

function saidBy(admit: Admit, object: unknown): string {
  try {
    return JSON.stringify(refusalsOf(admit, object));
  } catch {
    return CRASHED;
  }
}

function brokenLibrary(name: string, file: string, text: string, replacement: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sabotage-'));
  cpSync(LIB, join(folder, 'lib'), { recursive: true });
  symlinkSync(join(LIB, '..', 'node_modules'), join(folder, 'node_modules'));
  const path = join(folder, 'lib', 'src', 'admission', file);
  const source = readFileSync(path, 'utf8');
  if (source.split(text).length !== 2) throw new Error(`${file} of lib/ doesn't hold '${text}' once; expected it, to break it: ${name}`);
  writeFileSync(path, source.replace(text, () => replacement));
  return folder;
}

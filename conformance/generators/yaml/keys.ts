// Keys of mappings, as they stand before the colon.
import { WORDS } from './scalars';
import { type Choice, type Writing } from './writing';

const NAMES = ['apiVersion', 'name', 'mode', 'host', 'port', 'number', 'labels', 'app', 'version', 'mtls', 'spec', 'rules', 'from', 'to', 'hosts', 'http', 'route', 'tls', 'selector', 'matchLabels', 'ports', 'protocol', 'weight', 'replicas', 'template', 'containers', 'image', 'env', 'value', 'data', 'type'];

const KEYS: readonly Choice[] = [
  [50, undefined, ({ random }) => random.pick(NAMES)],
  [4, 'a key with spaces or dots', ({ random }) => random.pick(['istio.io/rev', 'sidecar.istio.io/inject', 'a b', 'app.kubernetes.io/name', 'mesh.yaml', 'a-b', 'a_b', '.dot', '/path', 'a:b', '$ref'])],
  [5, 'a quoted key', ({ random }) => random.pick(['"a"', '\'b\'', '"8080"', '"a b"', '\'true\'', '"~"', '"a: b"', '"#"', '"<<"', '"\\u0061"'])],
  [3, 'a number as key', ({ random }) => random.pick(['8080', '443', '1', '0', '0x10', '010', '1_000', '-1'])],
  [0.5, 'a float as key', ({ random }) => random.pick(['1.5', '0.1', '1e3', '1.10', '3.0', '1e21', '.5', '16777217.0', '0.30000001'])],
  [1, 'a boolean as key', ({ random }) => random.pick(['true', 'y', 'on', 'no', 'off', 'yes', 'FALSE', 'N'])],
  [0.2, 'null as key', ({ random }) => random.pick(['null', '~', 'Null'])],
  [0.4, 'an empty key', ({ random }) => random.pick(['""', '\'\'', '"" '])],
  [0.3, 'a long key', ({ random }) => random.pick(['k', '"', '\''].map((quote) => [quote, quote === 'k' ? '' : quote])).join('k'.repeat(random.pick([1000, 1020, 1021, 1022, 1023, 1024, 1025, 1030, 2000])))],
  [0.6, 'a key of Object.prototype', ({ random }) => random.pick(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '"__proto__"'])],
  [0.3, 'an alias as key', (writing) => (writing.anchors.length > 0 ? `*${writing.random.pick(writing.anchors).name} ` : 'alias')],
  [0.5, 'letters that aren\'t ASCII', ({ random }) => random.pick(['é', '日本', 'schlüssel'])],
];

/** A key that none of `taken` is, unless one shall stand twice. */
export function newKey(writing: Writing, taken: Set<string>): string {
  const key = writing.choose(KEYS);
  const plain = key.trim().replace(/^(["'])(.*)\1$/, '$2');
  if (taken.has(plain) && !writing.sometimes(0.1, 'a key that stands twice')) return newName(writing, taken);
  taken.add(plain);
  return key;
}

function newName({ random }: Writing, taken: Set<string>): string {
  for (let number = random.below(10); ; number += 1) {
    const name = `${random.pick(WORDS.filter((word) => /^[a-z]+$/.test(word)))}${number}`;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}

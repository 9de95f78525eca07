// A private key in groups that are too short to look like a key: no verb shows it in any format.
import { createHash } from 'node:crypto';
import { SOUND } from './meshes';
import { command } from '../support/command/command';
import { folderWith, removeFolders } from '../support/command/scratch';

afterAll(removeFolders);

/** Bytes as random as a key\'s, but the same in each run. */
const BODY = Buffer.concat(Array.from({ length: 12 }, (_, index) => createHash('sha512').update(`key ${index}`).digest())).toString('base64').replace(/=*$/, '');

/** More characters than may be shown in a row. */
const LONGEST = 24;

const groups = (size: number, separator: string) => BODY.match(new RegExp(`.{1,${size}}`, 'g'))!.join(separator);

/** A part of the key that the text shows, ignoring separators. */
function shown(text: string): string | undefined {
  const letters = text.replace(/… \(\d+ characters not shown\)/g, '').replace(/\\[nrt]/g, '').replace(/[^A-Za-z0-9+/]/g, '');
  return Array.from({ length: BODY.length - LONGEST }, (_, start) => BODY.slice(start, start + LONGEST)).find((part) => letters.includes(part));
}

const policy = (spec: string) => `${SOUND}---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: other, namespace: shop}\nspec:\n${spec}\n`;
const rule = (spec: string) => `${SOUND}---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: other, namespace: shop}\nspec:\n  host: ratings\n${spec}\n`;

const MANIFESTS: readonly (readonly [string, string])[] = [
  ...[1, 4, 7, 8, 11, 12, 16, 30].map((size) => [`in groups of ${size}`, policy(`  mtls: {mode: "${groups(size, ' ')}"}`)] as const),
  ['in a list', policy(`  mtls: {mode: ["${groups(12, '", "')}"]}`)],
  ['in the items of a list', rule(`  exportTo:\n  - ${groups(20, '\n  - ')}`)],
  ['in folded lines', rule(`  trafficPolicy:\n    tls:\n      mode: >-\n        ${groups(10, '\n        ')}`)],
  ['in names of fields', policy(`  mtls: {"${groups(8, ' ')}": x}`)],
  ['in the name of a host', rule('').replace('host: ratings', `host: "${groups(9, '.')}"`)],
  ['in an annotation', SOUND.replace('app: web', `app: web\n      annotations: {sidecar.istio.io/inject: "${groups(6, ' ')}"}`)],
  ['in the name of a port', SOUND.replace('name: http', `name: "http-${groups(5, '-')}"`)],
  ['in a document that can\'t be read', `${SOUND}---\nkind: A\nx: "${groups(8, ' ')}" "\n`],
];

const VERBS = [
  ...['text', 'json', 'sarif', 'junit', 'github'].flatMap((format) => [['check', '-o', format, 'new'], ['validate', '-o', format, 'new']]),
  ...['table', 'json', 'csv'].map((format) => ['connections', '-o', format, 'new']),
  ...['text', 'json', 'markdown', 'github'].map((format) => ['diff', '-o', format, 'old', 'new']),
  ...['text', 'json', 'markdown'].map((format) => ['plan', '-o', format, 'old', 'new']),
  ...['text', 'json'].map((format) => ['explain', '-o', format, 'shop/web', 'shop/ratings:9080', 'new']),
  ['runbook', 'new'], ['adopt', 'new'],
];

test.each(MANIFESTS)('no verb shows a key that is %s', async (_, manifest) => {
  const cwd = folderWith({ 'old/mesh.yaml': SOUND, 'new/mesh.yaml': manifest });
  const leaks: string[] = [];
  for (const args of VERBS) {
    const { out, error } = await command(args, { cwd });
    const leak = shown(out + error);
    if (leak !== undefined) leaks.push(`${args.join(' ')}: ${leak}`);
  }
  expect(leaks).toEqual([]);
});

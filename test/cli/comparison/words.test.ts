import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { SOUND } from '../meshes';

afterAll(removeFolders);

/** A client without a sidecar. */
const CLIENT = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: new, namespace: shop}\n'
  + 'spec: {template: {metadata: {labels: {app: new, sidecar.istio.io/inject: "false"}}}}\n';

const diff = (before: string, after: string, ...options: string[]) => (
  command(['diff', 'old', 'new', ...options], { cwd: folderWith({ 'old/mesh.yaml': before, 'new/mesh.yaml': after }) }));

test('neither a comment nor annotations call a change harmless of which an object would be rejected', async () => {
  const { out } = await diff(SOUND, SOUND.replace('    mode: STRICT', '    mode: STRIKT'), '-o', 'markdown');
  expect(out).toMatch(/^### istio-mtls diff: ❌ new-refused: 1 object would be rejected, and not before the change\n/);
  const { out: annotations } = await diff(SOUND, SOUND.replace('    mode: STRICT', '    mode: STRIKT'), '-o', 'github');
  expect(annotations).toMatch(/^::warning title=istio-mtls::1 object after the change would be rejected/m);
});

test('connections of removed clients, calls and servers are counted as such, and what is to be stated is named', async () => {
  const { out } = await diff(`${SOUND}---\n${CLIENT}`, SOUND);
  expect(out).toContain('\nRemoved with clients, calls or servers that are gone: 1 broken.\n');
  const [, ...rest] = SOUND.split('---\n');
  const open = rest.filter((text) => !text.includes('kind: PeerAuthentication')).join('---\n');
  expect((await diff(open, open)).out).toMatch(/\nNeither state shows whether shop has sidecars\.\nTo state it: /);
});

test('connections that are newly undecided are counted with their condition', async () => {
  const [, ...rest] = SOUND.split('---\n');
  const open = rest.filter((text) => !text.includes('kind: PeerAuthentication')).join('---\n');
  const { out } = await diff(open, open.replace(/(kind: Service\n[^]*?selector:\s+app: )ratings/, '$1ratingz'));
  expect(out).toContain('is undecided: nothing in the manifests serves the port');
  expect(out).toContain('--fail-on unknown-effect: 1 connection newly undecided, '
    + '1 connection newly undecided if shop has sidecars, 1 connection newly undecided if shop has none\n');
});

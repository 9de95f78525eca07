// The commands of docs/custom-ca.md that need no cluster are run as they are written; those of kubectl and istioctl by the part
// `cas` of the conformance suite.
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { promisify } from 'node:util';
import { certificate, CLIENT_AUTH, SERVER_AUTH } from '../../support/certificates/x509';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';

afterAll(removeFolders);

const PAGE = readFileSync(join(__dirname, '../../../docs/custom-ca.md'), 'utf8');
const COMMANDS = [...PAGE.matchAll(/^```\n([^`]*?)^```$/gm)].flatMap(([, text]) => text.trimEnd().split('\n'));

/** On the day of the tests they have begun, and last for 333 days. */
const VALID = { notBefore: new Date('2025-12-01T00:00:00Z'), notAfter: new Date('2026-12-01T00:00:00Z') };
const root = certificate({ commonName: 'root', ca: true, keyUsage: [5, 6], ...VALID });
const intermediate = certificate({ commonName: 'istiod-ca', issuer: root, ca: true, keyUsage: [5, 6], ...VALID });

const only = (beginning: string): string => {
  const found = COMMANDS.filter((line) => line.startsWith(beginning));
  expect(found).toHaveLength(1);
  return found[0];
};

test('openssl s_client prints the certificates that a server sends', async () => {
  if (spawnSync('openssl', ['version']).status !== 0) return;
  const { pem, keyPem } = certificate({
    commonName: '', issuer: intermediate, ca: false, extendedKeyUsage: [SERVER_AUTH, CLIENT_AUTH], names: [{ uri: 'spiffe://cluster.local/ns/shop/sa/ratings' }], ...VALID,
  });
  const server = createServer({ cert: pem + intermediate.pem + root.pem, key: keyPem, ALPNProtocols: ['istio'] });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const [openssl, inspect] = only('openssl s_client').replace('ratings.shop:9080', `127.0.0.1:${(server.address() as AddressInfo).port}`).split(' | ');
    const { stdout } = await promisify(execFile)('sh', ['-c', openssl]);
    expect(inspect).toMatch(/^istio-mtls /);
    const { out, exitCode } = await command(inspect.split(' ').slice(1), { input: stdout });
    expect(out).toContain('names     spiffe://cluster.local/ns/shop/sa/ratings');
    expect(out).toContain('CN=istiod-ca');
    expect(exitCode).toBe(0);
  } finally {
    server.close();
  }
});

test('inspects a CA in a folder as the page shows', async () => {
  const cwd = folderWith({
    'ca/ca-cert.pem': intermediate.pem, 'ca/ca-key.pem': intermediate.keyPem, 'ca/root-cert.pem': root.pem, 'ca/cert-chain.pem': intermediate.pem + root.pem,
  });
  const words = only('istio-mtls ca inspect').split(' ').slice(1);
  expect((await command(words, { cwd })).exitCode).toBe(1);
  expect((await command(words.map((word) => (word === '365' ? '300' : word)), { cwd })).exitCode).toBe(0);
});

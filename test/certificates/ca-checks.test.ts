// CAs made at random, most of them broken in one way, are judged as they were made.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgeCa, HORIZON_DAYS } from '../../src/certificates/ca-checks';
import { caFilesOf } from '../../src/certificates/ca-files';
import { bodyOf, shows } from '../support/certificates/leaks';
import { casesOf } from '../support/random/cases';
import { Random } from '../support/random/random';
import { BREAKS, RandomCa, randomCas } from '../support/random/random-cas';

const { seed, count } = casesOf('certificates');

/** Each way to break one has its turn. */
const cas = randomCas(count(BREAKS.length + 6), new Random(seed));

const faultsOf = (files: Readonly<Record<string, string>>) => judgeCa(caFilesOf(new Map(Object.entries(files)))!, {
  now: new Date(), horizonDays: HORIZON_DAYS, trustDomain: 'cluster.local', istiodNamespace: 'istio-system',
});

describe('CAs made at random', () => {
  const judged = cas.map((ca) => ({ ca, faults: faultsOf(ca.files) }));

  test('finds no faults in valid CAs', () => {
    expect(judged.filter(({ ca }) => !ca.broken).flatMap(({ faults }) => faults)).toEqual([]);
  });

  test('finds the fault of each broken CA, with its consequence', () => {
    const missed = judged.filter(({ ca: { broken }, faults }) =>
      broken && !faults.some(({ code, consequence }) => code === broken.code && consequence === broken.consequence));
    expect(missed.map(({ ca: { broken }, faults }) => [broken!.name, faults])).toEqual([]);
  });

  test('reports no worse consequence than the actual one', () => {
    const worse = judged.filter(({ ca: { broken }, faults }) => broken && broken.consequence !== 'refused' && faults.some(({ consequence }) => consequence === 'refused'));
    expect(worse.map(({ ca: { broken }, faults }) => [broken!.name, faults])).toEqual([]);
  });

  test('faults contain no private key', () => {
    expect(judged.filter(({ ca, faults }) => shows(JSON.stringify(faults), bodyOf(ca.files['ca-key.pem']))).map(({ ca }) => ca.broken?.name)).toEqual([]);
  });

  test('openssl rejects exactly the workload certificates that are reported as rejected', () => {
    if (spawnSync('openssl', ['version']).status !== 0) return;
    const folder = mkdtempSync(join(tmpdir(), 'cas-'));
    try {
      const wrong = judged.filter(({ ca: { broken } }) => broken === undefined || broken.isRejected !== undefined)
        .map(({ ca }) => ({ name: ca.broken?.name, expected: ca.broken?.isRejected ?? false, said: opensslSays(folder, ca) }))
        .filter(({ expected, said }) => (said !== undefined) !== expected);
      expect(wrong).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('in a TLS Secret', () => {
  // One with an intermediate, whose root isn't in the chain.
  const { files } = randomCas(BREAKS.length + 6, new Random(3)).find(({ broken, files: { 'ca-cert.pem': own, 'cert-chain.pem': chain, 'root-cert.pem': root } }) =>
    !broken && chain !== own && !chain.includes(root))!;
  const tls = (certificate: string) => ({ 'tls.crt': certificate, 'tls.key': files['ca-key.pem'], 'ca.crt': files['root-cert.pem'] });
  const intermediates = files['cert-chain.pem'].replace(files['ca-cert.pem'], '');
  const whole = files['ca-cert.pem'] + intermediates;

  test('the chain is tls.crt and ca.crt, one after the other', () => {
    expect(faultsOf(tls(whole))).toEqual([]);
    expect(caFilesOf(new Map(Object.entries(tls(whole))))!.texts.chain).toBe(whole + files['root-cert.pem']);
  });

  test('a tls.crt without a last line end keeps istiod from starting', () => {
    expect(faultsOf(tls(whole.trimEnd())).map(({ consequence }) => consequence)).toContain('refused');
  });

  test('tls.crt is preferred to the four keys, and incomplete sets are ignored', () => {
    expect(caFilesOf(new Map(Object.entries({ ...files, ...tls(whole) })))!.names).toEqual({ signing: 'tls.crt', key: 'tls.key', root: 'ca.crt', chain: 'tls.crt', crl: 'ca-crl.pem' });
    expect(caFilesOf(new Map(Object.entries({ ...files, 'tls.crt': whole })))).toBeUndefined();
  });
});

/** Why openssl rejects a workload's certificate, as a server's or a client's; undefined if it doesn't. */
function opensslSays(folder: string, { files, leaf, broken }: RandomCa): string | undefined {
  const [root, chain, own, revocations] = ['root.pem', 'chain.pem', 'leaf.pem', 'lists.pem'].map((name) => join(folder, name));
  const lists = files['ca-crl.pem'];
  writeFileSync(revocations, lists ?? '');
  writeFileSync(root, files['root-cert.pem']);
  writeFileSync(chain, files['cert-chain.pem']);
  writeFileSync(own, leaf.pem);
  for (const purpose of broken?.code === 'MTLS710' ? ['sslserver', 'sslclient'] : ['sslserver']) {
    const trust = files['root-cert.pem'] === '' ? [] : ['-CAfile', root];
    const untrusted = files['cert-chain.pem'] === '' ? [] : ['-untrusted', chain];
    const revoked = lists === undefined ? [] : ['-crl_check_all', '-CRLfile', revocations];
    const args = ['verify', '-no-CApath', '-no-CAstore', ...trust, ...untrusted, ...revoked, '-purpose', purpose, own];
    const { status, stderr, stdout } = spawnSync('openssl', args, { encoding: 'utf8' });
    if (status !== 0) return `${stdout}${stderr}`;
  }
  return undefined;
}

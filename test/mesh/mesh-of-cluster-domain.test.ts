// The cluster domain is configurable: the same mesh under another domain is decided the same.
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { Mesh } from '../../src/mesh/mesh';
import { regressions } from '../support/meshes/kept-meshes';
import { destinationRule, deployment, injected, service, tls, virtualService, toHost, words } from '../support/meshes/mesh';

const decided = (objects: unknown[], clusterDomain?: string) =>
  JSON.stringify([...Mesh.of(objects, { parseYaml: readYaml, clusterDomain }).connections()]);
/** As long as cluster.local, since longer wildcards come first. */
const renamed = (text: string) => text.replaceAll('svc.cluster.local', 'svc.another.local');

test.each(regressions)('equals with another cluster domain: $id', ({ objects }) => {
  expect(decided(JSON.parse(renamed(JSON.stringify(objects))), 'another.local')).toBe(renamed(decided(objects)));
});

describe('with another cluster domain', () => {
  const clusterDomain = 'corp.local';
  const base = [injected('shop'), deployment('shop/client'), deployment('shop/web'), service('shop/web'), deployment('shop/other'), service('shop/other')];
  const ask = (...objects: unknown[]) => words([...base, ...objects], 'shop/client', 'web.shop.svc.corp.local', { clusterDomain });

  test.each(['web', 'web.shop.svc.corp.local', '*.shop.svc.corp.local', '*.corp.local'])('a rule for %s applies', (host) => {
    expect(ask(destinationRule('shop/r', { host, ...tls('DISABLE') }))).toEqual(['PLAINTEXT PERMISSIVE plaintext']);
  });

  test.each(['web.shop.svc.cluster.local', '*.cluster.local', 'web.shop'])('a rule for %s doesn\'t apply', (host) => {
    expect(ask(destinationRule('shop/r', { host, ...tls('DISABLE') }))).toEqual(['ISTIO_MUTUAL PERMISSIVE mtls']);
  });

  test.each(['http', 'tcp'])('a route by %s resolves short names', (kind) => {
    const route = virtualService('shop/v', { hosts: ['web'], [kind]: [toHost('other')] });
    expect(ask(route, destinationRule('shop/r', { host: 'other', ...tls('DISABLE') }))).toContain('PLAINTEXT PERMISSIVE plaintext');
  });
});

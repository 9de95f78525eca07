import { judgeServer } from './server';
import { shown } from '../../../findings/safe-text';
import { Objection } from '../../objection';
import { Objections } from '../objections';
import { isDnsLabel } from '../values/dns-label';
import { isHttpProtocol } from '../values/protocol';

/** What istiod has against a Gateway of Istio's own API. */
export function gatewayObjections({ metadata = {}, spec = {} }: any): Objection[] {
  const at = new Objections();
  const converted = metadata.annotations?.['internal.istio.io/gateway-semantics'] === 'gateway';
  if (!converted) judgeName(at.at('metadata'), metadata);
  const servers = at.at('spec', 'servers');
  if (!spec.servers?.length) objectToNoServers(servers, spec.servers);
  (spec.servers ?? []).forEach((server: any, index: number) => judgeServer(servers.at(index), server, converted));
  judgePortNames(servers, spec.servers ?? []);
  return [...at.all];
}

/** Without a name, the one that the API server makes counts: five letters after the first 58 of generateName. */
function judgeName(at: Objections, { name, generateName }: any): void {
  if (name) return judgeLabel(at.at('name'), name, name);
  if (generateName) judgeLabel(at.at('generateName'), generateName, `${generateName.slice(0, 58)}xxxxx`);
}

function judgeLabel(at: Objections, written: string, made: string): void {
  if (isDnsLabel(made)) return;
  at.error({
    code: 'ADMIT476',
    actual: shown(written),
    expected: 'letters, digits and \'-\', at most 63 of them and no dots',
    because: 'the name of a Gateway is one label of a DNS name',
    fix: `write for example '${written.replace(/[^a-zA-Z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 63)}'`,
  });
}

function objectToNoServers(at: Objections, servers: unknown): void {
  at.error({
    code: 'ADMIT477',
    actual: servers ? 'empty' : 'missing',
    expected: 'at least one server',
    because: 'a Gateway without servers opens no port',
    fix: 'add a server with its port and hosts',
  });
}

function judgePortNames(at: Objections, servers: readonly any[]): void {
  const firstByName = new Map<string, number>();
  servers.forEach(({ port = {}, tls }: any, index) => {
    const name = port.name ?? '';
    const first = firstByName.get(name);
    if (first === undefined) {
      firstByName.set(name, index);
    } else {
      at.at(index, 'port', 'name').error({
        code: 'ADMIT479',
        actual: `${shown(port.name)}, as is servers[${first}].port.name`,
        expected: 'a name of its own for each port',
        because: 'the name tells the servers of a Gateway apart',
        fix: `write for example '${port.name}-${index}'`,
      });
    }
    if (tls?.httpsRedirect && !isHttpProtocol(port.protocol ?? '')) warnOfRedirect(at.at(index, 'tls', 'httpsRedirect'), port.protocol);
  });
}

function warnOfRedirect(at: Objections, protocol: string): void {
  at.warning({
    code: 'ADMIT482',
    actual: `true on a port with protocol ${shown(protocol)}`,
    expected: 'a redirect on plain HTTP ports only',
    because: 'only a plain HTTP request can be redirected to HTTPS',
    fix: 'move it to the server with protocol HTTP, or remove it',
  });
}

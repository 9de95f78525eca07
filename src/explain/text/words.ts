import { objectText } from '../../mesh/inventory/object';
import { CallExplanation, ExplainedCall, ExplainedConnection } from '../explanation';
import { Symptom } from '../failures';
import { ClientHandshake, TlsVersion } from '../handshake';
import { ConsideredRule, RuleVerdict } from '../rules';
import { ConsideredPolicy, ExplainedServer } from '../server';

// The wording of an explanation's text; JSON has the facts themselves.

const RESOLVES: Readonly<Record<ExplainedCall['resolves'], string>> = {
  'cluster-ip': 'resolves to one cluster IP for all its servers',
  'headless': 'headless: resolves to the addresses of its pods',
  'addresses': 'resolves to the addresses that the ServiceEntry lists',
  'dns': 'resolves through DNS, which manifests don\'t show',
  'alias': 'an ExternalName: resolves to its target',
};

export function resolutionText({ resolves, host }: ExplainedCall): string {
  return `${host} ${RESOLVES[resolves].startsWith('headless') || RESOLVES[resolves].startsWith('an') ? 'is ' : ''}${RESOLVES[resolves]}`;
}

const PROTOCOLS: Readonly<Record<string, string>> = {
  AUTO: 'protocol not declared: detected for each call', MONGO: 'MongoDB', MYSQL: 'MySQL',
};

export function protocolText(protocol: string): string {
  return PROTOCOLS[protocol] ?? protocol;
}

/** The parts of the client's proxy that handle the call. */
export function outboundTexts({ outbound, hops: [{ clientTls }] }: ExplainedConnection): readonly string[] {
  if (outbound.length === 0) return clientTls === 'UNKNOWN' ? ['unknown: see the outcome'] : ['bypasses any sidecar of the client'];
  return outbound.map(({ kind, listener, route, cluster }) =>
    [`${kind}: listener ${listener}`, ...route === undefined ? [] : [`route ${route}`],
      cluster === undefined ? 'no cluster: the route blocks it' : `cluster ${cluster}`].join(', '));
}

const VERDICTS: Readonly<Record<RuleVerdict, string>> = {
  applies: 'applies',
  merged: 'also applies: its subsets are merged',
  revision: 'doesn\'t apply: the client\'s istiod doesn\'t read it (revision, discoverySelectors)',
  namespace: 'doesn\'t apply: it is outside the client\'s, the service\'s and the root namespace',
  private: 'doesn\'t apply: it isn\'t exported to the client\'s namespace',
  wider: 'doesn\'t apply: another rule has a more specific host',
  later: 'doesn\'t apply: a rule in a namespace that istiod searches earlier applies',
  workloads: 'doesn\'t apply: its workloadSelector selects other workloads',
  superseded: 'doesn\'t apply: another rule for this host applies',
};

/** Rules that apply come first; of the others only a few are shown. */
const SHOWN = 6;

export function ruleTexts({ rules, outbound }: ExplainedConnection): readonly string[] {
  if (rules.length === 0) {
    return outbound.some(({ cluster }) => cluster?.startsWith('outbound|')) ? ['no DestinationRule is for this host'] : [];
  }
  const more = rules.length > SHOWN ? [`and ${rules.length - SHOWN} more that don't apply`] : [];
  return [...rules.slice(0, SHOWN).map(ruleText), ...more];
}

function ruleText({ object, host, verdict }: ConsideredRule): string {
  return `${objectText(object)} (host ${host}) ${VERDICTS[verdict]}`;
}

const SENDS: Readonly<Record<string, string>> = {
  ISTIO_MUTUAL: 'mutual TLS with the mesh\'s certificates',
  MUTUAL: 'mutual TLS with custom certificates',
  SIMPLE: 'TLS without a client certificate',
  UNKNOWN: 'not known',
};

/** What the client's side sends, and what decides it. */
export function sentText({ hops: [{ clientTls }], kinds, tlsBy, tlsRule }: ExplainedConnection): string {
  const sent = clientTls === 'PLAINTEXT'
    ? kinds.length > 0 && kinds.every((kind) => kind === 'tls') ? 'only the application\'s own TLS' : 'plaintext'
    : SENDS[clientTls];
  return tlsBy === 'auto-mtls' ? `${sent}, by auto mTLS`
    : tlsBy === 'rule' && tlsRule ? `${sent}, because of ${objectText(tlsRule)}`
      : sent;
}

export function handshakeTexts({ handshake }: ExplainedConnection): readonly string[] {
  if (!handshake) return [];
  const { sni, alpn, alpnForHttp } = handshake;
  return [
    `SNI ${sni ?? 'of the request'}`,
    ...alpnForHttp ? [
      `ALPN ${alpnForHttp.join(', ')} for HTTP/${alpnForHttp[0].endsWith('h2') ? '2' : '1.1'}; the cluster's own is ${alpn.join(', ')}`,
    ] : alpn.length > 0 ? [`ALPN ${alpn.join(', ')}`] : [],
    `offers ${versionsText(handshake.versions)}`,
    namesText(handshake),
    ...handshake.certificate === 'own' && handshake.credential !== undefined
      ? [`shows the client certificate of credential ${handshake.credential}`]
      : [],
    ...handshake.verifiedBy === 'mesh' ? [] : [verifiedText(handshake.verifiedBy, handshake)],
  ];
}

type Verifier = Exclude<ClientHandshake['verifiedBy'], 'mesh'>;

function verifiedText(verifiedBy: Verifier, { credential }: ClientHandshake): string {
  return verifiedBy === 'credential' ? `${VERIFIED.credential} ${credential}` : VERIFIED[verifiedBy];
}

const VERIFIED: Readonly<Record<Verifier, string>> = {
  file: 'verifies the server with the CA certificates in the rule\'s file',
  credential: 'verifies the server with the rule\'s credential',
  system: 'verifies the server with the CA certificates of its operating system',
  nothing: 'doesn\'t verify the server: insecureSkipVerify',
};

const NAMES: Readonly<Record<ClientHandshake['namesFrom'], string>> = {
  'rule': 'from the rule', 'servers': 'from the service\'s servers', 'service-entry': 'from the ServiceEntry', 'request': '', 'nobody': '',
};

/** The most names shown. */
const MOST_NAMES = 5;

function namesText({ names, namesFrom }: ClientHandshake): string {
  if (names.length === 0) {
    return namesFrom === 'request' ? 'accepts a server with the request\'s name' : 'accepts any server name signed this way';
  }
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `accepts ${names.slice(0, MOST_NAMES).join(' or ')}${more} (${NAMES[namesFrom]})`;
}

function versionsText([min, max]: readonly [TlsVersion, TlsVersion]): string {
  const [from, to] = [min, max].map((version) => `TLS ${version.slice('TLSv'.length).replace('_', '.')}`);
  return from === to ? from : `${from} to ${to.slice('TLS '.length)}`;
}

/** The CA that signs the certificates of both sides. */
export function signerText({ signer }: CallExplanation): string {
  return signer
    ? `the CA of ${objectText(signer)}, on both sides`
    : 'the mesh\'s CA, on both sides; these manifests contain no cacerts for it';
}

export function serverHead({ server, hops }: ExplainedConnection): string {
  if (!server) return 'none in the manifests';
  const name = server.object ? objectText(server.object)
    : server.address === undefined || server.address === '' ? 'an address that the manifests don\'t show'
      : server.address;
  const { serverMode } = hops[hops.length - 1];
  const mode = serverMode === 'NO_PROXY' && !server.object ? 'no workload of these manifests, so without a sidecar'
    : serverMode === 'NO_PROXY' ? `no sidecar handles the port${server.obstacle ? `: ${server.obstacle}` : ''}`
      : serverMode === 'UNKNOWN' ? `unknown what handles the port${server.obstacle ? `: ${server.obstacle}` : ''}`
        : serverMode;
  const identity = server.identity === undefined ? '' : `, as ${server.identity}`;
  const versions = server.versions ? `, ${versionsText(server.versions)}` : '';
  return `${name}, port ${server.port}: ${mode}${serverMode === 'NO_PROXY' || serverMode === 'UNKNOWN' ? '' : `${identity}${versions}`}`;
}

/** The AuthorizationPolicies of a server; empty if none applies to its calls. */
export function authorizationText({ authorizationPolicies: policies = [] }: ExplainedServer): string {
  if (policies.length === 0) return '';
  const more = policies.length > SHOWN ? ` and ${policies.length - SHOWN} more` : '';
  const names = policies.slice(0, SHOWN).map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
  return `AuthorizationPolicies that select it: ${names}${more}; whether they allow the call isn't decided`;
}

const LEVELS: Readonly<Record<ConsideredPolicy['level'], string>> = {
  port: 'the port', workload: 'the workload', namespace: 'the namespace', mesh: 'the mesh',
};

/** The policies that set the mode, and those that don't. */
export function policyTexts({ policies, level }: ExplainedServer): readonly string[] {
  const texts = policies.map(({ object, mode, level: at, verdict }) => {
    switch (verdict) {
      case 'decides': return `${objectText(object)}: ${mode} for ${LEVELS[at]}`;
      case 'unset': return `${objectText(object)} sets nothing for ${LEVELS[at]}`;
      case 'narrower': return `${objectText(object)} is overridden: ${mode} for ${LEVELS[at]}, and a narrower policy sets another mode`;
      case 'older': return `${objectText(object)} is ignored: of two for ${LEVELS[at]}, istiod uses the oldest, then the first by name`;
      default: return `${objectText(object)} is ignored: in the root namespace, a policy with a selector selects no workload`;
    }
  });
  return level === 'default' ? [...texts, 'no policy sets a mode: PERMISSIVE is Istio\'s default'] : texts;
}

/**
 * What a caller sees, and what the sidecars log.
 *
 * @param gateway the proxy that sends the failing hop; undefined for the client's sidecar
 */
export function symptomText({ status, message, flags = [], reason, serverFlags = [] }: Symptom, gateway?: string): string {
  const client = [...flags.length === 0 ? [] : [flags.join(',')], ...reason === undefined ? [] : [reason]].join(' and ');
  const server = serverFlags.join(',');
  const logged = [
    ...client === '' ? [] : [`${client} in the log of ${gateway ?? 'the client\'s sidecar'}`],
    ...server === '' ? [] : [`${server} in the log of the server's sidecar`],
  ];
  return [
    ...status === undefined || status === '000' ? [] : [status],
    status === undefined || status === '000' || message.startsWith('with ') ? message : `"${message}"`,
    ...logged.length === 0 ? [] : [`(${logged.join(', ')})`],
  ].join(' ');
}

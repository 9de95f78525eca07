import { listsIdentity, matchesPattern, TrustDomains } from './identity';
import { isOfRequest, RuleProtocol } from './normal-form';
import { Atom, isOfCertificate, SNI } from './policy';
import { RequestFacts, requestMatches } from './request';

/** What is known of a call where it arrives; undefined: unknown. */
export interface Facts {
  readonly protocol: RuleProtocol;
  /** Those of the server's mesh. */
  readonly trustDomains: TrustDomains;
  /** The workload's own port. */
  readonly port?: number;
  /** In the caller's certificate, with `spiffe://`; '': it shows none. */
  readonly identity?: string;
  /** '': there is none. */
  readonly sni?: string;
  readonly request?: RequestFacts;
}

/** A plaintext call. */
export function plaintextTo(port: number, protocol: RuleProtocol, trustDomains: TrustDomains): Facts {
  return { protocol, trustDomains, port, identity: '', sni: '' };
}

/** Whether a call matches; undefined: that depends on what isn't known. */
export function truthOf(atom: Atom, namespace: string, facts: Facts): boolean | undefined {
  const found = matches(atom, namespace, facts);
  return found === undefined ? undefined : found !== atom.negated;
}

const NOTHING_KNOWN: RequestFacts = Object.freeze({});

/** Whether it has one of the values. Addresses, and what other filters say, aren't modelled. */
function matches(atom: Atom, namespace: string, facts: Facts): boolean | undefined {
  const { attribute, values } = atom;
  const { identity, port, sni, trustDomains, request = NOTHING_KNOWN } = facts;
  if (isOfCertificate(atom)) return identity === undefined ? undefined : listsIdentity(atom, identity, trustDomains, namespace);
  if (attribute === 'destination.port') return port === undefined ? undefined : values.some((value) => Number(value) === port);
  if (attribute === SNI) return sni === undefined ? undefined : values.some((value) => matchesPattern(sni, value));
  return isOfRequest(atom) ? requestMatches(attribute, values, request) : undefined;
}

import { Outcome } from '../../mesh/model/transport';

/** What each outcome means. */
export const MEANINGS: Readonly<Record<Outcome, string>> = {
  mtls: 'mutual TLS between the proxies',
  tls: 'TLS that ends at the server\'s application, if it uses TLS',
  plaintext: 'readable and modifiable in transit',
  broken: 'the call fails',
  undecided: 'unknown from these manifests',
};

/** What it means that a connection has no outcome. */
export const LOST = 'only copies of requests are lost: no call fails';

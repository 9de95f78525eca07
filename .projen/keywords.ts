/** The package's keywords: among them Istio's kinds, by which people search. A test holds those to what the constructs emit. */
export const KEYWORDS = [
  'cdk8s', 'istio', 'mtls', 'kubernetes', 'service-mesh', 'authorizationpolicy', 'destinationrule', 'peerauthentication', 'requestauthentication',
  'serviceentry', 'sidecar', 'virtualservice', 'workloadentry', 'workloadgroup',
];

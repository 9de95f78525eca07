export const GOOD = 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: good\n  namespace: shop\nspec:\n  mtls:\n    mode: STRICT\n';
export const BAD = GOOD.replace('good', 'bad').replace('mode:', 'mod:');
/** Gets only an info, ADMIT108. */
export const OLD = GOOD.replace('good', 'old').replace('io/v1', 'io/v1beta1');
export const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {}\n';
export const UNREADABLE = 'kind: A\na: b: c\n';

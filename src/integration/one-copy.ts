import { IConstruct } from 'constructs';
import { refusalMessage } from '../findings/refusal';
import { printable } from '../findings/safe-text';

/** Shared by all copies of the library in a process. */
const COPY = Symbol.for('cdk8s-istio-mtls.copy');

/** An app with the folder of the modules whose constructs it holds. */
type MarkedApp = IConstruct & { [COPY]?: string };

/**
 * Rejects constructs of a second copy of the library in one app. A copy knows only its own constructs: it would miss the IstioMesh
 * of the other, its declared calls, and objects that both define. One copy that is loaded twice, as by Jest, isn't a second one.
 *
 * @param copy the folder of this copy's modules
 * @throws if constructs of another copy are in the app
 */
export function checkOneCopy({ node: { root } }: IConstruct, copy = __dirname): void {
  const app: MarkedApp = root;
  const known = app[COPY];
  if (known === undefined) Object.defineProperty(app, COPY, { value: copy });
  if (known === undefined || known === copy) return;
  throw new Error(refusalMessage({
    code: 'API880',
    kind: 'App',
    path: root.node.path,
    field: 'library',
    actual: `constructs of two copies of cdk8s-istio-mtls: ${FIRST} and ${SECOND}`,
    expected: 'one copy',
    because: "a copy doesn't know the constructs of the other, so neither checks all of them",
    fix: "make cdk8s-istio-mtls a peerDependency of each package that brings constructs, and run 'npm dedupe'; "
      + "'npm ls cdk8s-istio-mtls' shows who brings which",
  }).replace(FIRST, () => packageOf(known)).replace(SECOND, () => packageOf(copy)));
}

/** Where the folders stand in the error: a long one looks like base64, which errors don't show because it may be a key. */
const [FIRST, SECOND] = ['<first>', '<second>'];

/** The folder of a package, by that of this module in it. */
function packageOf(copy: string): string {
  return printable(copy.replace(/([\\/]lib)?[\\/]src[\\/]integration$/, ''));
}

import { join } from 'node:path';
import { IConstruct } from 'constructs';
import { refusalMessage, RefusalDetails } from '../findings/refusal';
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
  throw withFolders(new Error(refusalMessage({
    code: 'API880',
    kind: 'App',
    path: root.node.path,
    field: 'library',
    actual: `constructs of two copies of cdk8s-istio-mtls: ${FIRST} and ${SECOND}`,
    expected: 'one copy',
    because: "a copy doesn't know the constructs of the other, so neither checks all of them",
    fix: FIX,
  })), known, copy);
}

/** Creates the error for a prop of a construct. */
type PropRefusal = (details: Omit<RefusalDetails, 'kind' | 'path' | 'name'>) => Error;

/**
 * Rejects a value, such as a Caller, that a class of another copy of the library created: the classes of two versions differ in what
 * they hold, and some values are only known by their class. Values of unknown classes pass, as in a bundle, which holds no modules.
 *
 * @throws if the value is of another copy
 */
export function checkOwnValue(field: string, value: unknown, refuse: PropRefusal): void {
  const prototype: object | null = Object.getPrototypeOf(Object(value));
  if (!prototype) return;
  if (!copies.has(prototype)) copies.set(prototype, copyWith(prototype));
  const copy = copies.get(prototype);
  if (copy === undefined || copy === __dirname) return;
  throw withFolders(refuse({
    code: 'API880',
    field,
    actual: `a ${prototype.constructor.name} of another copy of cdk8s-istio-mtls: the value is of ${FIRST}, and the construct of ${SECOND}`,
    expected: 'a value of the same copy',
    because: 'a copy knows only the values that it created',
    fix: FIX,
  }), copy, __dirname);
}

/** The folder of the modules of the copy that has a class, by the class' prototype: values have few classes. */
const copies = new WeakMap<object, string | undefined>();

/** A module of a construct or value, with the folder of the copy's source. */
const MODULE = /^(.+)[\\/]constructs[\\/].+(\.[cm]?[jt]s)$/;

/** @returns undefined if no copy among the loaded modules exports a class with this prototype */
function copyWith(prototype: object): string | undefined {
  for (const [file, module] of Object.entries(require.cache ?? {})) {
    const [, source, extension] = MODULE.exec(file) ?? [];
    if (source === undefined || !require.cache[join(source, `integration/one-copy${extension}`)]) continue;
    const classes = Object.values(module?.exports as object).filter((one) => typeof one === 'function');
    if (classes.some((one) => one.prototype === prototype)) return join(source, 'integration');
  }
  return undefined;
}

const FIX = "make cdk8s-istio-mtls a peerDependency of each package that brings constructs, and run 'npm dedupe'; "
  + "'npm ls cdk8s-istio-mtls' shows who brings which";

/** Where the folders stand in the error: a long one looks like base64, which errors don't show because it may be a key. */
const [FIRST, SECOND] = ['<first>', '<second>'];

function withFolders({ message }: Error, first: string, second: string): Error {
  return new Error(message.replace(FIRST, () => packageOf(first)).replace(SECOND, () => packageOf(second)));
}

/** The folder of a package, by that of this module in it. */
function packageOf(copy: string): string {
  return printable(copy.replace(/([\\/]lib)?[\\/]src[\\/]integration$/, ''));
}

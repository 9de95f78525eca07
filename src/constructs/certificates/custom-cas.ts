import { IConstruct } from 'constructs';
import { CA_SECRET_NAME } from '../../certificates/ca-secret';
import { refusalMessage } from '../../findings/refusal';
import { AppCheck } from '../app-check';

/** A CustomCa as far as another can collide with it. */
interface KnownCa {
  readonly construct: IConstruct;
  readonly namespace: string;
}

/** The CustomCas of an app: istiod has one CA. */
export const customCas = new AppCheck<KnownCa>(([first, ...others]) => others.map(({ construct, namespace }) => refusalMessage({
  code: 'MTLS060',
  kind: 'Secret',
  name: `${namespace}/${CA_SECRET_NAME}`,
  path: construct.node.path,
  field: 'source',
  actual: `a second CA beside Secret '${first.namespace}/${CA_SECRET_NAME}' (${first.construct.node.path})`,
  expected: 'one CustomCa in an app',
  because: 'istiod signs with one CA, and workloads of two that share no root cannot talk to each other',
  fix: 'remove one of the two, or make an app for each mesh',
})));

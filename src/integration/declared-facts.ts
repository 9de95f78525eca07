import { IConstruct } from 'constructs';
import { refusalMessage } from '../findings/refusal';
import type { ControlPlaneFacts } from '../mesh/config/control-plane-facts';

/** What is one for all constructs of an app, which is one mesh in one cluster. */
const SINGLE = ['clusterDomain', 'rootNamespace'] as const;

interface Declaration {
  readonly path: string;
  readonly facts: ControlPlaneFacts;
}

/** What the constructs of an app say of its control plane, whether or not they emit an object that says it. */
export class DeclaredFacts {
  /** Those of the app that a construct lies in. */
  public static of({ node: { root } }: IConstruct): DeclaredFacts {
    let found = DeclaredFacts.apps.get(root);
    if (!found) DeclaredFacts.apps.set(root, found = new DeclaredFacts());
    return found;
  }

  private static readonly apps = new WeakMap<IConstruct, DeclaredFacts>();

  private readonly declarations: Declaration[] = [];

  private constructor() {}

  public declare(construct: IConstruct, facts: ControlPlaneFacts): void {
    this.declarations.push({ path: construct.node.path, facts });
  }

  /** All that is said; where constructs differ, the first. istiods of several namespaces have none in common. */
  public get facts(): ControlPlaneFacts {
    const namespaces = this.saying('istiodNamespace').map(({ value }) => value);
    return {
      istiodNamespace: namespaces.every((namespace) => namespace === namespaces[0]) ? namespaces[0] : undefined,
      rootNamespace: this.saying('rootNamespace')[0]?.value,
      clusterDomain: this.saying('clusterDomain')[0]?.value,
      meshConfigs: this.declarations.flatMap(({ facts }) => facts.meshConfigs ?? []),
    };
  }

  /** Where constructs differ, a sentence each; of what the analysis is told by itself, nothing. */
  public contradictions(told: ControlPlaneFacts): string[] {
    return SINGLE.filter((field) => told[field] === undefined).flatMap((field) => {
      const [first, ...others] = this.saying(field);
      const other = others.find(({ value }) => value !== first.value);
      return other ? [refusalMessage({
        code: 'MTLS099',
        kind: 'MtlsAnalysis',
        field,
        actual: `'${first.value}' (${first.path}) and '${other.value}' (${other.path})`,
        expected: 'one for all constructs',
        because: 'an app is analyzed as one mesh in one cluster',
        fix: `give both constructs the same, or say ${field} to MtlsAnalysis`,
      })] : [];
    });
  }

  private saying(field: 'istiodNamespace' | 'rootNamespace' | 'clusterDomain'): readonly { readonly path: string; readonly value: string }[] {
    return this.declarations.flatMap(({ path, facts: { [field]: value } }) => (value === undefined ? [] : [{ path, value }]));
  }
}

import { IConstruct } from 'constructs';
import { IstioAdmission } from '../integration/istio-admission';
import { OncePerSynth } from '../integration/once-per-synth';

/** What an app's members of one kind say together that no single one can know; gives error messages. */
export type Check<T> = (members: readonly T[], root: IConstruct) => string[];

/** A check over all constructs of one kind that an app holds, run once a synth. */
export class AppCheck<T> {
  private readonly apps = new WeakMap<IConstruct, { readonly members: T[]; readonly validation: OncePerSynth }>();

  public constructor(private readonly check: Check<T>) {}

  /** Registers what a construct says; the first of an app attaches the check to it, and admission too. */
  public add(construct: IConstruct, member: T): void {
    const { root } = construct.node;
    let app = this.apps.get(root);
    if (!app) {
      const members: T[] = [];
      app = { members, validation: new OncePerSynth(() => this.check(members, root)) };
      this.apps.set(root, app);
      root.node.addValidation(app.validation);
      IstioAdmission.attach(root);
    }
    app.members.push(member);
  }

  /** What the constructs of an app have said so far. */
  public membersOf({ node: { root } }: IConstruct): readonly T[] {
    return this.apps.get(root)?.members ?? [];
  }
}

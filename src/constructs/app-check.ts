import { IConstruct } from 'constructs';

/** What an app's members of one kind say together that no single one can know; gives error messages. */
export type Check<T> = (members: readonly T[], root: IConstruct) => string[];

/**
 * A check over all constructs of one kind that an app holds, run at synth.
 *
 * cdk8s validates the whole app once for each chart and once more. The answer is therefore kept until a new
 * member joins or the current synth is over: a synth is synchronous, so a microtask comes after it.
 */
export class AppCheck<T> {
  private readonly apps = new WeakMap<IConstruct, Members<T>>();

  public constructor(private readonly check: Check<T>) {}

  /** Registers what a construct says; the first of an app attaches the check to it. */
  public add(construct: IConstruct, member: T): void {
    const { root } = construct.node;
    let members = this.apps.get(root);
    if (!members) {
      members = new Members(root, this.check);
      this.apps.set(root, members);
      root.node.addValidation(members);
    }
    members.add(member);
  }
}

class Members<T> {
  private readonly all: T[] = [];
  private answer?: string[];

  public constructor(private readonly root: IConstruct, private readonly check: Check<T>) {}

  public add(member: T): void {
    this.all.push(member);
    this.answer = undefined;
  }

  public validate(): string[] {
    if (!this.answer) {
      this.answer = this.check(this.all, this.root);
      queueMicrotask(() => { this.answer = undefined; });
    }
    return this.answer;
  }
}

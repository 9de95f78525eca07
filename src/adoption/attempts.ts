import { ApiObject, Yaml } from 'cdk8s';
import { Meshes } from './adopted-mesh';
import { CallLines, RefusableCall } from './call-lines';
import { differenceText, differsInMetadataOnly, isSame, patchesOf } from './comparison';
import { CallExpression, evaluate, Name } from './expression';
import { ProgramLayout, ProgramPart } from './layout';
import { ProgramLine, runProgram, Run } from './program';
import { callsAmong } from './proposals/calls';
import { isDeclaring } from './proposals/declarations';
import { groupsAmong } from './proposals/groups';
import { KnownDestination, knownDestination } from './proposals/http-route';
import { revisionOf } from './proposals/mesh-config';
import { AdoptedMesh, Proposal } from './proposals/proposal';
import { proposalFor, WITHOUT_NAMESPACE } from './proposals/proposals';
import { CALLERS_ID } from '../constructs/authorization/guarded-service';
import { readManifests } from '../manifests/manifests';
import { Mapping } from '../manifests/mapping';

/** How the objects are written: as constructs, until one doesn't write its object, or the app's checks refuse it. */
export class Attempts {
  /** Why objects are written as they are, though objects of their kinds are adopted. */
  private readonly notes = new Map<number, string>();
  /** What makes an ApiObject write all of its object, and a construct all of its metadata. */
  private readonly patches = new Map<number, readonly CallExpression[]>();
  /** The ApiObjects that write their objects. */
  private readonly proven = new Set<number>();
  /** The objects that cdk8s writes as YAML that is read as the same. */
  private readonly readable = new Set<number>();
  /** Why no construct writes objects together, by the first of them. */
  private readonly separate = new Map<number, string>();
  /** The first of the objects that a construct writes together, for each of them. */
  private firsts: ReadonlyMap<number, number> = new Map();
  private calls = CallLines.NONE;
  /** The calls of clients to external hosts that Calls refuses. */
  private readonly refusedCalls = new Set<string>();
  private readonly layout: ProgramLayout;

  /** @param leftOut why objects aren't written; gets those that can't be */
  public constructor(
    private readonly objects: readonly Mapping[], private readonly mesh: AdoptedMesh, private readonly leftOut: Map<number, string>,
  ) {
    const all = this.meshesFor([...objects.keys()]).names;
    this.layout = new ProgramLayout(objects, mesh, { variables: ['mesh', ...all.variables], ids: ['mesh', ...all.ids] });
  }

  /** The lines of the first program that passes, and what each of its constructs writes. */
  public passing(): { readonly lines: readonly ProgramLine[]; readonly constructs: readonly Proposal[] } {
    for (;;) {
      const proposals = this.proposals();
      const objectLines = this.layout.linesOf(this.parts(proposals), this.meshesOf(proposals));
      const lines = [...objectLines, ...this.calls.write({ variableOf: (index) => this.layout.variableOf(index), proposals })];
      if (!this.learns(proposals, runProgram(lines))) return { lines, constructs: [...proposals.values()] };
    }
  }

  /** The constructs that are still believed in, whatever was believed of the others. */
  private proposals(): ReadonlyMap<number, Proposal> {
    for (;;) {
      const before = this.known;
      const proposals = this.proposed();
      if (this.known === before) return proposals;
    }
  }

  private proposed(): ReadonlyMap<number, Proposal> {
    const proposals = new Map<number, Proposal>();
    const destinations: KnownDestination[] = [];
    const isRoute = (index: number): boolean => this.objects[index].kind === 'VirtualService';
    const indices = [...this.objects.keys()].filter((index) => !this.leftOut.has(index) && !this.notes.has(index));
    const meshes = this.meshesFor(indices);
    this.firsts = this.together(indices, proposals);
    const single = indices.filter((index) => !proposals.has(index));
    for (const index of [...single.filter((one) => !isRoute(one)), ...single.filter(isRoute)]) {
      const object = this.objects[index];
      const proposal = proposalFor(object, { mesh: this.mesh, destinations, meshNamed: (revision) => meshes.named(revision) });
      if (typeof proposal === 'string') this.note(index, this.separate.get(index) ?? proposal);
      if (typeof proposal !== 'object') continue;
      proposals.set(index, proposal);
      const known = proposal.construct === 'Destination' ? knownDestination(object, this.layout.variableOf(index), this.mesh) : undefined;
      if (known) destinations.push(known);
    }
    return proposals;
  }

  /** Proposes what writes several objects together; returns the first for each of them. */
  private together(indices: readonly number[], proposals: Map<number, Proposal>): ReadonlyMap<number, number> {
    const firsts = new Map<number, number>();
    for (const group of groupsAmong(this.objects, indices, this.mesh)) {
      const [first] = group.keys();
      if (this.separate.has(first)) continue;
      for (const [index, proposal] of group) {
        firsts.set(index, first);
        proposals.set(index, proposal);
      }
    }
    const calls = callsAmong(this.objects, indices, this.mesh, (call) => this.isRefused(call));
    for (const [index, proposal] of calls.policies) {
      firsts.set(index, index);
      proposals.set(index, proposal);
    }
    this.calls = new CallLines(calls);
    return firsts;
  }

  private isRefused({ client, policy, to }: RefusableCall): boolean {
    return policy === undefined ? this.refusedCalls.has(`${client} ${to}`) : this.separate.has(policy);
  }

  private meshesOf(proposals: ReadonlyMap<number, Proposal>): Meshes | undefined {
    return proposals.size === 0 && this.calls.isEmpty ? undefined : this.meshesFor([...proposals.keys()]);
  }

  private meshesFor(indices: readonly number[]): Meshes {
    return new Meshes(this.mesh, indices.flatMap((index) => revisionOf(this.objects[index], this.mesh) ?? []));
  }

  private parts(proposals: ReadonlyMap<number, Proposal>): readonly ProgramPart[] {
    return this.written.map((index) => {
      const first = this.firsts.get(index);
      const [partOf, note, patches] = [first === index ? undefined : first, this.notes.get(index), this.patches.get(index) ?? []];
      return { index, proposal: proposals.get(index), partOf, note, patches, isDeclared: this.calls.declared.has(index) };
    });
  }

  /** How many objects no construct writes because they name no namespace. */
  public get withoutNamespace(): number {
    return [...this.notes.values()].filter((why) => why === WITHOUT_NAMESPACE).length;
  }

  private get written(): readonly number[] {
    return [...this.objects.keys()].filter((index) => !this.leftOut.has(index));
  }

  /** Whether a run shows that something must be written otherwise. */
  private learns(proposals: ReadonlyMap<number, Proposal>, result: Run): boolean {
    const before = this.known;
    const isRoute = ({ index }: ProgramLine): boolean => index !== undefined && proposals.get(index)?.construct === 'HttpRoute';
    const isLate = (line: ProgramLine): boolean => isRoute(line) || this.calls.refusedIn(line, '') !== undefined;
    const errors = [...result.errors];
    for (const [line, error] of errors) if (!isLate(line)) this.failed(line.index, proposals, refusalIn(error));
    // What is wrong with a route or a call may come of an object that isn't there: the next run shows it.
    if (this.known > before) return true;
    for (const [line, error] of errors) {
      const calls = this.calls.refusedIn(line, error.message);
      if (calls) this.refuseCalls(calls, `Calls refuses it: ${refusalIn(error)}`);
      else this.failed(line.index, proposals, refusalIn(error));
    }
    if (this.known > before) return true;
    for (const index of this.written) this.compare(index, proposals.get(index), result);
    if (this.known > before) return true;
    if (proposals.size > 0 || !this.calls.isEmpty) for (const error of result.app.node.validate()) this.refused(error, proposals);
    return this.known > before;
  }

  private refuseCalls(calls: readonly RefusableCall[], why: string): void {
    for (const { client, policy, to } of calls) {
      if (policy === undefined) this.refusedCalls.add(`${client} ${to}`);
      else this.note(policy, why);
    }
  }

  /** Grows with everything that is learned: what has a note, or is apart, has lost the patches of its construct. */
  private get known(): number {
    return 2 * this.notes.size + this.patches.size + 2 * this.leftOut.size + 4 * this.separate.size + this.refusedCalls.size;
  }

  /** A line threw, maybe since one before it did; without an object it is the mesh's, without which there can't be constructs. */
  private failed(index: number | undefined, proposals: ReadonlyMap<number, Proposal>, why: string): void {
    if (index === undefined) for (const one of proposals.keys()) this.note(one, `no IstioMesh can describe the mesh: ${why}`);
    else if (this.notes.has(index) || this.leftOut.has(index)) return;
    else if (!proposals.has(index)) this.leftOut.set(index, `cdk8s can't write it: ${why}`);
    else this.note(index, `${proposals.get(index)!.construct} refuses it: ${why}`);
  }

  private compare(index: number, proposal: Proposal | undefined, { values }: Run): void {
    if (this.proven.has(index) || this.separate.has(this.firsts.get(index) ?? NaN)) return;
    const object = this.objects[index];
    const written = writtenBy(this.apiObjectOf(index, proposal, values));
    if (isSame(written, object)) {
      if (!this.readable.has(index) && !isSame(readBack(written), object)) {
        this.unlike(index, proposal, 'the YAML that cdk8s writes for it would be read differently');
        return;
      }
      this.readable.add(index);
      if (!proposal && !isDeclaring(object)) this.proven.add(index);
    } else if (this.patches.has(index)) {
      this.unlike(index, proposal, 'cdk8s can\'t reproduce it exactly');
    } else if (proposal && (proposal.child || !differsInMetadataOnly(written, object))) {
      this.note(index, differenceText(proposal.construct, written, object));
    } else {
      this.patches.set(index, patchesOf(written, object));
    }
  }

  /** What writes an object, by the variable of its construct. */
  private apiObjectOf(index: number, proposal: Proposal | undefined, values: Run['values']): ApiObject {
    if (proposal?.child) {
      const { of, id } = proposal.child;
      return ApiObject.of(values.get(this.layout.variableOf(of)) as ApiObject).node.findChild(id) as ApiObject;
    }
    const variable = this.layout.variableOf(this.firsts.get(index) ?? index);
    const name = new Name(proposal?.member === undefined ? variable : `${variable}.${proposal.member}`);
    return ApiObject.of(evaluate(name, values) as ApiObject);
  }

  private unlike(index: number, proposal: Proposal | undefined, why: string): void {
    if (proposal) this.note(index, why);
    else this.leftOut.set(index, why);
  }

  /** No such construct writes it, so that what was patched of one is of no use: not together with others, or else none at all. */
  private note(index: number, why: string): void {
    const first = this.firsts.get(index);
    const concerned = first === undefined ? [index] : [...this.firsts.keys()].filter((one) => this.firsts.get(one) === first);
    for (const one of concerned) this.patches.delete(one);
    if (first === undefined) this.notes.set(index, why);
    else if (!this.separate.has(first)) this.separate.set(first, why);
  }

  /** Whom a check of the app names can't be a construct: neither it nor its rivals. */
  private refused(error: string, proposals: ReadonlyMap<number, Proposal>): void {
    const calls = this.calls.refused(error);
    if (calls.length > 0) {
      this.refuseCalls(calls, `the app's checks reject Calls: ${refusalIn(new Error(error))}`);
      return;
    }
    const named = this.layout.indicesIn(error);
    const isOfChild = ([, { child }]: readonly [number, Proposal]): boolean => child !== undefined && named.includes(child.of);
    const children = error.includes(`/${CALLERS_ID})`) ? [...proposals].filter(isOfChild).map(([index]) => index) : [];
    const constructs = [...children, ...named].filter((index) => proposals.has(index));
    const why = refusalIn(new Error(error));
    if (constructs.length === 0 && (named.length === 0 || proposals.size === 0)) this.refuseCalls(this.calls.all, why);
    if (constructs.length > 0) {
      for (const index of constructs) this.note(index, `the app's checks reject ${proposals.get(index)!.construct}: ${why}`);
    } else if (named.length > 0 && proposals.size > 0) {
      this.leftOut.set(named[0], why);
    } else {
      for (const index of proposals.keys()) this.note(index, `the app's checks reject it: ${why}`);
    }
  }
}

/** What is written of an object; nothing where cdk8s fails at it. */
function writtenBy(apiObject: ApiObject): unknown {
  try {
    return apiObject.toJson();
  } catch {
    return {};
  }
}

/** An object as it is read from the YAML that cdk8s writes. */
function readBack(written: unknown): unknown {
  const { documents } = readManifests(Yaml.stringify(written), '');
  return documents[0]?.object;
}

/** The part of a refusal that says what is wrong, with its code. */
function refusalIn({ message }: Error): string {
  const [, what, code] = /: ([^]*?)(?:, because [^]*?)?\. Fix: [^]*\[(\w+)\]$/.exec(message) ?? [];
  return what === undefined ? message : `${what} [${code}]`;
}

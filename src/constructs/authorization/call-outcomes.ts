import { ApiObject } from 'cdk8s';
import type { Expectation } from '../../expectations/expectation';
import { analysisModules } from '../../integration/app-mesh';
import { MeshFacts } from '../../integration/mesh-facts';
import type { Outcome } from '../../mesh/model/transport';
import { AppExpectations } from '../analysis/app-expectations';
import { MeshCheck } from '../app-check';
import { Refuse } from '../refuse';

/** A call that a client of the app declares. */
export interface DeclaredCall {
  readonly refuse: Refuse;
  readonly client: ApiObject;
  /** Undefined if it isn't in the app. */
  readonly called?: ApiObject;
  /** As the annotation lists it: `shop/cart:80`. */
  readonly to: string;
  /** The worst outcome that it may have. */
  readonly least: Outcome & ('mtls' | 'plaintext');
  /** Whether the client's own pods are behind what it calls, as they are now. */
  readonly isOwn: () => boolean;
}

/** Checks at synth that clients make their declared calls as they should be. */
export const callOutcomes = new MeshCheck<DeclaredCall>((members, mesh) => {
  if (mesh.contradictions.length > 0) return [...mesh.contradictions];
  const expectations = new AppExpectations(mesh, { kind: 'Calls' });
  return members.flatMap(({ refuse, client, called, to, least, isOwn }) => {
    if (called && MeshFacts.of(called) !== MeshFacts.of(client)) return [refuse(ofOtherMesh(called, to)).message];
    const from = `${client.kind}/${client.metadata.namespace}/${client.name}`;
    // Calls among the pods of one workload aren't listed as connections.
    const failures = expectations.failures(expectationOf(from, to, least)).filter(({ kind }) => kind !== 'unmatched' || !isOwn());
    return failures.map(({ actual, because, fix }) => refuse({
      code: 'API855',
      field: `to(${to})`,
      actual,
      because,
      ...least === 'mtls'
        ? { expected: 'mutual TLS', fix: fix ?? `change the objects that decide, or ${OPEN}` }
        : { expected: 'a connection', fix: fix ?? 'change the objects that decide, or remove the call' },
    }).message);
  });
});

function ofOtherMesh(called: ApiObject, to: string): Parameters<Refuse>[0] {
  const mesh = MeshFacts.of(called);
  return {
    code: 'API856',
    field: `to(${to})`,
    actual: `${called.kind} ${called.node.path}, which ${mesh.istioMeshes.length === 0 ? 'no mesh owns' : `is in mesh '${mesh.name}'`}`,
    expected: 'a Service or external host of the client\'s own mesh',
    because: 'clients and servers of two meshes don\'t trust each other, and each mesh is checked on its own',
    fix: 'pass the Service or external host of the same environment',
  };
}

const OPEN = "pass 'withoutIdentity' for a port that everybody may call";

function expectationOf(from: string, to: string, least: DeclaredCall['least']): Expectation {
  const { callPattern, workloadPattern } = analysisModules();
  return { from: workloadPattern(from), to: callPattern(to), demand: { word: 'atLeast', outcome: least }, except: [], path: [] };
}

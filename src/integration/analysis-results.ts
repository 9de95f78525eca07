import type { AnalysisSettings } from './analysis-settings';
import { FindingSeverity } from './finding-severity';
import { MtlsConnection, MtlsMissingFact } from './mtls-connection';
import { AcknowledgedMtlsFinding, MtlsFinding } from './mtls-finding';
import type { MtlsHop, MtlsReason } from './mtls-hop';
import { MtlsObjectChange } from './mtls-object-change';
import type { Acknowledged } from '../analysis/acknowledgements';
import type { MeshFinding } from '../analysis/mesh-finding';
import { waitingText } from '../analysis/would-decide';
import type { WantedFact } from '../analysis/would-decide';
import { fieldText } from '../findings/field-path';
import type { ObjectChange } from '../findings/object-change';
import { printable } from '../findings/printable';
import { redacted, redactedTexts, redactedValue } from '../findings/redaction';
import { refusalMessage } from '../findings/refusal';
import type { TracedConnection, TracedHop, TracedReason, TracedTransport } from '../mesh/calls/traced-connection';

/** Where findings come from: which construct emits an object, and which file says what for the run. */
export interface FindingOrigins {
  readonly paths: ReadonlyMap<object, string>;
  readonly settings: AnalysisSettings;
}

/** A finding in the words of every language. */
export function findingOf({ object: { kind, namespace, name }, source, ...finding }: MeshFinding, { paths, settings }: FindingOrigins): MtlsFinding {
  const { code, severity, actual, expected, because, connections } = finding;
  const { fix, change } = redactedTexts(finding);
  const constructPath = source && paths.get(source);
  const said = source ? { field: finding.field } : settings.acknowledgementPlace(finding.field);
  const field = fieldText(said.field);
  const fullName = [namespace, name].filter(Boolean).join('/');
  const ofRun = said.place ? `${said.place.file}:${said.place.position.line}:${said.place.position.column}` : 'MtlsAnalysis';
  const subject = source ? { kind, name: fullName, path: constructPath } : { kind: ofRun };
  const message = refusalMessage({ code, ...subject, field: field || 'the document', actual, expected, because, fix });
  const shown = redactedValue({ kind, namespace, name, field, fix });
  return { code, severity: severity as FindingSeverity, ...shown, constructPath, message, change: change && changeOf(change), connections };
}

function changeOf({ object, fields, ...whole }: ObjectChange): MtlsObjectChange {
  return { ...object, fields: (fields ?? []).map(({ path, ...field }) => ({ ...field, path: path.map(String) })), ...whole };
}

export function acknowledgedOf({ finding, reason, owner, expires }: Acknowledged, origins: FindingOrigins): AcknowledgedMtlsFinding {
  return { ...findingOf(finding, origins), reason: redacted(reason), owner, expires };
}

export function missingFactOf(fact: WantedFact): MtlsMissingFact {
  const { need, subject, connections, telling } = fact;
  return {
    need,
    subject,
    connections,
    message: printable(`${connections} ${waitingText(fact)}`),
    injectedNamespaces: [...telling?.injectedNamespaces ?? []],
    installedRevisions: [...telling?.installedRevisions ?? []],
    decides: telling?.decides,
  };
}

export function connectionOf(connection: TracedConnection): MtlsConnection {
  const { client, requested, hops, transport } = redactedValue(connection);
  const [{ destination, clientTls }] = hops;
  const { server, serverMode } = hops[hops.length - 1];
  return {
    clientKind: client.object?.kind ?? '',
    clientNamespace: client.object?.namespace ?? '',
    clientName: client.object?.name ?? '',
    requestedHost: requested.host,
    requestedPort: requested.port,
    serviceHost: destination.host,
    servicePort: destination.port,
    subset: destination.subset,
    serverKind: server?.object.kind,
    serverNamespace: server?.object.namespace,
    serverName: server?.object.name,
    serverPort: server?.port,
    clientTls,
    serverMode,
    ...transportOf(transport),
    client,
    hops: hops.map(hopOf),
  };
}

function hopOf({ sender, destination, server, clientTls, serverMode, transport }: TracedHop): MtlsHop {
  return {
    sender: sender ?? undefined,
    serviceHost: destination.host,
    servicePort: destination.port,
    subset: destination.subset,
    service: destination.service ?? undefined,
    server: server?.object,
    serverPort: server?.port,
    clientTls,
    serverMode,
    ...transportOf(transport),
  };
}

function transportOf({ outcome, undecidedBecause, because }: TracedTransport): Pick<MtlsHop, 'outcome' | 'undecidedBecause' | 'because'> {
  return {
    outcome: outcome as MtlsHop['outcome'],
    undecidedBecause,
    because: because.map(reasonOf),
  };
}

function reasonOf({ object: { cluster, group, kind, namespace, name }, field, effect }: TracedReason): MtlsReason {
  return { cluster, group, kind, namespace, name, field, effect };
}

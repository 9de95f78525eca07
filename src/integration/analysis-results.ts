import type { AnalysisSettings } from './analysis-settings';
import { FindingSeverity } from './finding-severity';
import { MtlsConnection, MtlsMissingFact } from './mtls-connection';
import { AcknowledgedMtlsFinding, MtlsFinding } from './mtls-finding';
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
import type { Connection } from '../mesh/connections/connection';

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

export function connectionOf(connection: Connection): MtlsConnection {
  const { client, requested, service, server, clientTls, serverMode, outcome, undecidedBecause, because } = redactedValue(connection);
  return {
    clientKind: client.kind,
    clientNamespace: client.namespace,
    clientName: client.name,
    requestedHost: requested.host,
    requestedPort: requested.port,
    serviceHost: service.host,
    servicePort: service.port,
    subset: service.subset,
    serverKind: server?.kind,
    serverNamespace: server?.namespace,
    serverName: server?.name,
    serverPort: server?.port,
    clientTls,
    serverMode,
    outcome: outcome as MtlsConnection['outcome'],
    undecidedBecause,
    because: because.map(({ kind, namespace, name, field, effect }) => ({ kind, namespace, name, field, effect })),
  };
}

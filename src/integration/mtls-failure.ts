import { analysisModules } from './app-mesh';
import type { FailureKind, Symptom } from '../explain/failures';

/** What a caller sees. */
export interface MtlsSymptom {
  /**
   * The HTTP status, `000` for no answer.
   *
   * @default - the caller speaks no HTTP
   */
  readonly status?: string;
  /** What curl or the application says. */
  readonly message: string;
  /** The response flags in the access log of the client's sidecar; none without one. */
  readonly flags: string[];
  /**
   * OpenSSL's word for why the handshake failed, in the same line of the log, such as `CERTIFICATE_VERIFY_FAILED`.
   *
   * @default - none is logged, or it depends on the server's application
   */
  readonly reason?: string;
  /** The response flags in the access log of the server's sidecar; none without one, or where it logs nothing. */
  readonly serverFlags: string[];
}

/** What goes wrong, as the caller can tell. */
export interface MtlsFailure {
  /** The kind, in a word that docs/explain.md lists, such as `plaintext-to-strict`. */
  readonly kind: string;
  /** In a few words. */
  readonly title: string;
  /**
   * What a caller that speaks HTTP sees.
   *
   * @default - none does
   */
  readonly http?: MtlsSymptom;
  /**
   * What one that speaks TCP, or TLS of its own, sees.
   *
   * @default - none does
   */
  readonly tcp?: MtlsSymptom;
  /**
   * What one that speaks TLS of its own sees.
   *
   * @default - the same as `tcp`
   */
  readonly tls?: MtlsSymptom;
  /** Where this is from. */
  readonly source: string;
}

export function failureOf(kind: FailureKind): MtlsFailure {
  const { title, http, tcp, tls, source } = analysisModules().FAILURES[kind];
  return { kind, title, http: http && symptomOf(http), tcp: tcp && symptomOf(tcp), tls: tls && symptomOf(tls), source };
}

function symptomOf({ status, message, flags = [], reason, serverFlags = [] }: Symptom): MtlsSymptom {
  return { status, message, flags: [...flags], reason, serverFlags: [...serverFlags] };
}

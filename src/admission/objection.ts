import { Finding } from '../findings/finding';

/**
 * What an API server or istiod's webhook has against an object. An error is refused, a warning
 * admitted with that warning, an info admitted and good to know. Its code is of the catalogue in docs/admission.md: ADMIT1xx kind, 2xx structure, 3xx CEL, 4xx webhook,
 * 5xx metadata, 6xx mesh config, 7xx cacerts.
 */
export type Objection = Finding;
